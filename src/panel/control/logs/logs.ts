/** The door to the server's own log: its files, rotated ones too, read in filtered pages in both directions. */

export interface LogFile {
  /** What a query names it by. */
  readonly name: string;
  readonly path: string;
  /** On disk. */
  readonly bytes: number;
  /** Seconds since the epoch. */
  readonly modified: number;
}

/** Where the server writes its log: into files, or elsewhere (`SYSLOG`, `SYSTEMD-JOURNAL`, `STDOUT` …). */
export interface LogPlace {
  /** As the server names it. */
  readonly target: string;
  readonly isFile: boolean;
}

export interface LogQuery {
  /** Name of one of `files()`. */
  readonly file: string;
  /** `NOTICE`, `ERROR` …; null for all. */
  readonly level: string | null;
  readonly jail: string | null;
  /** An address, or a range: lines that are about it or an address within. */
  readonly address: string | null;
  /** Stands somewhere in the line; case does not count. */
  readonly text: string | null;
  /** Byte offset in the (uncompressed) text; null is the end for `older`, the beginning for `newer`. */
  readonly from: number | null;
  /** Lines at most. */
  readonly limit: number;
  readonly direction: 'older' | 'newer';
}

export interface LogLine {
  /** Byte offset of its beginning. */
  readonly offset: number;
  /** Seconds since the epoch; of a line that continues another one, and of what is no line of fail2ban's, null. */
  readonly time: number | null;
  readonly level: string | null;
  readonly jail: string | null;
  readonly text: string;
}

export interface LogPage {
  /** In the order of the file. */
  readonly lines: readonly LogLine[];
  /** Where to go on with older lines; null when there are none. A search looks at a bounded piece of the file at once: lines may be none, though there are more. */
  readonly older: number | null;
  /** Where to go on with newer lines, also those that are yet to come. */
  readonly newer: number;
}

/** Only files of the server's log: names are looked up among them, never made into paths. */
export interface Logs {
  /** Null when the server does not tell. */
  place(): Promise<LogPlace | null>;
  /** The present file first, then rotated ones, youngest first; none when the log is no file. */
  files(): Promise<readonly LogFile[]>;
  /** Rejects with AppError BAD_ARGUMENT for a name that is none of `files()`. */
  read(query: LogQuery): Promise<LogPage>;
  /** The bytes as they are on disk. Throws AppError BAD_ARGUMENT as `read` does. */
  open(name: string): AsyncIterable<Buffer>;
}
