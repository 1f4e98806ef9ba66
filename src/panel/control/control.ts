/** The door of this room: what the pages ask of a fail2ban-compatible server, ours or the stock one. Rejections are AppErrors. */
import type { Problem } from '../../model/problem';
import type { BannedAddress, JailStatus } from '../../model/status';

export interface ServerInfo {
  readonly version: string;
  /** `bailiff` or `fail2ban`. */
  readonly engine: 'bailiff' | 'fail2ban';
}

export interface Control {
  ping(): Promise<void>;
  info(): Promise<ServerInfo>;
  /** Names of the jails, sorted. */
  jails(): Promise<readonly string[]>;
  status(jail: string): Promise<JailStatus>;
  /** Mistakes that the server found, those of jails that do not run included; none on the stock server, which keeps no list. */
  problems(): Promise<readonly Problem[]>;
  /** All bans in force, ordered by jail and end of ban. */
  banned(): Promise<readonly BannedAddress[]>;
  /** Returns how many were newly banned. */
  ban(jail: string, ids: readonly string[]): Promise<number>;
  /** Lifts bans in one jail, or in all when `jail` is null; returns how many. */
  unban(jail: string | null, ids: readonly string[]): Promise<number>;
  close(): void;
}
