/** The server: all jails, the database, and what a stream, a reload or a client's command makes of them. */
import { sleep, type Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Spared } from '../jail/spared';
import type { Command, CommandWord } from '../../model/command';
import { defaultJailConfig, type JailConfig, type LogPath } from '../../model/jail-config';
import { pythonRepr } from '../../model/python-repr';
import type { Problem } from '../../model/problem';
import { ProblemBook } from './problem-book';
import type { BanStore } from '../../contracts/database/ban-store';
import { CommandError, unknownJail } from './command-error';
import { JailUnit, type UnitDeps } from './jail-unit';
import type { Monitor } from './monitor';
import { PendingJail, type CommandedJail } from './pending-jail';
import { ReadTogether } from './read-together';
import { judgeJails, planReload, type ReloadOptions } from './reload-plan';
import { changeSettings, DEFAULT_SETTINGS, type ServerSettings } from './server-settings';
import { StoreKeeper } from './store-keeper';
import { foldStream, withGlobs } from './stream';

const LOGGER = 'fail2ban.server';

export interface ServerDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Opens the store of `dbfile`; without one a store in memory. */
  readonly openStore: (settings: ServerSettings) => Promise<BanStore>;
  /** What the jails are made with, once the store is there. */
  readonly unitDeps: (store: BanStore) => Promise<UnitDeps>;
  /** Puts level and target of the log into force; rejects when the target cannot be used. */
  readonly applyLog: (settings: ServerSettings) => Promise<void>;
  /** Reopens the log (`flushlogs`); returns what the original answers. */
  readonly flushLog: () => string;
  /** Forgets looked-up names: a reload of everything does. */
  readonly forgetNames: () => void;
  /** Keeps events and measures the jails. */
  readonly monitor: Monitor;
  /** Whom failures never ban; nobody without it. */
  readonly spared?: Spared;
  /** The globs of the configuration files: a client's stream names only the files that are there now. */
  readonly globs: () => readonly (LogPath & { readonly jail: string })[];
}

const IN_PLACE: ReloadOptions = { restart: false, unban: false, ifExists: true };

export class Server {
  readonly logger: Logger;
  readonly #deps: ServerDeps;
  readonly #units = new Map<string, CommandedJail>();
  #settings = DEFAULT_SETTINGS;
  readonly #problems: ProblemBook;
  readonly #keeper: StoreKeeper;
  readonly #reading: ReadTogether;
  #unitDeps: UnitDeps | null = null;
  #quit: Promise<void> | null = null;
  #end: () => void = () => undefined;
  /** Kept when the server has shut down. */
  readonly ended: Promise<void> = new Promise((resolve) => {
    this.#end = resolve;
  });

