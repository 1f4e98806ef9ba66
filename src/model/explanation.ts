/** Why a line does or does not lead to a failure, stage by stage: what `bailiff-regex --explain` prints and `bailiff explain` answers. */

export interface ExplainedDate {
  /** The date as it stands in the line; '' where the time comes from elsewhere (the journal, an earlier line). */
  readonly text: string;
  /** Name of the template that found it; null where none did. */
  readonly template: string | null;
  /** Seconds since the epoch; null when there is no date, or one that cannot be read. */
  readonly time: number | null;
  /** What is wrong with it; null when nothing is. */
  readonly problem: string | null;
}

export interface ExplainedRegex {
  /** As its author wrote it, tags unexpanded. */
  readonly regex: string;
  readonly matched: boolean;
  /** Where in the searched text the match ends; of a regex that does not match, where it stopped. */
  readonly furthest: number;
  /** Which part of `regex` was tried there, counted from 0 in characters. */
  readonly column: number;
  /** False when the regex needed more steps than it may take: the place is what was seen until then. */
  readonly complete: boolean;
  /** Named groups that took part. */
  readonly groups: Readonly<Record<string, string>>;
}

/** What came of a line. `no-date`: it matches, but a server does not know when; `no-id`: it matches, but names nobody (yet). */
export type Verdict = 'counted' | 'no-date' | 'prefix-missed' | 'missed' | 'ignored' | 'no-failure' | 'no-id' | 'error';

export interface ExplainedFailure {
  /** Number of the failregex, from 0. */
  readonly failregex: number;
  /** What would be banned; null for a name that has to be looked up, and where nobody is named. */
  readonly id: string | null;
  /** The address, where the id is something else. */
  readonly address: string | null;
  readonly dns: string | null;
  readonly user: string | null;
  /** What `<F-MLFID>` captured: the lines of one connection share it. */
  readonly session: string | null;
  readonly time: number | null;
}

export interface LineExplanation {
  readonly line: string;
  readonly date: ExplainedDate;
  /** What prefregex and ignoreregex search: the line without its date (with `maxlines` the lines before it too), ended by a newline. */
  readonly text: string;
  readonly prefregex: ExplainedRegex | null;
  /** What the failregexes search: `text`, or what the prefregex captured as `<F-CONTENT>`; null when they are not tried. */
  readonly content: string | null;
  readonly failregex: readonly ExplainedRegex[];
  readonly ignoreregex: readonly ExplainedRegex[];
  readonly verdict: Verdict;
  readonly failure: ExplainedFailure | null;
}
