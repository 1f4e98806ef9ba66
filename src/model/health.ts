/** How a jail of our engine fares: what `bailiff health` answers. Times are seconds since the epoch. */
import type { Problem } from './problem';

export interface JailHealth {
  readonly jail: string;
  /** When the last line was handled; null while there was none. */
  readonly lastLine: number | null;
  /** How many seconds after its own date the last line was handled, negative when that date is still to come; null without line or date. */
  readonly lag: number | null;
  /** Over the last minute. */
  readonly linesPerMinute: number;
  readonly matchesPerMinute: number;
  /** Of a sample of the lines, one in 256 at most: the failregex (from 0) that took longest on average. Null before the first sample. */
  readonly slowestRegex: { readonly failregex: number; readonly microseconds: number } | null;
  readonly lastActionError: ActionError | null;
  /** Files that are followed now. */
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
}

export interface ActionError {
  readonly time: number;
  readonly action: string;
  /** `ban`, `unban`, `start` … */
  readonly operation: string;
  readonly id: string | null;
  readonly message: string;
}
