/** All bans in force in memory, by jail and id, with the orders that were asked for and the texts that are searched. */
import type { BannedAddress } from '../../../model/status';
import type { BanRow, BanSort, ManualBanInfo } from './ban-board';
import { entryOf, wordsOf, type BanEntry, type BanFacts } from './ban-entry';
import { BanOrder } from './ban-order';
import type { BanRows } from './ban-rows';
import { BanTexts, NOBODY } from './ban-texts';
import { Members } from './members';
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

/** Bytes of matched lines that are kept to be searched: of a hundred thousand bans with their lines, usually. */
const MOST_LINES = 96 * 1024 * 1024;
const MOST_WORDS = 32 * 1024 * 1024;

export class BanIndex {
  readonly #jails = new Map<string, Map<string, BanEntry>>();
  readonly #inCountry = new Map<string, number>();
  #countries: readonly string[] | null = null;
  readonly #orders = new Map<BanSort, KeptOrder>();
  /** Entries that came or went since the first of the orders was made; forgotten when they are many. */
  #changes: BanEntry[] = [];
  /** What is written of the bans: their matched lines. */
  readonly lines: BanTexts;
  /** Ids, networks, reasons, users. */
  readonly words = new BanTexts(MOST_WORDS);
  /** Entries of ranges. */
  readonly ranges = new Set<BanEntry>();
  /** By their places, also those that are gone; another list when places are given anew. */
  entries: BanEntry[] = [];
  /** Grows with each change. */
  version = 0;

  constructor(mostLines = MOST_LINES) {
    this.lines = new BanTexts(mostLines);
  }

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
    this.#countries ??= [...this.#inCountry.keys()].sort();
    return this.#countries;
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

  /** Those between the first that is far enough in an order and the first that is too far. */
  stretch(sort: BanSort, isFar: (entry: BanEntry) => boolean, isTooFar: (entry: BanEntry) => boolean): Members {
    const members = this.nobody();
    const rows = this.inOrder(sort);
    const from = rows.rank(isFar);
    for (const place of rows.places.subarray(from, rows.rank(isTooFar, from))) members.add(place);
    return members;
  }

  /** None of them. */
  nobody(): Members {
    return new Members(this.entries.length);
  }

  /** The bans of a jail are these now; entries of bans that did not change stay. */
  replaceJail(jail: string, bans: readonly BannedAddress[], sources: RowSources): void {
    const old = this.#jails.get(jail) ?? new Map<string, BanEntry>();
    const next = new Map<string, BanEntry>();
    for (const ban of bans) {
      next.set(ban.id, this.#entry(ban, old.get(ban.id) ?? null, sources));
      old.delete(ban.id);
    }
    for (const entry of old.values()) this.#goes(entry);
    this.#jails.set(jail, next);
    this.#trim();
  }

  /** Of these ids of a jail those are banned now; the others of the jail stay as they are. */
  changeBans(jail: string, ids: readonly string[], bans: readonly BannedAddress[], sources: RowSources): void {
    const entries = this.#jails.get(jail) ?? new Map<string, BanEntry>();
    this.#jails.set(jail, entries);
    const banned = new Map(bans.map((ban) => [ban.id, ban]));
    for (const id of ids) {
      const before = entries.get(id) ?? null;
      const ban = banned.get(id);
      if (ban !== undefined) entries.set(id, this.#entry(ban, before, sources));
      else if (before !== null) {
        entries.delete(id);
        this.#goes(before);
      }
    }
    this.#trim();
  }

  /** Jails that are not among these are gone with their bans. */
  keepJails(jails: readonly string[]): void {
    for (const [jail, entries] of this.#jails) {
      if (jails.includes(jail)) continue;
      for (const entry of entries.values()) this.#goes(entry);
      this.#jails.delete(jail);
    }
  }

  /** All in an order, ascending. */
  inOrder(sort: BanSort): BanRows {
    const kept = this.#orders.get(sort) ?? { order: new BanOrder(sort, this.entries), version: -1, changes: -1 };
    if (kept.version !== this.version) kept.order.change(kept.changes < 0 ? [...this.all()] : this.#changes.slice(kept.changes));
    kept.version = this.version;
    kept.changes = this.#changes.length;
    this.#orders.set(sort, kept);
    return kept.order.rows;
  }

  /** The entry of a ban: the one before when nothing changed, else a new one in its place. */
  #entry(ban: BannedAddress, before: BanEntry | null, sources: RowSources): BanEntry {
    const manual = sources.manual(ban.id);
    const facts = sources.facts(ban.id);
    const same = before !== null && before.row.time === ban.time;
    const linesMissing = facts !== null && before !== null && !this.lines.has(before.place) && !this.lines.isFull;
    if (same && !linesMissing && isSame(before.row, ban, facts, manual)) return before;
    const known = facts ?? (same ? factsOf(before) : null);
    const entry = entryOf({ ban, place: before?.row.place ?? sources.place(ban.id), facts: known, manual });
    entry.place = this.entries.push(entry) - 1;
    if (facts !== null) this.lines.add(entry.place, facts.text);
    else if (same) this.lines.move(before.place, entry.place);
    this.words.add(entry.place, wordsOf(entry));
    if (before !== null) this.#goes(before);
    this.#comes(entry);
    return entry;
  }

  #comes(entry: BanEntry): void {
    this.#count(entry.row.place.country, 1);
    if (entry.range !== null) this.ranges.add(entry);
    this.#changes.push(entry);
    this.version++;
  }

  #goes(entry: BanEntry): void {
    entry.gone = true;
    this.lines.remove(entry.place);
    this.words.remove(entry.place);
    this.ranges.delete(entry);
    this.#count(entry.row.place.country, -1);
    this.#changes.push(entry);
    this.version++;
  }

  #count(country: string | null, more: number): void {
    if (country === null) return;
    const count = (this.#inCountry.get(country) ?? 0) + more;
    if (count <= 0) this.#inCountry.delete(country);
    else this.#inCountry.set(country, count);
    if (count === 0 || count === more) this.#countries = null;
  }

  /** Orders that lag far behind are made anew, and places given anew. */
  #trim(): void {
    if (this.#changes.length <= 2 * this.total + 1000) return;
    this.#changes = [];
    this.#orders.clear();
    const places = new Int32Array(this.entries.length).fill(NOBODY);
    this.entries = [...this.all()];
    this.entries.forEach((entry, place) => {
      places[entry.place] = place;
      entry.place = place;
    });
    this.lines.renumber(places);
    this.words.renumber(places);
    this.version++;
  }
}

function factsOf({ row, users }: BanEntry): Omit<BanFacts, 'text'> | null {
  return row.failures === null ? null : { failures: row.failures, times: row.timesBanned ?? 1, users };
}

function isSame(row: BanRow, ban: BannedAddress, facts: BanFacts | null, manual: ManualBanInfo | null): boolean {
  const sameFacts = facts === null || (row.failures === facts.failures && row.timesBanned === facts.times);
  const sameHand = row.manual?.who === manual?.who && row.manual?.reason === manual?.reason && row.manual?.until === manual?.until;
  return row.bantime === ban.bantime && sameFacts && sameHand;
}
