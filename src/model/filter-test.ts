/** What comes of a filter that is tried on lines: line by line, and as a whole. `bailiff-regex --json` prints it, the pages show it. */
import type { ExplainedFailure, Verdict } from './explanation';
import type { Problem } from './problem';

/** A piece of a text, in UTF-16 units. */
export type Span = readonly [offset: number, length: number];

export interface TestedLine {
  /** Counted from 1 in what was read. */
  readonly number: number;
  /** As it stands in the log; cut where it is long. */
  readonly text: string;
  /** Whether `text` is only the beginning of the line. */
  readonly cut: boolean;
  readonly verdict: Verdict;
  /** Seconds since the epoch with which the line counts; null when it has none of its own and none before it serves. */
  readonly time: number | null;
  /** Where in `text` its date, the address and the user stand; null where they stand not in it. */
  readonly date: Span | null;
  readonly address: Span | null;
  readonly user: Span | null;
  /** Who failed, and which failregex took the line; null when none did. */
  readonly failure: ExplainedFailure | null;
  /** Number of the ignoreregex that let the line pass, from 0. */
  readonly ignoreregex: number | null;
  /** Why the line cannot be judged: a date that cannot be read, a regex that took too many steps. */
  readonly problem: string | null;
}

export interface TestedDanger {
  readonly kind: 'explosive' | 'slow';
  readonly message: string;
  /** Of the regex as written, from 1. */
  readonly column: number;
  /** The shortest line that was found to show it, cut where it is long; null when none was found. */
  readonly line: string | null;
  /** Characters of that line. */
  readonly length: number | null;
}

export interface TestedRegex {
  readonly option: 'prefregex' | 'failregex' | 'ignoreregex';
  /** As its author wrote it. */
  readonly regex: string;
  /** Lines that it took: a failregex failures, an ignoreregex lines that it let pass. */
  readonly hits: number;
  /** How often it was tried. */
  readonly tries: number;
  /** How long a try takes: on average, and the longest; 0 when it was not tried. */
  readonly microseconds: number;
  readonly longest: number;
  /** Number of the line of the longest try; null when it was not tried. */
  readonly longestLine: number | null;
  /** Lines on which it took more steps than it may. */
  readonly givenUp: number;
  /** Whether it took long on these lines, or is shaped so that it can. */
  readonly slow: boolean;
  readonly danger: TestedDanger | null;
}

export interface FilterTestSummary {
  /** What was tried: the name of a filter or of a jail, the file of a filter, or a regex. */
  readonly subject: { readonly kind: 'filter' | 'jail' | 'regex'; readonly name: string };
  /** Lines that were looked at: empty ones and comments are not. */
  readonly lines: number;
  readonly matched: number;
  readonly ignored: number;
  readonly missed: number;
  /** Lines of each verdict. */
  readonly verdicts: Readonly<Partial<Record<Verdict, number>>>;
  /** Lines that were told of; of each verdict only the first ones are. */
  readonly shown: number;
  /** Bytes of the log that were passed over, because only its end was asked for; 0 for all of it. */
  readonly skipped: number;
  /** `end`: all lines were looked at; `time`: there was no time for the rest. */
  readonly stopped: 'end' | 'time';
  /** Seconds. */
  readonly seconds: number;
  readonly regexes: readonly TestedRegex[];
  /** Date templates by their hits. */
  readonly dates: readonly { readonly name: string; readonly hits: number }[];
  /** Mistakes and doubts of the filter; with an error no line is looked at. */
  readonly problems: readonly Problem[];
}

/** One line of the output. */
export type FilterTestRecord =
  | ({ readonly record: 'line' } & TestedLine)
  /** A try took long: told at once, because the next one may not end. */
  | {
      readonly record: 'slow';
      readonly option: TestedRegex['option'];
      readonly index: number;
      readonly line: number;
      readonly seconds: number;
    }
  | ({ readonly record: 'summary' } & FilterTestSummary)
  /** Nothing could be tried. */
  | { readonly record: 'error'; readonly message: string };
