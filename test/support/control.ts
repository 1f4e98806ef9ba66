/** A tiny server behind the Control door, in memory: jails with bans that really can be set and lifted, and that can fall silent. */
import { AppError } from '../../src/base/errors';
import { type Availability, NOT_AVAILABLE } from '../../src/model/availability';
import type { EventPage } from '../../src/model/event-page';
import type { LineExplanation } from '../../src/model/explanation';
import type { JailHealth } from '../../src/model/health';
import type { BannedAddress, JailStatus } from '../../src/model/status';
import type { Problem } from '../../src/model/problem';
import type { Control, Reloading, ServerInfo } from '../../src/panel/control/control';
import type { JailSettings, ServerSettings } from '../../src/panel/control/settings';

export interface TinyJail {
  readonly name: string;
  readonly files?: readonly string[];
  readonly failed?: number;
  readonly problems?: readonly Problem[];
}

/** Of every jail. */
const SETTINGS: JailSettings = {
  bantime: 600,
  findtime: 600,
  maxretry: 5,
  maxmatches: 5,
  maxlines: 1,
  ignoreip: [],
  ignoreself: true,
  ignorecommand: null,
  logpath: [],
  logencoding: 'UTF-8',
  logtimezone: null,
  journalmatch: [],
  usedns: 'warn',
  datepattern: null,
  prefregex: null,
  failregex: [],
  ignoreregex: [],
  actions: [],
  'bantime.increment': false,
  'bantime.overalljails': false,
  'bantime.factor': null,
  'bantime.formula': null,
  'bantime.multipliers': null,
};

export class TinyControl implements Control {
  /** Set to make the server silent or refuse. */
  failure: AppError | null = null;
  /** Mistakes of jails that do not run. */
  strayProblems: readonly Problem[] = [];
  protected readonly bans: BannedAddress[];
  private readonly ignored = new Map<string, ReadonlySet<string>>();
  protected readonly jailList: TinyJail[];

  constructor(
    jails: readonly TinyJail[],
    bans: readonly BannedAddress[] = [],
    private readonly server: ServerInfo = { version: '0.1.0', engine: 'bailiff' },
  ) {
    this.bans = [...bans];
    this.jailList = [...jails];
  }

  private answer<T>(make: () => T): Promise<T> {
    return this.failure === null ? Promise.resolve().then(make) : Promise.reject(this.failure);
  }

  private jail(name: string): TinyJail {
    const jail = this.jailList.find((candidate) => candidate.name === name);
    if (jail === undefined) throw new AppError('SERVER_REFUSED', `Sorry but the jail '${name}' does not exist`);
    return jail;
  }

  ping(): Promise<void> {
    return this.answer(() => undefined);
  }

  info(): Promise<ServerInfo> {
    return this.answer(() => this.server);
  }

  jails(): Promise<readonly string[]> {
    return this.answer(() => this.jailList.map((jail) => jail.name).sort());
  }

  status(name: string): Promise<JailStatus> {
    return this.answer(() => {
      const jail = this.jail(name);
      const banned = this.bans.filter((ban) => ban.jail === name).map((ban) => ban.id);
      return {
        name,
        currentlyFailed: jail.failed ?? 0,
        totalFailed: (jail.failed ?? 0) * 3,
        files: jail.files ?? [],
        journalmatch: [],
        currentlyBanned: banned.length,
        totalBanned: banned.length * 2,
        banned,
        ...(jail.problems === undefined ? {} : { problems: jail.problems }),
      };
    });
  }

  async statuses(): Promise<readonly JailStatus[]> {
    const names = await this.jails();
    return Promise.all(names.map(async (name) => ({ ...(await this.status(name)), banned: [] })));
  }

  problems(): Promise<readonly Problem[]> {
    return this.answer(() => [...this.jailList.flatMap((jail) => jail.problems ?? []), ...this.strayProblems]);
  }

  banned(): Promise<readonly BannedAddress[]> {
    return this.answer(() => [...this.bans]);
  }

