/** All bans in force in memory, by jail and id, with the orders that were asked for. */
import type { BannedAddress } from '../../../model/status';
import type { BanSort, ManualBanInfo } from './ban-board';
import { entryOf, type BanEntry, type BanFacts } from './ban-entry';
import { BanOrder } from './ban-order';
import type { Place } from '../geo/geo';

/** What a ban of the server becomes a row with. */
export interface RowSources {
  place(id: string): Place;
  /** Null: nothing new is known. */
  facts(id: string): BanFacts | null;
  manual(id: string): ManualBanInfo | null;
}

/** An order, the version it is of, and how many of the changes are in it. */
interface KeptOrder {
  readonly order: BanOrder;
  version: number;
  changes: number;
}

export class BanIndex {
  readonly #jails = new Map<string, Map<string, BanEntry>>();
  #countries: { readonly version: number; readonly codes: readonly string[] } = { version: -1, codes: [] };
  #rangesOf: readonly BanEntry[] | null = null;
  #rangeEntries: readonly BanEntry[] = [];
  readonly #orders = new Map<BanSort, KeptOrder>();
  /** Entries that came since the first of the orders was made; forgotten when they are many. */
  #changes: BanEntry[] = [];
  /** Numbers of entries lie below this. */
  places = 0;
  /** Grows with each change. */
  version = 0;

  get total(): number {
    let total = 0;
    for (const entries of this.#jails.values()) total += entries.size;
    return total;
  }

  get jails(): readonly string[] {
    return [...this.#jails].flatMap(([jail, entries]) => (entries.size > 0 ? [jail] : [])).sort();
  }

  /** Codes of the countries that have bans, sorted. */
  get countries(): readonly string[] {
    if (this.#countries.version !== this.version) {
      const found = new Set<string>();
      for (const { row } of this.all()) if (row.place.country !== null) found.add(row.place.country);
      this.#countries = { version: this.version, codes: [...found].sort() };
    }
    return this.#countries.codes;
  }

  counts(): ReadonlyMap<string, number> {
    return new Map([...this.#jails].map(([jail, entries]) => [jail, entries.size]));
  }

  get(jail: string, id: string): BanEntry | null {
    return this.#jails.get(jail)?.get(id) ?? null;
  }

  *all(): Iterable<BanEntry> {
    for (const entries of this.#jails.values()) yield* entries.values();
  }

  /** Entries of one jail. */
  ofJail(jail: string): readonly BanEntry[] {
    return [...(this.#jails.get(jail)?.values() ?? [])];
  }

  /** Entries with keys between two, the second one included, and all ranges besides. */
  between(from: string, to: string): readonly BanEntry[] {
    const all = this.inOrder('address');
    const start = firstAt(all, (key) => key >= from);
    const end = firstAt(all, (key) => key > to);
    const others = this.#ranges(all).filter(({ key }) => key < from || key > to);
    return [...all.slice(start, end), ...others];
  }

  #ranges(all: readonly BanEntry[]): readonly BanEntry[] {
    if (this.#rangesOf !== all) {
      this.#rangesOf = all;
      this.#rangeEntries = all.filter(({ range }) => range !== null);
    }
    return this.#rangeEntries;
  }

  /** The bans of a jail are these now; entries of bans that did not change stay. */
  replaceJail(jail: string, bans: readonly BannedAddress[], sources: RowSources): void {
    const old = this.#jails.get(jail) ?? new Map<string, BanEntry>();
    const next = new Map<string, BanEntry>();
    for (const ban of bans) {
      const before = old.get(ban.id);
      const manual = sources.manual(ban.id);
      const begunAnew = before?.row.time !== ban.time;
      const facts = sources.facts(ban.id) ?? (begunAnew ? null : (before?.facts ?? null));
      if (before !== undefined && !begunAnew && isSame(before, ban, facts, manual)) {
        next.set(ban.id, before);
        old.delete(ban.id);
        continue;
      }
      const entry = entryOf({ ban, place: before?.row.place ?? sources.place(ban.id), facts, manual });
      entry.place = this.places++;
      next.set(ban.id, entry);
      this.#changes.push(entry);
      this.version++;
    }
    for (const entry of old.values()) {
      entry.gone = true;
      this.version++;
    }
    this.#jails.set(jail, next);
    this.#trim();
  }

  /** Jails that are not among these are gone with their bans. */
  keepJails(jails: readonly string[]): void {
    for (const [jail, entries] of this.#jails) {
      if (jails.includes(jail)) continue;
      for (const entry of entries.values()) entry.gone = true;
      this.#jails.delete(jail);
      this.version++;
    }
  }

  /** All entries in an order, ascending. */
  inOrder(sort: BanSort): readonly BanEntry[] {
    const kept = this.#orders.get(sort) ?? { order: new BanOrder(sort), version: -1, changes: -1 };
    if (kept.version !== this.version) kept.order.change(kept.changes < 0 ? [...this.all()] : this.#changes.slice(kept.changes));
    kept.version = this.version;
    kept.changes = this.#changes.length;
    this.#orders.set(sort, kept);
    return kept.order.entries;
  }

  /** Orders that lag far behind are made anew, and numbers given anew. */
  #trim(): void {
    if (this.#changes.length <= 2 * this.total + 1000) return;
    this.#changes = [];
    this.#orders.clear();
    this.places = 0;
    for (const entry of this.all()) entry.place = this.places++;
    this.version++;
  }
}

/** Place of the first entry whose key is far enough. */
function firstAt(entries: readonly BanEntry[], isFar: (key: string) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isFar(entries[middle]?.key ?? '')) high = middle;
    else low = middle + 1;
  }
  return low;
}

function isSame({ row, facts: before }: BanEntry, ban: BannedAddress, facts: BanFacts | null, manual: ManualBanInfo | null): boolean {
  const sameFacts = before === facts || (before?.failures === facts?.failures && before?.times === facts?.times);
  const sameHand = row.manual?.who === manual?.who && row.manual?.reason === manual?.reason && row.manual?.until === manual?.until;
  return row.bantime === ban.bantime && sameFacts && sameHand;
}
