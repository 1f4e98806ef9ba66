/** The door of this room: months of events and counts, read from the server's log. Times are seconds since the epoch. */

/** What happened to an address, as the log tells it. */
export type HistoryKind = 'found' | 'ban' | 'restore-ban' | 'unban' | 'ignore' | 'already-banned';

const KINDS: ReadonlySet<string> = new Set<HistoryKind>(['found', 'ban', 'restore-ban', 'unban', 'ignore', 'already-banned']);

/** True for the kinds that the history keeps. */
export function isHistoryKind(word: string): word is HistoryKind {
  return KINDS.has(word);
}

export interface HistoryEvent {
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

export interface History {
  /** The newest events, newest first. */
  recent(limit: number): Promise<readonly HistoryEvent[]>;
  /** One entry for every hour that touches [from, to), oldest first, with zeros for quiet hours. */
  perHour(from: number, to: number): Promise<readonly HourCount[]>;
  close(): Promise<void>;
}
