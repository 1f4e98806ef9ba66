/** The door of this room: what a jail asks of its filter. */
import type { Failure, LogBatch } from '../../model/ticket';
import type { DateReader } from './date-reader';
import type { HeldLines } from './held-lines';

/** The failures in a part of a batch. */
export interface Piece {
  readonly failures: readonly Failure[];
  /** Whether the batch ends with it. */
  readonly isLast: boolean;
}

export interface LineFilter {
  /** Jails with the same key date a line alike, so one DateReader serves them all (datepattern, logtimezone). */
  readonly dateKey: string;
  /** Literals of which one must stand in a line, apart from its date, if it is to match; null when there are none to look for. */
  readonly literals: readonly string[] | null;
  /** Regexes that took too long on a line: they run with a limit of steps, and give up on lines where that is not enough. */
  readonly slow: readonly string[];
  /** What it holds of lines for later ones: written together with how far they were read. */
  readonly held: Pick<HeldLines, 'take' | 'unwritten' | 'restore'>;
  /** True when the line could match: a cheap look for the literals that every failregex needs. Never false for a line that matches. */
  mayMatch(text: string): boolean;
  /**
   * The failures in a batch, in order, in one piece or, where lines take too long to match, in several: between two of them others may have their
   * turn, but no other batch of this filter is begun. As `process`.
   */
  pieces(batch: LogBatch, dates: DateReader, now: number): Iterable<Piece>;
  /**
   * The failures in a batch, in order. Synchronous, no I/O.
   * @param dates reads each line's date once for all jails that share it
   * @param now seconds since the epoch
   */
  process(batch: LogBatch, dates: DateReader, now: number): readonly Failure[];
}
