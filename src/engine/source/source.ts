/** The door of this room: where lines come from. A Follower reads files (or the journal) once for all jails. */
import type { LogBatch } from '../../model/ticket';

/** Where reading of a file is to begin or was left off. */
export interface Position {
  /** SHA-1 of the file's first line with its newline; '' while there is no complete line. */
  readonly firstLineHash: string;
  /** Byte offset. */
  readonly offset: number;
}

export interface FollowOptions {
  /** Node or Python name of the encoding; `auto` is the locale's. */
  readonly encoding: string;
  /** `head`: from the stored position, else from the first line younger than `since`; `tail`: from the end. */
  readonly mode: 'head' | 'tail';
  /** Where reading was left off by an earlier run; null when the file is new to us. */
  readonly position: Position | null;
  /** Seconds since the epoch: lines older than this need not be read (now − findtime). */
  readonly since: number;
  /** Seconds since the epoch of a line's date, for the search of `since`; null when the line has none. */
  readonly dateOf: (line: string) => number | null;
}

/** Who reads a source. */
export interface LineReader {
  /** Handles a batch; the position after it is kept only when the promise is kept. */
  onBatch(batch: LogBatch, position: Position): Promise<void>;
  /** The file is gone, cannot be read, came back, was rotated: for the log and the jail's health. */
  onNotice(notice: SourceNotice): void;
}

export interface SourceNotice {
  readonly kind: 'rotated' | 'missing' | 'unreadable' | 'back' | 'decoding' | 'too-long' | 'journal';
  readonly source: string;
  readonly message: string;
}
