/** The door of this room: months of events and counts, read from the server's log. Times are seconds since the epoch. */
import type { AddressSummary, CountQuery, CountRow, EventList, EventQuery, Extent, TimesBanned, TopQuery, TopRow } from './questions';

/** What happened to an address, as the log tells it. */
export type HistoryKind = 'found' | 'ban' | 'restore-ban' | 'unban' | 'ignore' | 'already-banned';

const KINDS: ReadonlySet<string> = new Set<HistoryKind>(['found', 'ban', 'restore-ban', 'unban', 'ignore', 'already-banned']);

/** True for the kinds that the history keeps. */
export function isHistoryKind(word: string): word is HistoryKind {
  return KINDS.has(word);
}

/** Where an address is: what another room knows of it. */
export interface EventPlace {
  /** ISO 3166 alpha-2. */
  readonly country: string | null;
  /** The number of the network. */
  readonly asn: number | null;
}

export interface HistoryEvent extends EventPlace {
  readonly time: number;
  readonly jail: string;
  readonly kind: HistoryKind;
  /** The address, or what else the jail bans. */
  readonly id: string;
}

/** Counts of one hour, all jails together. */
export interface HourCount {
  /** When the hour begins. */
  readonly hour: number;
  readonly failures: number;
  readonly bans: number;
}

/** Every call rejects with an AppError when the database cannot be read. */
export interface History {
  /** The newest events, newest first. */
  recent(limit: number): Promise<readonly HistoryEvent[]>;
  /** One entry for every hour that touches [from, to), oldest first, with zeros for quiet hours. */
  perHour(from: number, to: number): Promise<readonly HourCount[]>;
  /** Newest first, page by page. */
  events(query: EventQuery): Promise<EventList>;
  /** All events of a query, newest first; what happens meanwhile is not among them. */
  eachEvent(query: Omit<EventQuery, 'limit' | 'before'>): AsyncIterable<HistoryEvent>;
  /** What happened in hours or days that were not quiet, oldest first. */
  counts(query: CountQuery): Promise<readonly CountRow[]>;
  top(query: TopQuery): Promise<readonly TopRow[]>;
  /** When each jail found a failure last; jails that never did are not in the answer. */
  lastMatches(): Promise<ReadonlyMap<string, number>>;
  address(id: string): Promise<AddressSummary>;
  /** Addresses seen in a range, most bans first. */
  neighbours(range: string, limit: number): Promise<readonly AddressSummary[]>;
  /** How often ids failed and were banned since they are known; ids that were never seen are not in the answer. */
  timesBanned(ids: readonly string[]): Promise<ReadonlyMap<string, TimesBanned>>;
  extent(): Promise<Extent>;
  close(): Promise<void>;
}
