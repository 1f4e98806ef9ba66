/** A running jail with all that belongs to it: its filter, its actions, its sources; made from a JailConfig and changed into another. */
import { messageOf } from '../../base/errors';
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import type { PyValue } from '../../model/python-repr';
import type { BannedAddress, JailStatus } from '../../model/status';
import type { LogBatch } from '../../model/ticket';
import { createAction, type ActionDeps } from '../action/create-action';
import type { ActionJail } from '../action/ticket-values';
import type { JailAction, WatchedPlace } from '../action/jail-action';
import { createLineFilter, type RunningRegexes } from '../filter/create-filter';
import { createDateStream } from '../filter/date-reader';
import { nameOfDatepattern } from '../filter/date-templates';
import type { LineFilter } from '../filter/line-filter';
import { Jail } from '../jail/jail';
import type { JailDeps } from '../jail/jail-deps';
import type { FilterFacts } from './jail-answers';
import { CommandError } from './command-error';
import type { CommandedJail } from './pending-jail';
import type { Monitor } from './monitor';
import { JailSources, type SourcesDeps } from './jail-sources';

export interface UnitDeps extends Omit<JailDeps, 'filter' | 'actions'>, Omit<SourcesDeps, 'clock' | 'logger' | 'store'> {
  readonly actionDeps: ActionDeps;
  readonly monitor: Monitor;
}

interface Parts {
  readonly filter: LineFilter;
  readonly regexes: RunningRegexes;
}

export class JailUnit implements CommandedJail {
  readonly #deps: UnitDeps;
  readonly #jail: Jail;
  readonly #sources: JailSources;
  #config: JailConfig;
  #regexes: RunningRegexes;

