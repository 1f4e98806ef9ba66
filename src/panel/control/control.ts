/** The door of this room: what the pages ask of a fail2ban-compatible server, ours or the stock one. Rejections are AppErrors. */
import type { Availability } from '../../model/availability';
import type { EventPage } from '../../model/event-page';
import type { LineExplanation } from '../../model/explanation';
import type { JailHealth } from '../../model/health';
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
  /** What happened since the cursor of an earlier answer; null asks for all that the server keeps. Our engine only. */
  events(cursor: string | null): Promise<Availability<EventPage>>;
  /** How all jails fare, or one. Our engine only. */
  health(jail: string | null): Promise<Availability<readonly JailHealth[]>>;
  /** Why a line does or does not lead to a failure in a jail that runs. Our engine only. */
  explain(jail: string, line: string): Promise<Availability<LineExplanation>>;
  close(): void;
}
