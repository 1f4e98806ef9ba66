/** The four ages of an attack: LogLine → Failure → FailTicket → BanTicket. Times are seconds since the epoch. */
import type { LineBlock } from '../base/line-block';

/** A matched line: whole, or as the triple (before the date, the date, after it) that fail2ban keeps. */
export type MatchedLine = string | readonly [before: string, date: string, after: string];

/** The whole line of a matched line. */
export function matchedText(line: MatchedLine): string {
  return typeof line === 'string' ? line : line[0] + line[1] + line[2];
}

/** Lines of one source in order, as one read brought them. */
export interface LogBatch {
  /** The file's path, or `systemd-journal`. */
  readonly source: string;
  readonly lines: readonly string[];
  /** The same lines before they are cut out, with the literals that were found in them; of files only. */
  readonly block?: LineBlock;
  /** True when the end of the source has been reached once: from then on lines are new, not history. */
  readonly inOperation: boolean;
  /** True when the lines are known to be of ASCII only. */
  readonly ascii?: boolean;
  /** Journal only: seconds since the epoch of each line; then no date is looked for in the text. */
  readonly times?: readonly number[];
}

/** How many lines a batch has; asking for the lines themselves would cut them out. */
export function countOf(batch: Pick<LogBatch, 'lines' | 'block'>): number {
  return batch.block?.length ?? batch.lines.length;
}

/** One line of a batch; '' when there is none of that index. */
export function lineIn(batch: Pick<LogBatch, 'lines' | 'block'>, index: number): string {
  return batch.block?.line(index) ?? batch.lines[index] ?? '';
}

/** What a filter captured: group names and values (`user`, `ip4`, `fid`, …), `users` as a list, `tuple_…` as tuples. */
export type CapturedData = Readonly<Record<string, string | readonly string[]>>;

/** One failure that a filter found in a line. Either `id` is known, or `dns` must be resolved first. */
export interface Failure {
  /** Index of the failregex that matched. */
  readonly regexIndex: number;
  readonly time: number;
  /** What would be banned: an address or range in canonical text, or raw text. Null when `dns` has to be resolved. */
  readonly id: string | null;
  /** A host name to be resolved (usedns yes or warn). */
  readonly dns: string | null;
  readonly data: CapturedData;
  readonly matches: readonly MatchedLine[];
}

export interface TicketData {
  /** Attempts counted. */
  readonly failures: number;
  readonly matches: readonly MatchedLine[];
  readonly captured: CapturedData;
}

/** Failures of one id, counted. */
export interface FailTicket {
  readonly id: string;
  readonly time: number;
  readonly data: TicketData;
}

/** Failures of one id that have not led to a ban yet, and what its window is estimated from. */
export interface CountedFailures extends FailTicket {
  readonly firstTime: number;
  /** Attempts that count; `data.failures` are all there were. */
  readonly retry: number;
}

/** How the counts of a jail changed since they were last written. */
export interface CountChanges {
  /** All that is known is forgotten before the changes are written. */
  readonly anew: boolean;
  readonly counted: readonly CountedFailures[];
  /** Ids that are not counted any more. */
  readonly gone: readonly string[];
}

export interface BanTicket {
  readonly id: string;
  /** When the ban began. */
  readonly time: number;
  /** Seconds; −1 is for ever. */
  readonly bantime: number;
  /** How often this id was banned, this time included. */
  readonly bancount: number;
  /** True when the ban comes from the database (or from a stopped server), not from a new attack. */
  readonly restored: boolean;
  readonly data: TicketData;
}

/** The end of a permanent ban, as fail2ban counts it. */
export const END_OF_TIME = 0x7fffffffffff;

/** When the ban ends: seconds since the epoch, END_OF_TIME for a permanent one. */
export function endOfBan(ticket: { readonly time: number; readonly bantime: number }): number {
  return ticket.bantime === -1 ? END_OF_TIME : ticket.time + ticket.bantime;
}
