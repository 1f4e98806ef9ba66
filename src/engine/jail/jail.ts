/** A jail: lines come in, offenders are banned for a time, and everything that happens is told. */
import { BanDesk } from './ban-desk';
import { canonicalId } from '../../model/address';
import { healthOf } from './jail-health';
import { statusOf } from './jail-status';
import { Intake } from './intake';
import { MAX_ID, namedIds } from './named-ids';
import { planActions, withConfigs } from './action-plan';
import { withoutSpared } from './spared';
import type { Problem } from '../../model/problem';
import type { BannedAddress, JailStatus } from '../../model/status';
import type { DateReader } from '../filter/date-reader';
import type { FailureCounter } from './failure-counter';
import type { FailTicket, LogBatch } from '../../model/ticket';
import type { JailAction, WatchedPlace } from '../action/jail-action';
import type { JailConfig } from '../../model/jail-config';
import type { JailDeps } from './jail-deps';
import type { LineFilter } from '../filter/line-filter';
import { pause, type Timer } from '../../base/clock';

/** Seconds; the last for all others, after a line that took long. */
const [TICK, CLEANUP, REST] = [1, 5, 0.02];
/** Ripe tickets that are banned together at most. */
const BAN_AT_ONCE = 100;

/** Made idle; `start` brings it to life, `stop` ends it for good. */
export class Jail {
  readonly #deps: JailDeps;
  readonly #intake: Intake;
  readonly #desk: BanDesk;
  #config: JailConfig;
  #filter: LineFilter;
  #timer: Timer | null = null;
  #running = false;
  #ticking = false;
  #cleanedAt = -Infinity;
  #reading: Promise<unknown> = Promise.resolve();
  /** An idle jail unbans nobody. Who reads for it pauses: lines already under way are handled, so that other readers of a file need not wait. */
  idle = false;
  /** Failures that were looked at. */
  steps = 0;

  constructor(config: JailConfig, deps: JailDeps) {
    this.#config = config;
    this.#deps = deps;
    this.#filter = deps.filter;
    this.#intake = new Intake(config, deps);
    this.#desk = new BanDesk(config, deps);
  }

  get name(): string {
    return this.#config.name;
  }

  get config(): JailConfig {
    return this.#config;
  }

  get filter(): LineFilter {
    return this.#filter;
  }

  /** Starts the actions and restores the bans of the database. Kept when the bans are listed; the actions follow (`settled`). */
  async start(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    await this.#deps.store.addJail(this.name).catch((error: unknown) => this.#desk.enforcer.failed(error));
    void this.#desk.queue.task(() => this.#desk.enforcer.start());
    this.#deps.emit({ kind: 'started', jail: this.name });
    await this.restore();
    this.#timer = this.#deps.clock.every(TICK, () => void this.tick(this.#deps.clock.now()));
  }

  /** Takes over from the database: bans in force, counts of failures, open sessions. Again when it could not be read at the start. */
  async restore(): Promise<void> {
    await this.#desk.restore((ticket) => this.#intake.ignore.reason(ticket));
    await this.#intake.restore(this.#filter.held);
  }

  /** Writes the bans in force into a database that was made anew. */
  rewrite(): Promise<void> {
    return this.#desk.rewrite();
  }

