/** What a server says about its jails, whichever engine it is. */
import type { Problem } from './problem';

export interface JailStatus {
  readonly name: string;
  readonly currentlyFailed: number;
  readonly totalFailed: number;
  /** Files that are watched, or the journal matches joined by ` + `. */
  readonly files: readonly string[];
  readonly journalmatch: readonly string[];
  readonly currentlyBanned: number;
  readonly totalBanned: number;
  readonly banned: readonly string[];
  /** Ours only: why a jail does not run. */
  readonly problems?: readonly Problem[];
}

/** A ban that is in force. Seconds since the epoch; `bantime` −1 is for ever. */
export interface BannedAddress {
  readonly jail: string;
  readonly id: string;
  readonly time: number;
  readonly bantime: number;
  /** The server does not tell when its bans began: `time` is when this one was first seen. */
  readonly approximate?: true;
}