  bansOf(jail: string, ids: readonly string[]): Promise<Availability<readonly BannedAddress[]>> {
    return this.answer(() => ({ available: true, value: this.bans.filter((ban) => ban.jail === jail && ids.includes(ban.id)) }));
  }

  async bannedIn(jail: string): Promise<readonly BannedAddress[]> {
    return (await this.banned()).filter((ban) => ban.jail === jail);
  }

  /** Who was said to be at work, with the seconds. */
  readonly spared: (readonly [string, number])[] = [];

  spare(address: string, seconds: number): Promise<Availability<boolean>> {
    return this.answer(() => {
      this.spared.push([address, seconds]);
      return { available: true, value: true };
    });
  }

  banFor(): Promise<Availability<number>> {
    return this.answer(() => NOT_AVAILABLE);
  }

  setBantime(name: string): Promise<void> {
    return this.answer(() => void this.jail(name));
  }

  ban(jail: string, ids: readonly string[]): Promise<number> {
    return this.answer(() => {
      this.jail(jail);
      const fresh = ids.filter((id) => !this.bans.some((ban) => ban.jail === jail && ban.id === id));
      this.bans.push(...fresh.map((id) => ({ jail, id, time: 1_700_000_000, bantime: 600 })));
      return fresh.length;
    });
  }

  unban(jail: string | null, ids: readonly string[]): Promise<number> {
    return this.answer(() => {
      if (jail !== null) this.jail(jail);
      const kept = this.bans.filter((ban) => !((jail === null || ban.jail === jail) && ids.includes(ban.id)));
      const gone = this.bans.length - kept.length;
      this.bans.splice(0, this.bans.length, ...kept);
      return gone;
    });
  }

  async isBanned(jail: string | null, id: string): Promise<boolean> {
    return (await this.banned()).some((ban) => ban.id === id && (jail === null || ban.jail === jail));
  }

  get<Name extends keyof JailSettings>(name: string, setting: Name): Promise<JailSettings[Name]> {
    return this.answer(() => {
      this.jail(name);
      return { ...SETTINGS, ignoreip: [...(this.ignored.get(name) ?? [])] }[setting];
    });
  }

  serverSettings(): Promise<ServerSettings> {
    const none = { syslogsocket: 'auto', dbfile: null, dbpurgeage: null, dbmaxmatches: null };
    return this.answer(() => ({ loglevel: 'INFO', logtarget: 'STDERR', ...none }));
  }

  addIgnoreIp(name: string, words: readonly string[]): Promise<readonly string[]> {
    return this.answer(() => {
      this.jail(name);
      this.ignored.set(name, new Set([...(this.ignored.get(name) ?? []), ...words]));
      return [...(this.ignored.get(name) ?? [])];
    });
  }

  delIgnoreIp(name: string, words: readonly string[]): Promise<readonly string[]> {
    return this.answer(() => {
      this.jail(name);
      this.ignored.set(name, new Set([...(this.ignored.get(name) ?? [])].filter((word) => !words.includes(word))));
      return [...(this.ignored.get(name) ?? [])];
    });
  }

  reload(): Promise<Reloading> {
    return this.answer(() => ({ done: true, problems: this.strayProblems }));
  }

  startJail(): Promise<Reloading> {
    return this.reload();
  }

  restartJail(): Promise<Reloading> {
    return this.reload();
  }

  stopJail(name: string): Promise<void> {
    return this.answer(() => {
      this.jailList.splice(this.jailList.indexOf(this.jail(name)), 1);
      this.bans.splice(0, this.bans.length, ...this.bans.filter((ban) => ban.jail !== name));
    });
  }

  stop(): Promise<void> {
    return this.answer(() => this.close());
  }

  events(): Promise<Availability<EventPage>> {
    return this.answer(() => NOT_AVAILABLE);
  }

  health(): Promise<Availability<readonly JailHealth[]>> {
    return this.answer(() => NOT_AVAILABLE);
  }

  explain(): Promise<Availability<LineExplanation>> {
    return this.answer(() => NOT_AVAILABLE);
  }

  close(): void {
    this.failure = new AppError('SERVER_NOT_RUNNING', 'closed');
  }
}