  constructor(deps: ServerDeps) {
    this.#deps = deps;
    this.logger = deps.logger;
    this.#problems = new ProblemBook(deps.logger, LOGGER);
    this.#keeper = new StoreKeeper(deps.clock, deps.logger, deps.openStore, (what) => {
      for (const unit of this.units()) if (unit instanceof JailUnit) void unit[what]();
    });
    this.#reading = new ReadTogether(deps.clock);
  }

  get monitor(): Monitor {
    return this.#deps.monitor;
  }

  get spared(): Spared | null {
    return this.#deps.spared ?? null;
  }

  get settings(): ServerSettings {
    return this.#settings;
  }

  /** Names of the running jails, in the order of their start. */
  names(): readonly string[] {
    return [...this.#units.keys()];
  }

  has(name: string): boolean {
    return this.#units.has(name);
  }

  units(): readonly CommandedJail[] {
    return [...this.#units.values()];
  }

  /** @throws CommandError UnknownJailException */
  unit(name: string): CommandedJail {
    const unit = this.#units.get(name);
    if (unit === undefined) throw unknownJail(name);
    return unit;
  }

  /** What is wrong: with the configuration as a whole, with jails that do not run, and with those that do. */
  problems(): readonly Problem[] {
    return [...this.#problems.all(), ...this.#keeper.problems, ...this.units().flatMap((unit) => unit.problems())];
  }

  /** Executes a stream without taking down what runs: the start, and a client's `server-stream`. */
  async apply(commands: readonly Command[]): Promise<null> {
    await this.#carryOut(commands, null, IN_PLACE, false);
    return null;
  }

  /**
   * Makes what runs equal to the stream: all jails, or one. Bans stay; a jail whose configuration is wrong goes on as it was.
   * @throws CommandError when the one jail is neither running nor in the stream
   */
  async reload(only: string | null, commands: readonly Command[], options: ReloadOptions): Promise<void> {
    this.#log(only === null ? 'Reload all jails' : `Reload jail ${only}`);
    if (only === null) this.#deps.forgetNames();
    if (only !== null && !this.has(only) && !options.ifExists && !commands.some((command) => command[1] === only)) throw unknownJail(only);
    await this.#carryOut(commands, only, options, true);
    this.#log('Reload finished.');
  }

  async #carryOut(commands: readonly Command[], only: string | null, options: ReloadOptions, stopOthers: boolean): Promise<void> {
    const folded = foldStream(commands, this.#settings);
    await this.#changeSettings(folded.settings);
    const jails = withGlobs(folded.jails, this.#deps.globs());
    const deps = jails.size === 0 ? null : await this.#ready();
    const { broken, problems } = judgeJails(jails.values(), folded.problems, (config) =>
      deps === null ? [] : JailUnit.check(config, deps),
    );
    this.#problems.replace(only, problems);
    const running = new Map(this.units().flatMap((unit) => (unit instanceof JailUnit ? [[unit.name, unit.config] as const] : [])));
    const plan = planReload(running, { jails, broken }, only, options);
    if (stopOthers) {
      for (const name of plan.stop) await this.stopJail(name);
      this.#forgetPending(jails, only);
    }
    try {
      for (const config of plan.restart) {
        await this.stopJail(config.name);
        await this.#start(config);
      }
      for (const config of plan.change) await this.#changeUnit(config, options.unban);
      for (const config of plan.start) await this.#start(config);
    } finally {
      this.#reading.begin();
    }
    for (const unit of this.units()) if (unit instanceof JailUnit) void unit.sweep();
    for (const name of plan.keep) this.logger.log('ERROR', LOGGER, `Jail '${name}' goes on with its last good configuration`);
  }

  /** Jails that commands added, that were never started, and of which the files know nothing: a reload takes them away. */
  #forgetPending(jails: ReadonlyMap<string, JailConfig>, only: string | null): void {
    for (const [name, unit] of this.#units) {
      if (unit instanceof PendingJail && !jails.has(name) && (only === null || name === only)) this.#units.delete(name);
    }
  }

  /** A jail that can't be changed is told and goes on as it is; so do the others. */
  async #changeUnit(config: JailConfig, unban: boolean): Promise<void> {
    try {
      const unit = this.unit(config.name);
      this.#log(`Reload jail '${config.name}'`);
      if (unban) await unit.unbanAll();
      await unit.change(config);
      this.#log(`Jail '${config.name}' reloaded`);
    } catch (error) {
      this.#problems.add({ severity: 'error', jail: config.name, message: messageOf(error) });
    }
  }

  /** A jail that fails to start is told and left out; the others go on. */
  async #start(config: JailConfig): Promise<void> {
    try {
      const unit = new JailUnit(config, await this.#ready());
      this.#units.set(config.name, unit);
      await unit.start();
      this.#reading.add(unit);
    } catch (error) {
      this.#units.delete(config.name);
      this.#problems.add({ severity: 'error', jail: config.name, message: messageOf(error) });
    }
  }

  /** `set <name> <word>` of a setting of the server. @throws CommandError */
  async change(name: string, word: CommandWord | undefined): Promise<void> {
    const changed = changeSettings(this.#settings, name, word);
    if (changed.dbfile !== this.#settings.dbfile && this.#units.size > 0) {
      throw new CommandError('builtins.RuntimeError', 'Cannot change database when there are jails present');
    }
    await this.#changeSettings(changed);
  }

  async #changeSettings(settings: ServerSettings): Promise<void> {
    const before = this.#settings;
    if (settings.loglevel !== before.loglevel || settings.logtarget !== before.logtarget || settings.syslogsocket !== before.syslogsocket) {
      await this.#deps.applyLog(settings).catch((error: unknown) => {
        this.logger.log('ERROR', LOGGER, `Unable to log to '${settings.logtarget}': ${messageOf(error)}`);
        throw new CommandError('builtins.Exception', 'Failed to change log target');
      });
    }
    this.#settings = settings;
    if (settings.dbfile !== before.dbfile && this.#units.size === 0) await this.#closeStore();
    await this.#keeper.configure(settings);
  }

  /** What jails are made with; opens the database when it is first needed. */
  async #ready(): Promise<UnitDeps> {
    this.#unitDeps ??= await this.#deps.unitDeps(await this.#keeper.store(this.#settings));
    return this.#unitDeps;
  }

  async #closeStore(): Promise<void> {
    this.#unitDeps = null;
    await this.#keeper.close();
  }

  /** `add NAME BACKEND`: a jail to be configured by further commands and begun by `start`. @throws CommandError */
  addJail(name: string, backend: string): string {
    if (name === '--all') throw new CommandError('builtins.ValueError', "Reserved name '--all'");
    if (this.has(name)) throw new CommandError('fail2ban.exceptions.DuplicateJailException', name);
    this.#units.set(name, new PendingJail(defaultJailConfig(name, backend), this.#deps));
    return name;
  }

  /** Begins a jail that was added; wakes one that is idle. @throws CommandError when its configuration is wrong: it stays as it is */
  async startJail(name: string): Promise<null> {
    const unit = this.unit(name);
    if (!(unit instanceof PendingJail)) await unit.setIdle(false);
    else {
      const [error] = JailUnit.check(unit.config, await this.#ready());
      if (error !== undefined) throw new CommandError('builtins.ValueError', error.message);
      await this.#start(unit.config);
      this.#reading.begin();
    }
    return null;
  }

  async stopJail(name: string, keepBans = false): Promise<void> {
    const unit = this.unit(name);
    await unit.stop(keepBans);
    this.#units.delete(name);
  }

  async stopJails(keepBans = false): Promise<void> {
    this.#log('Stopping all jails');
    for (const name of this.names()) await this.stopJail(name, keepBans);
  }

  /**
   * Lifts bans and forgets them: of these ids (null: all), in one jail (null: all). Returns how many were lifted.
   * @throws CommandError with `reportAbsent`, when an id was not banned
   */
  async unban(jail: string | null, ids: readonly string[] | null, reportAbsent = false): Promise<number> {
    const units = jail === null ? this.units() : [this.unit(jail)];
    let count = 0;
    for (const unit of units) count += ids === null ? await unit.unbanAll() : await unit.unban(ids, reportAbsent);
    return count;
  }

  /** Stops all jails and closes the database; a second call waits for the first. With `keepBans` bans stay in the firewall where the next start adopts them. */
  quit(keepBans = false): Promise<void> {
    this.#quit ??= this.#shutDown(keepBans);
    return this.#quit;
  }

  async #shutDown(keepBans: boolean): Promise<void> {
    this.#log('Shutdown in progress...');
    await this.stopJails(keepBans);
    await this.#closeStore();
    this.#log('Exiting Fail2ban');
    this.#end();
  }

  flushLogs(): string {
    return this.#deps.flushLog();
  }

  async pause(word: string): Promise<null> {
    const seconds = Number(word);
    if (!(seconds >= 0)) throw new CommandError('builtins.ValueError', `could not convert string to float: ${pythonRepr(word)}`);
    await sleep(this.#deps.clock, Math.min(seconds, 60));
    return null;
  }

  tellConfigError(text: string): null {
    this.logger.log('ERROR', 'fail2ban.transmitter', text);
    return null;
  }

  #log(message: string): void {
    this.logger.log('INFO', LOGGER, message);
  }
}