  /**
   * Handles lines: kept when every ban they led to is decided and written down, and there is room for more.
   * False when the jail does not run (any more): the lines were not looked at.
   * @param dates reads each line's date once for all jails
   * @param handled called when that is so, before another batch is begun
   */
  handle(batch: LogBatch, dates: DateReader, handled: () => void = () => undefined): Promise<boolean> {
    return this.between(() => this.#handle(batch, dates, handled));
  }

  /** Runs `work` between two batches. */
  between<T>(work: () => T | Promise<T>): Promise<T> {
    const done = this.#reading.then(work);
    this.#reading = done.catch(() => undefined);
    return done;
  }

  get counter(): FailureCounter {
    return this.#intake.counter;
  }

  /** `set JAIL attempt`: counts a failure of `id` now, one for each line or one; returns 0 when the id is ignored, else 1. */
  async attempt(id: string, lines: readonly string[] = []): Promise<number> {
    const ticket = {
      id: canonicalId(id).slice(0, MAX_ID),
      time: this.#deps.clock.now(),
      data: { failures: 1, matches: lines, captured: {} },
    };
    const { counted, ripe } = await this.#intake.meet(ticket, 'attempt', Math.max(1, lines.length));
    await this.#ban(ripe);
    return counted ? 1 : 0;
  }

  /** `set JAIL banip`: bans now, ignored or not; kept when the actions are done. Returns how many were not banned before. */
  async banNow(ids: readonly string[]): Promise<number> {
    const time = this.#deps.clock.now();
    const data = { failures: 0, matches: [], captured: {} };
    const { count, applied } = await this.#desk.ban(namedIds(ids).map((id) => ({ id, time, data })));
    await applied;
    return count;
  }

  /** `bailiff ban`: kept when the actions are done. Returns how many are banned for that long now. @param length seconds from now, −1 for ever */
  async banFor(ids: readonly string[], length: number): Promise<number> {
    const { count, applied } = await this.#desk.banFor(namedIds(ids), length);
    await applied;
    return count;
  }

  /** `set JAIL unbanip`: kept when the actions are done and the database has forgotten. Returns how many were banned. */
  unban(ids: readonly string[]): Promise<number> {
    return this.#desk.unban(ids);
  }

  /** `unban --all`: as `unban`, for all bans. */
  unbanAll(): Promise<number> {
    return this.#desk.flush(true);
  }

  /** Has a running action do something, in its turn behind what was asked of it before. Rejects as `work` does, or when there is no such action. */
  async withAction<T>(name: string, work: (action: JailAction, now: number) => Promise<T>): Promise<T> {
    const { enforcer, queue } = this.#desk;
    let result = Promise.reject<T>(new Error(`the action ${name} of ${this.name} does not run`));
    result.catch(() => undefined);
    await queue.task(async () => {
      const found = enforcer.actions.find((action) => action.name === name);
      if (found === undefined) return;
      result = work(found.action, this.#deps.clock.now());
      await result.catch(() => undefined);
    });
    return result;
  }

  /** Which of the ids are not banned here, nor hold somebody who is. */
  absent(ids: readonly string[]): readonly string[] {
    const { bans } = this.#desk;
    return ids.filter((id) => bans.get(canonicalId(id)) === null && bans.within(canonicalId(id)).length === 0);
  }

  /** Unbans who is due, forgets old failures, tries again what failed. The jail's own timer calls it every second. */
  async tick(now: number): Promise<void> {
    if (!this.#running || this.idle || this.#ticking) return;
    this.#ticking = true;
    try {
      if (now >= this.#cleanedAt + CLEANUP || now < this.#cleanedAt) {
        this.#cleanedAt = now;
        this.#intake.counter.cleanup(now);
      }
      await this.#desk.tick(now);
    } finally {
      this.#ticking = false;
    }
  }

  /** Goes on with other options, another filter, other actions; bans stay in force in every action that did not change. */
  async reconfigure(config: JailConfig, filter: LineFilter, actions: readonly JailAction[]): Promise<void> {
    const { enforcer, queue } = this.#desk;
    const before = this.#config.actions;
    this.#config = config;
    if (filter !== this.#filter) filter.held.unwritten();
    this.#filter = filter;
    await this.#desk.configure(config);
    await this.#ban(this.#intake.configure(config));
    await queue.task(() => enforcer.change(planActions(withConfigs(enforcer.actions, before), withConfigs(actions, config.actions))));
  }

  /**
   * Ends the jail: no line is looked at any more. With `flush` the bans are undone in the firewall, and the actions stopped, the last first;
   * without it they stay in force where the next start can go on from them. The database keeps them either way.
   */
  async stop({ flush }: { readonly flush: boolean }): Promise<void> {
    if (!this.#running) return;
    this.#running = false;
    this.#timer?.cancel();
    await this.#reading;
    this.#desk.stop();
    if (flush) {
      await this.#desk.flush(false);
      await this.#desk.queue.task(() => this.#desk.enforcer.stop());
    } else {
      await this.#desk.queue.task(() => this.#desk.enforcer.stop(true));
      await this.#acted();
    }
    await this.#deps.store.removeJail(this.name).catch((error: unknown) => this.#desk.enforcer.failed(error));
    this.#deps.emit({ kind: 'stopped', jail: this.name });
  }

  /** Whether somebody who takes out `element` of a table or set (null: a rule, all of it) may have taken out a ban. */
  watches(within: string, element: string | null): boolean {
    const { bans } = this.#desk;
    const here = this.places.some((place) => place.within === within);
    return here && (element === null || element.includes('-') || bans.get(element) !== null);
  }

  /** The places of the firewall in which bans stand, as far as they are known. */
  get places(): readonly WatchedPlace[] {
    return this.#desk.enforcer.actions.flatMap(({ action }) => action.places ?? []);
  }

  /** Looks whether the bans stand in the firewall and puts back what is missing; kept when that is done. */
  recheck(): Promise<void> {
    return this.#desk.queue.task(() => this.#desk.enforcer.recheck());
  }

  /** After the start: takes out of the firewall what an earlier run left and nobody is banned for. */
  sweep(): Promise<void> {
    return this.#desk.queue.task(() => this.#desk.enforcer.sweep());
  }

  /** Kept when the actions have done everything that was asked of them so far. */
  async settled(): Promise<void> {
    await this.#reading;
    await this.#desk.inTurn(() => Promise.resolve());
    await this.#acted();
  }

  async #acted(): Promise<void> {
    await this.#desk.queue.idle();
    await this.#desk.enforcer.settled();
  }

  /** Mistakes of the configuration, and what is not well at present. */
  problems(): readonly Problem[] {
    return [...this.#config.problems, ...healthOf(this.#config, this.#desk, this.#filter)];
  }

  /** @param what `counts` leaves `banned` empty */
  status(what?: 'counts'): JailStatus {
    return statusOf(this.#config, this.#desk.bans, this.counter, this.problems(), what);
  }

  /** For the tags `<jail.banned>`, `<jail.found_total>` … of actions. */
  counters(): { readonly banned: number; readonly bannedTotal: number; readonly found: number; readonly foundTotal: number } {
    const { bans } = this.#desk;
    return { banned: bans.size, bannedTotal: bans.total, found: this.counter.size, foundTotal: this.counter.total };
  }

  /** The bans in force, in the order they were made; with `ids` only theirs. */
  bans(ids?: readonly string[]): readonly BannedAddress[] {
    const { bans } = this.#desk;
    const tickets = ids === undefined ? bans.tickets() : ids.map((id) => bans.get(id)).filter((ticket) => ticket !== null);
    return tickets.map(({ id, time, bantime }) => ({ jail: this.name, id, time, bantime }));
  }

  async #handle(batch: LogBatch, dates: DateReader, handled: () => void): Promise<boolean> {
    await this.#desk.queue.room();
    if (!this.#running) return false;
    const ripe: FailTicket[] = [];
    const banRipe = async (): Promise<void> => {
      if (ripe.length > 0) await this.#ban(ripe.splice(0));
    };
    for (const { failures, isLast } of this.#filter.pieces(batch, dates, this.#deps.clock.now())) {
      for (const failure of failures) {
        this.steps++;
        if (ripe.length >= BAN_AT_ONCE || this.#intake.mustWait(failure)) await banRipe();
        if (this.#intake.meetNow(failure, ripe)) continue;
        for (const ticket of await this.#intake.ticketsOf(failure)) ripe.push(...(await this.#intake.meet(ticket)).ripe);
      }
      if (!isLast) await pause(REST);
    }
    await banRipe();
    handled();
    return true;
  }

  /** Bans for failures: who is spared is only told. */
  async #ban(tickets: readonly FailTicket[]): Promise<void> {
    await this.#desk.ban(await withoutSpared(tickets, this.name, this.#deps));
  }
}
