/** What may be asked of the history, and the shapes of its answers. Times are seconds since the epoch. */
import type { HistoryEvent, HistoryKind } from './history';

/** Which events: all that is given must hold. */
export interface EventQuery {
  /** Not before this. */
  readonly from?: number;
  /** Before this. */
  readonly to?: number;
  readonly jail?: string;
  readonly kinds?: readonly HistoryKind[];
  readonly id?: string;
  /** A range as `192.0.2.0/24`. */
  readonly range?: string;
  /** ISO 3166 alpha-2. */
  readonly country?: string;
  /** The number of a network. */
  readonly asn?: number;
  /** Stands somewhere in the address or the name of the jail; case of ASCII letters does not count. */
  readonly text?: string;
  /** `next` of the list before. */
  readonly before?: string;
  readonly limit: number;
}

export interface EventList {
  /** Newest first. May be fewer than asked for, though `next` is not null: one call looks at a bounded number of events. */
  readonly events: readonly HistoryEvent[];
  /** Where the next list begins; null when there are no older events. */
  readonly next: string | null;
}

export interface CountQuery {
  /** Every hour or day that touches [from, to). Days are those of UTC; hours older than five weeks are only kept as days. */
  readonly from: number;
  readonly to: number;
  readonly step: 'hour' | 'day';
  /** Null for all together: then `key` is ''. */
  readonly by: 'jail' | 'country' | 'network' | null;
  /** Only these keys: of hundreds of networks a page shows the few that `top` told. */
  readonly only?: readonly string[];
}

/** Counts of one hour or day that was not quiet. */
export interface CountRow {
  readonly start: number;
  /** The jail, the country, the number of the network; '' for an unknown place. */
  readonly key: string;
  readonly failures: number;
  readonly bans: number;
}

/**
 * Times count to the hour, and to the day of UTC where hours are not kept any more; with addresses and networks over more than two days
 * every day that the time touches counts whole. Where more than 500 of those share the last place, the ones that are known longest are told.
 */
export interface TopQuery {
  readonly from: number;
  readonly to: number;
  readonly of: 'address' | 'jail' | 'country' | 'network';
  readonly by: 'bans' | 'failures';
  readonly limit: number;
}

export interface TopRow {
  /** The address, the jail, the country, the number of the network; '' for an unknown place. */
  readonly key: string;
  readonly failures: number;
  readonly bans: number;
}

export interface JailSummary {
  readonly jail: string;
  readonly failures: number;
  readonly bans: number;
  readonly unbans: number;
  readonly last: number;
}

/** All that is known of one address; zeros and nulls when it was never seen. */
export interface AddressSummary {
  readonly id: string;
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
  readonly failures: number;
  readonly bans: number;
  readonly unbans: number;
  readonly jails: readonly JailSummary[];
}

export interface TimesBanned {
  readonly failures: number;
  readonly bans: number;
}

/** How much is kept. */
export interface Extent {
  readonly oldest: number | null;
  readonly newest: number | null;
  readonly events: number;
  /** Of the database file. */
  readonly bytes: number;
}
