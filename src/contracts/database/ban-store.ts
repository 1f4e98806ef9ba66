/** The door of this room: what the engine remembers. Implemented on SQLite in fail2ban's schema, and in memory. */
import type { BanTicket, CountChanges, CountedFailures } from '../../model/ticket';

/** Earlier bans of an id. */
export interface EarlierBans {
  readonly bancount: number;
  /** When the last one began. */
  readonly time: number;
  readonly bantime: number;
}

/** Bans of an id taken together. */
export interface MergedBans {
  /** Whole lines, oldest first, at most `maxMatches`. */
  readonly matches: readonly string[];
  readonly failures: number;
}

/** A part of a list that is ordered by id. */
export interface BanPage {
  /** '' for the first page. */
  readonly after: string;
  readonly most: number;
}

export interface LogPosition {
  /** SHA-1 of the first line (fail2ban's column `firstlinemd5`), '' while the file has no complete line. */
  readonly firstLineHash: string;
  /** Byte offset; for the journal, seconds since the epoch. */
  readonly position: number;
}

export interface BanStore {
  /** The file's path, `:memory:`, or null for a store without a file (`dbfile = None`): what it knows ends with the process. */
  readonly file: string | null;
  addJail(jail: string): Promise<void>;
  /** Marks the jail as not enabled; its bans stay. */
  removeJail(jail: string): Promise<void>;
  disableAllJails(): Promise<void>;
  /** Writes bans in one transaction, synced before the promise is kept. */
  recordBans(jail: string, tickets: readonly BanTicket[]): Promise<void>;
  /** Gives bans that were written (same id, same beginning) another length and other data; one that was not is written now. */
  changeBans(jail: string, tickets: readonly BanTicket[]): Promise<void>;
  /** Forgets bans of these ids in this jail (null: in all); of all ids when `ids` is null. Returns how many rows of last bans went. */
  forgetBans(jail: string | null, ids: readonly string[] | null): Promise<number>;
  /**
   * Bans in force at `now`, ordered by id, marked as restored. `within`: only those that began in the last so many seconds.
   * `page`: the first so many whose ids come after the given one.
   * A `bantime` of −2 is unknown (from a database of an early fail2ban): the jail's own counts.
   */
  currentBans(jail: string, now: number, within: number | null, page?: BanPage): Promise<readonly BanTicket[]>;
  /** Earlier bans of the id in this jail, or summed over all jails when `jail` is null. */
  earlierBans(id: string, jail: string | null): Promise<EarlierBans | null>;
  /** All rows of `bans` for the id (and jail): the `<ipmatches>` and `<ipfailures>` of actions. */
  mergedBans(id: string, jail: string | null): Promise<MergedBans>;
  /** Where each log of the jail was left off, by path. */
  logPositions(jail: string): Promise<ReadonlyMap<string, LogPosition>>;
  /**
   * Writes how far logs were read, together with what was counted up to there: a kill loses neither lines nor counts, and counts no line twice.
   * @param held what the filter holds of lines for later ones, as a text of its own; unchanged when null
   */
  saveLogPositions(
    jail: string,
    positions: ReadonlyMap<string, LogPosition>,
    counts?: CountChanges | null,
    held?: string | null,
  ): Promise<void>;
  /** What was counted up to the positions, without failures of `before` (seconds since the epoch) or earlier. */
  countedFailures(jail: string, before: number): Promise<readonly CountedFailures[]>;
  /** What was held up to the positions; null when nothing was. */
  heldLines(jail: string): Promise<string | null>;
  forgetLog(jail: string, path: string): Promise<void>;
  /** Forgets what is older than `purgeAge`: bans, counts, last bans that ended long ago, jails that are not enabled and have no bans. */
  purge(now: number): Promise<void>;
  /** `dbpurgeage`, seconds. */
  purgeAge: number;
  /** `dbmaxmatches`. */
  maxMatches: number;
  close(): Promise<void>;
}
