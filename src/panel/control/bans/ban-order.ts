/** The bans in one order, kept while bans come and go: sorted once, then changed where something did. */
import type { BanEntry } from './ban-entry';
import type { BanSort } from './ban-board';
import { BanRows } from './ban-rows';
import { Members } from './members';

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

/** How two bans stand to each other in an order: ties are by address, then jail. */
function comparer(sort: BanSort): Compare {
  const first = FIRST[sort];
  return (a, b) => first(a, b) || byKey(a, b);
}

export class BanOrder {
  readonly #compare: Compare;
  #rows: BanRows;

  /** @param entries by their places: of them the order has those that came by `change` */
  constructor(
    sort: BanSort,
    private readonly entries: readonly BanEntry[],
  ) {
    this.#compare = comparer(sort);
    this.#rows = new BanRows(entries);
  }

  get rows(): BanRows {
    return this.#rows;
  }

  /** Leaves out who is gone, puts the others in. @param changed who came or went since the last time */
  change(changed: readonly BanEntry[]): void {
    const gone = new Members(this.entries.length);
    const come: BanEntry[] = [];
    for (const entry of changed) {
      if (entry.gone) gone.add(entry.place);
      else come.push(entry);
    }
    if (come.length < changed.length) this.#rows = this.#rows.without(gone);
    if (come.length > 0) this.#rows = this.#with(come.sort(this.#compare));
  }

  /** @param come in order */
  #with(come: readonly BanEntry[]): BanRows {
    const old = this.#rows;
    const places = new Int32Array(old.length + come.length);
    let rank = 0;
    come.forEach((entry, before) => {
      const until = old.rank((other) => this.#compare(other, entry) >= 0, rank);
      if (until > rank) places.set(old.places.subarray(rank, until), rank + before);
      places[until + before] = entry.place;
      rank = until;
    });
    places.set(old.places.subarray(rank), rank + come.length);
    return new BanRows(this.entries, places);
  }
}
