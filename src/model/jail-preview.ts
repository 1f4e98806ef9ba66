/** Whom a jail would have banned: what `bailiff-server --preview` prints and the pages show. Times are seconds since the epoch. */
import type { Problem } from './problem';

export interface PreviewedBan {
  readonly id: string;
  /** When it would have been banned, by the time of the log. */
  readonly time: number;
  /** Seconds; −1 is for ever. */
  readonly bantime: number;
  /** How often it would have been banned until then, this time included. */
  readonly bancount: number;
  readonly failures: number;
  /** User names that were tried, as far as the lines of the ban tell. */
  readonly users: readonly string[];
  /** The first lines that led to the ban, cut where they are long. */
  readonly matches: readonly string[];
}

export interface PreviewedFile {
  readonly path: string;
  readonly lines: number;
  /** Why it could not be read (to its end); null when it was. */
  readonly problem: string | null;
}

export interface JailPreview {
  readonly jail: string;
  /** The time that was asked for. */
  readonly from: number;
  readonly to: number;
  /** Times of the first and the last line that was looked at; null when there was none with a date. */
  readonly first: number | null;
  readonly last: number | null;
  /** `end`: everything was read; `time`, `bytes`: it was too much, and what is younger than `last` was not looked at. */
  readonly stopped: 'end' | 'time' | 'bytes';
  readonly lines: number;
  readonly bytes: number;
  readonly files: readonly PreviewedFile[];
  /** Failures that counted, and those of trusted addresses. */
  readonly failures: number;
  readonly ignored: number;
  /** Ignored ones by the rule that they fell under. */
  readonly ignoredBy: Readonly<Record<string, number>>;
  /** Host names that were not looked up, so that their failures do not count. */
  readonly names: number;
  /** Bans that would have been made, and of how many addresses; `bans` are the first of them. */
  readonly banned: number;
  readonly addresses: number;
  readonly bans: readonly PreviewedBan[];
  /** What a running jail would do and the preview does not: it runs no command, asks no name server, and knows of no earlier bans. */
  readonly leftOut: readonly ('ignorecommand' | 'names' | 'earlier bans')[];
  /** Mistakes of the jail; with an error nothing was read. */
  readonly problems: readonly Problem[];
  /** What the jail would have written into its log as warnings and errors: the first of each kind. */
  readonly messages: readonly string[];
}
