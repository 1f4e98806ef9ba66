/** The bans in one order, kept while bans come and go: sorted once, then merged. */
import type { BanEntry } from './ban-entry';
import type { BanSort } from './ban-board';

type Compare = (a: BanEntry, b: BanEntry) => number;

const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const number = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
const byKey: Compare = (a, b) => text(a.key, b.key) || text(a.row.jail, b.row.jail);
/** What is not known comes first. */
const known = (value: number | null): number => value ?? -1;

const FIRST: Readonly<Record<BanSort, Compare>> = {
  address: byKey,
  jail: (a, b) => text(a.row.jail, b.row.jail),
  country: (a, b) => text(a.row.place.country ?? '', b.row.place.country ?? ''),
  since: (a, b) => number(a.row.time, b.row.time),
  left: (a, b) => number(a.row.end ?? Infinity, b.row.end ?? Infinity),
  failures: (a, b) => number(known(a.row.failures), known(b.row.failures)),
  times: (a, b) => number(known(a.row.timesBanned), known(b.row.timesBanned)),
};

/** How two bans stand to each other in an order. */
export function comparer(sort: BanSort): Compare {
  const first = FIRST[sort];
  return (a, b) => first(a, b) || byKey(a, b);
}

/** So few changes are put in place one by one; more are merged with the whole. */
const FEW = 200;

/** Entries in an order; ties are by address, then jail. */
export class BanOrder {
  readonly #compare: Compare;
  #sorted: BanEntry[] = [];

  constructor(sort: BanSort) {
    this.#compare = comparer(sort);
  }

  get entries(): readonly BanEntry[] {
    return this.#sorted;
  }

  /** Leaves out who is gone, puts the others in. @param changed who came or went since the last time */
  change(changed: readonly BanEntry[]): void {
    if (changed.length <= FEW) this.#changeFew(changed);
    else this.#merge(changed);
  }

  /** A copy, for whoever has the list keeps it as it was. */
  #changeFew(changed: readonly BanEntry[]): void {
    const sorted = this.#sorted.slice();
    for (const entry of changed) {
      let at = firstPlace(sorted, (other) => this.#compare(other, entry) >= 0);
      if (!entry.gone) {
        sorted.splice(at, 0, entry);
        continue;
      }
      for (let other = sorted[at]; other !== undefined && this.#compare(other, entry) === 0; other = sorted[++at]) {
        if (other !== entry) continue;
        sorted.splice(at, 1);
        break;
      }
    }
    this.#sorted = sorted;
  }

  #merge(changed: readonly BanEntry[]): void {
    const fresh = changed.filter((entry) => !entry.gone).sort(this.#compare);
    const merged: BanEntry[] = [];
    let next = 0;
    for (const entry of this.#sorted) {
      if (entry.gone) continue;
      for (let other = fresh[next]; other !== undefined && this.#compare(other, entry) < 0; other = fresh[next]) {
        merged.push(other);
        next++;
      }
      merged.push(entry);
    }
    for (const entry of fresh.slice(next)) merged.push(entry);
    this.#sorted = merged;
  }
}

/** Place of the first entry that is far enough. */
export function firstPlace(entries: readonly BanEntry[], isFar: (entry: BanEntry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = entries[middle];
    if (entry === undefined || isFar(entry)) high = middle;
    else low = middle + 1;
  }
  return low;
}