  /** @throws AppError or Error for a configuration that `check` finds errors in */
  constructor(config: JailConfig, deps: UnitDeps) {
    const { filter, regexes } = makeFilter(config, deps);
    this.#config = config;
    this.#deps = deps;
    this.#regexes = regexes;
    this.#jail = new Jail(config, { ...deps, filter, actions: this.#makeActions(config) });
    this.#sources = new JailSources(
      config,
      deps,
      (batch, handled) => this.#handle(batch, handled),
      () => this.#jail.filter.literals,
      this.#jail,
    );
  }

  /** What would keep a jail of this configuration from running. */
  static check(config: JailConfig, deps: UnitDeps): readonly Problem[] {
    const wrong = (option: string, error: unknown): Problem => ({
      severity: 'error',
      jail: config.name,
      option,
      message: messageOf(error),
    });
    const problems: Problem[] = [...(createLineFilter(config, { logger: deps.logger }).problems ?? [])];
    try {
      createDateStream(config, deps.clock.now(), deps.logger);
    } catch (error) {
      problems.push(wrong('datepattern', error));
    }
    for (const action of config.actions) {
      try {
        createAction(
          action,
          actionJail(config, deps, () => NO_COUNTERS),
          deps.actionDeps,
        );
      } catch (error) {
        problems.push(wrong('action', error));
      }
    }
    return problems;
  }

  get name(): string {
    return this.#config.name;
  }

  get config(): JailConfig {
    return this.#config;
  }

  get facts(): FilterFacts {
    return { ...this.#regexes, dateName: nameOfDatepattern(this.#config.datepattern, this.#deps.clock.now()), files: this.files() };
  }

  /** Claims the files as they are, starts the jail, restores its bans; reads nothing before `read`. */
  async start(): Promise<void> {
    await this.#sources.start();
    await this.#jail.start();
  }

  /** Begins to read; a jail that rests does so when it no longer does. */
  read(): void {
    if (!this.#jail.idle) this.#sources.resume();
  }

  /** Takes over from the database what could not be read at the start. */
  restore(): Promise<void> {
    return this.#jail.restore();
  }

  /** Writes into a database that was made anew what it should know: bans, positions, counts. */
  async rewrite(): Promise<void> {
    await this.#jail.rewrite();
    await this.#sources.saveAll();
  }

  /**
   * Goes on with another configuration: bans stay, unchanged files are read on, unchanged actions are not disturbed.
   * @throws CommandError when the configuration has errors; then nothing has changed
   */
  async change(config: JailConfig): Promise<void> {
    const [error] = JailUnit.check(config, this.#deps);
    if (error !== undefined) throw new CommandError('builtins.ValueError', error.message);
    const sameFilter = filterKey(config) === filterKey(this.#config);
    const { filter, regexes } = sameFilter ? { filter: this.#jail.filter, regexes: this.#regexes } : makeFilter(config, this.#deps);
    const actions = this.#makeActions(config);
    this.#config = config;
    this.#regexes = regexes;
    await this.#jail.reconfigure(config, filter, actions);
    await this.#sources.change(config);
  }

  async setIdle(idle: boolean): Promise<boolean> {
    this.#jail.idle = idle;
    if (idle) this.#sources.pause();
    else this.#sources.resume();
    return idle;
  }

  /** What `status` answers, with the files that are followed now; `counts` without the ids that are banned. */
  status(what?: 'counts'): JailStatus {
    const status = this.#jail.status(what);
    return this.#config.backend.startsWith('systemd') ? { ...status, files: [] } : { ...status, files: this.files(), journalmatch: [] };
  }

  problems(): readonly Problem[] {
    return this.#jail.problems();
  }

  files(): readonly string[] {
    return this.#sources.files();
  }

  banned(ids?: readonly string[]): readonly BannedAddress[] {
    const end = (ban: BannedAddress): number => (ban.bantime === -1 ? Infinity : ban.time + ban.bantime);
    return [...this.#jail.bans(ids)].sort((a, b) => end(a) - end(b));
  }

  ban(ids: readonly string[]): Promise<number> {
    return this.#jail.banNow(ids);
  }

  banFor(ids: readonly string[], length: number): Promise<number> {
    return this.#jail.banFor(ids, length);
  }

  attempt(id: string, lines: readonly string[]): Promise<number> {
    return this.#jail.attempt(id, lines);
  }

  /** @throws CommandError with `reportAbsent`, when one of the ids is not banned */
  async unban(ids: readonly string[], reportAbsent = false): Promise<number> {
    const absent = reportAbsent ? this.#jail.absent(ids) : [];
    const count = await this.#jail.unban(ids);
    if (absent.length > 0) throw new CommandError('builtins.ValueError', `not banned: ['${absent.join("', '")}']`);
    return count;
  }

  unbanAll(): Promise<number> {
    return this.#jail.unbanAll();
  }

  /** Has one of the actions do something, behind all that was asked of it before. */
  callAction(name: string, work: (action: JailAction, now: number) => Promise<PyValue>): Promise<PyValue> {
    return this.#jail.withAction(name, work);
  }

  /** Reads no more, undoes the bans in the firewall (the database keeps them), stops the actions; with `keepBans` they stay where they can. */
  async stop(keepBans = false): Promise<void> {
    await this.#sources.stop();
    await this.#jail.stop({ flush: !keepBans });
  }

  get steps(): number {
    return this.#jail.steps;
  }

  turn(): Promise<void> {
    return this.#jail.between(() => undefined);
  }

  get places(): readonly WatchedPlace[] {
    return this.#jail.places;
  }

  watches(within: string, element: string | null): boolean {
    return this.#jail.watches(within, element);
  }

  recheck(): Promise<void> {
    return this.#jail.recheck();
  }

  sweep(): Promise<void> {
    return this.#jail.sweep();
  }

  async #handle(batch: LogBatch, handled: () => void): Promise<void> {
    const dates = this.#deps.dates.readerOf(batch, this.#config);
    const looked = await this.#jail.handle(batch, dates, handled);
    if (!looked) throw new Error(`jail '${this.name}' does not run`);
    this.#deps.monitor.handled(this.#config, batch, dates);
  }

  #makeActions(config: JailConfig): readonly JailAction[] {
    const jail = actionJail(config, this.#deps, () => this.#jail.counters());
    return config.actions.map((action) => createAction(action, jail, this.#deps.actionDeps));
  }
}

/** The jail as its actions see it. */
function actionJail(config: JailConfig, deps: UnitDeps, counters: ActionJail['counters']): ActionJail {
  return { name: config.name, now: () => deps.clock.now(), bantime: () => config.bantime, counters };
}

const NO_COUNTERS = { banned: 0, bannedTotal: 0, found: 0, foundTotal: 0 };

function makeFilter(config: JailConfig, deps: UnitDeps): Parts {
  const created = createLineFilter(config, { logger: deps.logger });
  if (created.filter === null) throw new Error(created.problems[0]?.message ?? 'the filter cannot be made');
  return created;
}

/** Configurations with the same key have the same filter. */
function filterKey(config: JailConfig): string {
  const { prefregex, failregex, ignoreregex, maxlines, usedns, datepattern, logtimezone, findtime } = config;
  return JSON.stringify([prefregex, failregex, ignoreregex, maxlines, usedns, datepattern, logtimezone, findtime]);
}
