/** The door of this room: where lines come from. A Follower reads files (or the journal) once for all jails. */
import type { LogBatch } from '../../model/ticket';

/** Where reading of a file is to begin or was left off. */
export interface Position {
  /** SHA-1 of the file's first line with its newline; '' while there is no complete line. For the journal: ISO time. */
  readonly firstLineHash: string;
  /** Byte offset. For the journal: seconds since the epoch, with fraction. */
  readonly offset: number;
}

export interface FollowOptions {
  /** Node or Python name of the encoding; `auto` is the locale's. */
  readonly encoding: string;
  /** `head`: from the stored position, else from the first line younger than `since`; `tail`: from the end. */
  readonly mode: 'head' | 'tail';
  /** Where reading was left off by an earlier run; null when the file is new to us. Not for patterns: see `positionOf`. */
  readonly position: Position | null;
  /** The same for each file that a pattern finds. */
  readonly positionOf?: (path: string) => Position | null;
  /** Seconds since the epoch: lines older than this need not be read (now − findtime). */
  readonly since: number;
  /** Seconds since the epoch of a line's date, for the search of `since`; null when the line has none. */
  readonly dateOf: (source: string, line: string) => number | null;
  /** Those with the same one date a line alike: then a file is searched once for all of them. Unset: for nobody else. */
  readonly datesAs?: string;
  /** Files of a pattern that are left out; may grow. */
  readonly except?: ReadonlySet<string>;
  /** Nothing is read until `resume`. */
  readonly paused?: boolean;
}

/** Who reads a source. */
export interface LineReader {
  /** Texts of which a line must contain one to be of any use to this reader, apart from its date; null when that is not known. The same list each time while nothing changes. */
  literals?(): readonly string[] | null;
  /** Handles a batch; the position after it is kept only when the promise is kept. */
  onBatch(batch: LogBatch, position: Position): Promise<void>;
  /** The file is gone, cannot be read, came back, was rotated: for the log and the jail's health. */
  onNotice(notice: SourceNotice): void;
}

export interface SourceNotice {
  /**
   * `added`: a pattern found a file; `dropped`: a file that a pattern found is gone for good; `reader`: `onBatch` rejected.
   * `in-operation`: the end was reached once, from now on lines are new.
   */
  readonly kind:
    'rotated' | 'missing' | 'unreadable' | 'back' | 'decoding' | 'too-long' | 'journal' | 'added' | 'dropped' | 'reader' | 'in-operation';
  /** A path, or `systemd-journal`. */
  readonly source: string;
  readonly message: string;
}

/** One reader's claim on a path or a pattern. */
export interface FollowHandle {
  /** Paths that are followed for it now, sorted. */
  files(): readonly string[];
  /** Behind the last batch of this path (of the only one, unless told) that the reader handled; null while it has handled none. */
  position(path?: string): Position | null;
  /** Reads nothing until `resume`, which goes on where `pause` came: an idle jail. */
  pause(): void;
  resume(): void;
  /** Lets go of one path that a pattern found; the journal has none. */
  leave?(path: string): void;
  /** No batch comes after this; kept when the batch under way has been handled. */
  stop(): Promise<void>;
}

export interface Follower {
  /** As fail2ban calls it: `pyinotify` or `polling`. */
  readonly backend: 'pyinotify' | 'polling';
  /**
   * Follows a file, or all the files that a pattern (as `glob` of base/files has it) matches now or later.
   * A reader gets each path's lines once, however often a path is followed for it.
   */
  follow(path: string, options: FollowOptions, reader: LineReader): FollowHandle;
  /** Stops all handles; kept when every batch under way has been handled. */
  close(): Promise<void>;
}
