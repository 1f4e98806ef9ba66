/** The door to the list of bans in force: searched, sorted, in pages; and why each is there. Times are seconds since the epoch. */
import type { Place } from '../geo/geo';

/** Of a ban that somebody made by hand. */
export interface ManualBanInfo {
  readonly who: string;
  readonly reason: string;
  readonly until: number | null;
}

export interface BanRow {
  readonly jail: string;
  readonly id: string;
  readonly time: number;
  /** Seconds; -1 is for ever. */
  readonly bantime: number;
  /** Null for ever. */
  readonly end: number | null;
  readonly place: Place;
  readonly failures: number | null;
  readonly timesBanned: number | null;
  readonly manual: ManualBanInfo | null;
}

export const BAN_SORTS = ['address', 'jail', 'country', 'since', 'left', 'failures', 'times'] as const;
export type BanSort = (typeof BAN_SORTS)[number];

export interface BanFilter {
  /** An address, a range, a jail, a country, `user:NAME`, or text of the matched lines. */
  readonly search: string;
  readonly jail: string | null;
  readonly country: string | null;
  readonly sort: BanSort;
  readonly descending: boolean;
}

export interface BanQuery extends BanFilter {
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface BanList {
  readonly rows: readonly BanRow[];
  readonly total: number;
  readonly page: number;
  readonly pages: number;
  /** Of all bans, for the menus. */
  readonly jails: readonly string[];
  readonly countries: readonly string[];
}

export interface MarkedLine {
  readonly text: string;
  readonly spans: readonly { readonly from: number; readonly length: number; readonly what: 'match' | 'date' | 'address' | 'user' }[];
  readonly failregex: string | null;
  readonly user: string | null;
}

export interface BanReason {
  readonly jail: string;
  readonly id: string;
  readonly time: number | null;
  readonly lines: readonly MarkedLine[];
  readonly users: readonly string[];
  readonly failregexes: readonly string[];
  readonly files: readonly string[];
  readonly domain: string | null;
  readonly failures: number | null;
  readonly manual: ManualBanInfo | null;
}

export interface BanBoard {
  list(query: BanQuery): Promise<BanList>;
  /** All rows of a query, for export. */
  each(query: BanFilter): AsyncIterable<BanRow>;
  counts(): Promise<{ readonly total: number; readonly byJail: ReadonlyMap<string, number> }>;
  reason(jail: string, id: string): Promise<BanReason>;
  /** Somebody banned or unbanned in a jail (null: in any), these where they are known: it is looked at for the next question. */
  changed(jail: string | null, ids?: readonly string[]): void;
}
