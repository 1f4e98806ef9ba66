/** The door of this room: what the pages ask of a fail2ban-compatible server, ours or the stock one. Rejections are AppErrors. */
import type { Availability } from '../../model/availability';
import type { EventPage } from '../../model/event-page';
import type { LineExplanation } from '../../model/explanation';
import type { JailHealth } from '../../model/health';
import type { Problem } from '../../model/problem';
import type { BannedAddress, JailStatus } from '../../model/status';
import type { ReloadRequest } from './reload';
import type { JailSettings, ServerSettings } from './settings';

export interface ServerInfo {
  readonly version: string;
  /** `bailiff` or `fail2ban`. */
  readonly engine: 'bailiff' | 'fail2ban';
}

/** What came of a reload. */
export interface Reloading {
  /** False when nothing was sent to the server: the problems say why. */
  readonly done: boolean;
  /** Mistakes in the configuration, also those that stop nothing. */
  readonly problems: readonly Problem[];
}

export interface Control {
  /** Rejects unless the server answers within five seconds. */
  ping(): Promise<void>;
  info(): Promise<ServerInfo>;
  /** Names of the jails, sorted. */
  jails(): Promise<readonly string[]>;
  /** @param what `counts` leaves `banned` empty where the server can do without: a hundred thousand addresses take their time */
  status(jail: string, what?: 'counts'): Promise<JailStatus>;
  /** Of all jails, by their names; `banned` and `problems` are left out. */
  statuses(): Promise<readonly JailStatus[]>;
  /** Mistakes that the server found, those of jails that do not run included; none on the stock server, which keeps no list. */
  problems(): Promise<readonly Problem[]>;
  /** All bans in force, ordered by jail and end of ban; of servers before 0.11.1 with approximate times. */
  banned(): Promise<readonly BannedAddress[]>;
  /** The bans of one jail, by their end. */
  bannedIn(jail: string): Promise<readonly BannedAddress[]>;
  /** Those of the ids that are banned in a jail, as they are now. Our engine only. */
  bansOf(jail: string, ids: readonly string[]): Promise<Availability<readonly BannedAddress[]>>;
  /** Whether an address (or another id, as the server writes it) is banned in one jail, or in any when `jail` is null. */
  isBanned(jail: string | null, id: string): Promise<boolean>;
  /** Returns how many were newly banned. */
  ban(jail: string, ids: readonly string[]): Promise<number>;
  /** Bans for so many seconds from now (−1: for ever), whatever the jail's own time; bans in force end then instead. Returns how many. Our engine only. */
  banFor(jail: string, seconds: number, ids: readonly string[]): Promise<Availability<number>>;
  /** Tells that an administrator works from an address: for so many seconds failures do not ban it, where `spare` is on; returns whether it is. Our engine only. */
  spare(address: string, seconds: number): Promise<Availability<boolean>>;
  /** Changes a jail's ban time while it runs; the files stay as they are. On the stock server bans of the jail's own length follow it. */
  setBantime(jail: string, seconds: number): Promise<void>;
  /** Lifts bans in one jail, or in all when `jail` is null; returns how many. */
  unban(jail: string | null, ids: readonly string[]): Promise<number>;
  /** What happened since the cursor of an earlier answer; null asks for all that the server keeps. Our engine only. */
  events(cursor: string | null): Promise<Availability<EventPage>>;
  /** How all jails fare, or one. Our engine only. */
  health(jail: string | null): Promise<Availability<readonly JailHealth[]>>;
  /** Why a line does or does not lead to a failure in a jail that runs. Our engine only. */
  explain(jail: string, line: string): Promise<Availability<LineExplanation>>;
  /** A setting of a jail that runs. SERVER_REFUSED for an unknown jail, or when the server is too old to know the setting. */
  get<Name extends keyof JailSettings>(jail: string, name: Name): Promise<JailSettings[Name]>;
  serverSettings(): Promise<ServerSettings>;
  /** Trusts addresses, ranges or names while the jail runs; the files stay as they are. Returns what the jail ignores then. */
  addIgnoreIp(jail: string, words: readonly string[]): Promise<readonly string[]>;
  /** Takes words off the list again; those that are not on it are passed over. Returns what the jail ignores then. */
  delIgnoreIp(jail: string, words: readonly string[]): Promise<readonly string[]>;
  /** Reads the configuration folder and makes the server run what the files say: all jails, or the one that is asked for and runs. CONFIG_DIR_MISSING without the folder. */
  reload(request?: ReloadRequest): Promise<Reloading>;
  /** Starts a jail that the files enable; one that runs is reloaded. */
  startJail(jail: string): Promise<Reloading>;
  /** Stops a jail and starts it anew from the files; its bans stay. */
  restartJail(jail: string): Promise<Reloading>;
  /** Stops a jail and lifts its bans; the files stay as they are. */
  stopJail(jail: string): Promise<void>;
  /** Stops the server; resolves when all its jails are stopped. */
  stop(): Promise<void>;
  close(): void;
}
