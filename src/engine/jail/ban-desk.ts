/** The back half of a jail: ripe tickets become bans that are remembered, written down, applied and told, and end when they are due. */
import { BanList } from './ban-list';
import { BanQueue } from './ban-queue';
import { BanRecords } from './ban-records';
import { canonicalId, parseAddress } from '../../model/address';
import { endOfBan, type BanTicket, type FailTicket } from '../../model/ticket';
import { Enforcer, type PlannedBan } from './enforcer';
import { longerBan, type LongerBan } from './offenders';
import { messageOf } from '../../base/errors';
import { planBanTime, type BanTimeRule } from './ban-time';
import { ownLength, restoredBan } from './restore';
import type { JailConfig } from '../../model/jail-config';
import type { JailDeps } from './jail-deps';
import type { JailEvent } from '../../model/event';
import type { Timer } from '../../base/clock';

const LOGGER = 'fail2ban.actions';
/** Seconds: a second look at somebody banned makes the jail look at its actions, not more often than this. */
const CHECK_AFTER = 3;
/** Bans that are written together: the actions are at work on them while the next ones are written. */
const RECORDED_AT_ONCE = 5000;
/** Bans that are read together at the start, for the same reason. */
const RESTORED_AT_ONCE = 8000;
/** Bans that end in one tick. */
const UNBAN_AT_ONCE = 1000;

/** Decisions are made one after the other (`#turn`); the actions follow in the queue's order at their own pace. */
export class BanDesk {
  readonly bans = new BanList();
  readonly enforcer: Enforcer;
  readonly records: BanRecords;
  readonly queue: BanQueue<PlannedBan, BanTicket>;
  readonly #deps: JailDeps;
  readonly #prolongations = new Set<Timer>();
  #config: JailConfig;
  #rule: BanTimeRule;
  #lastCheck = -Infinity;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(config: JailConfig, deps: JailDeps) {
    const { clock, emit, logger } = deps;
    this.#config = config;
    this.#deps = deps;
    this.#rule = this.#newRule();
    this.records = new BanRecords(config.name, deps.store, (level, message) => logger.log(level, LOGGER, `[${config.name}] ${message}`));
    this.enforcer = new Enforcer(deps.actions, { jail: config.name, clock, emit, logger, bans: this.bans });
    this.queue = new BanQueue(this.enforcer);
  }

  /** Goes on with other options; bans of the jail's own length follow it. */
  configure(config: JailConfig): Promise<void> {
    return this.inTurn(async () => {
      this.#config = config;
      this.#rule = this.#newRule();
      const changed = this.bans.setLength(config.bantime);
      if (changed.length > 0) void this.queue.task(() => this.enforcer.prolong(changed.map(({ id }) => id)));
    });
  }

  /** Bans; kept when it is decided and written down. `count`: how many were not banned before; `applied` is kept after the actions. */
  ban(tickets: readonly FailTicket[]): Promise<{ readonly count: number; readonly applied: Promise<void> }> {
    return this.inTurn(async () => {
      const applied: Promise<void>[] = [];
      let count = 0;
      for (let at = 0; at < tickets.length; at += RECORDED_AT_ONCE) {
        const plans = await this.#decide(tickets.slice(at, at + RECORDED_AT_ONCE));
        count += plans.length;
        applied.push(this.queue.ban(plans));
      }
      return { count, applied: Promise.all(applied).then(() => undefined) };
    });
  }

  /**
   * Bans by hand for a length of their own, which the jail's options do not change; a ban in force ends so many seconds from now instead.
   * Kept as `ban` is. @param length seconds from now, −1 for ever
   */
  banFor(ids: readonly string[], length: number): Promise<{ readonly count: number; readonly applied: Promise<void> }> {
    return this.inTurn(async () => {
      const { clock, emit } = this.#deps;
      const now = clock.now();
      const fresh: BanTicket[] = [];
      const changed: BanTicket[] = [];
      const told: JailEvent[] = [];
      for (const id of ids) {
        const listed = this.bans.get(id);
        const { ticket, grew } = ownLength(listed ?? (await this.#byHand(id, now)), length, now);
        (listed === null ? fresh : changed).push(ticket);
        if (listed === null) this.bans.add(ticket, now, true);
        else this.bans.replace(ticket);
        const { bancount, bantime } = ticket;
        if (listed !== null && grew)
          told.push({ kind: 'increase-ban', jail: this.#config.name, id, bancount, bantime, end: endOfBan(ticket) });
      }
      await this.records.record(fresh, now);
      await this.records.change(changed, now);
      const applied = this.queue.ban(fresh.map((ticket) => ({ ticket, then: [] })));
      const prolonged = this.queue.task(() => this.enforcer.prolong(changed.map(({ id }) => id)));
      told.forEach(emit);
      return { count: fresh.length + changed.length, applied: Promise.all([applied, prolonged]).then(() => undefined) };
    });
  }

  /** Brings the bans of the database back to life, without those of ids that are ignored now; what waits to be written is written before. */
  restore(ignored: (ticket: FailTicket) => Promise<string | null>): Promise<void> {
    return this.inTurn(async () => {
      const { clock, emit, store, logger } = this.#deps;
      const { name } = this.#config;
      await this.records.retry(clock.now(), true);
      try {
        for (let after: string | null = ''; after !== null;) {
          const rows: readonly BanTicket[] = await store.currentBans(name, clock.now(), null, { after, most: RESTORED_AT_ONCE });
          const plans: PlannedBan[] = [];
          for (const row of rows) {
            const ticket = restoredBan(row, this.#config, clock.now());
            if (ticket === null) continue;
            const by = await ignored(ticket);
            if (by !== null) emit({ kind: 'ignore', jail: name, id: ticket.id, by });
            else if (this.bans.add(ticket, clock.now(), true).kind === 'added') plans.push({ ticket, then: [] });
          }
          void this.queue.ban(plans);
          after = rows.length < RESTORED_AT_ONCE ? null : (rows.at(-1)?.id ?? null);
        }
      } catch (error) {
        logger.log('ERROR', LOGGER, `[${name}] bans cannot be restored: ${messageOf(error)}`);
      }
    });
  }

  /** Makes a database that was made anew know the bans in force: all of them, and of this jail no others. */
  rewrite(): Promise<void> {
    return this.inTurn(async () => {
      const { clock, store } = this.#deps;
      await this.records.rewrite(this.bans.tickets(), clock.now());
      const written = await store.currentBans(this.#config.name, clock.now(), null).catch(() => []);
      const lifted = written.map(({ id }) => id).filter((id) => this.bans.get(id) === null);
      if (lifted.length > 0) await this.records.forget(lifted, clock.now());
    });
  }

  /**
   * Unbans ids, everything within an id that is a range and not banned itself, and the addresses of an id that is a name; forgets them in the database, banned or not.
   * Kept when it is done; returns how many were banned.
   */
  async unban(ids: readonly string[]): Promise<number> {
    const wanted = [...new Set((await Promise.all(ids.map((id) => this.#meant(canonicalId(id))))).flat())];
    const { count, applied, all } = await this.inTurn(async () => {
      const within = wanted.flatMap((id) => (this.bans.get(id) === null ? this.bans.within(id) : []));
      const targets = [...new Set([...wanted, ...within])];
      const tickets = targets.map((id) => this.bans.remove(id)).filter((ticket) => ticket !== null);
      return { count: tickets.length, applied: this.queue.unban(tickets), all: targets };
    });
    await applied;
    await this.inTurn(() =>
      this.records.forget(
        all.filter((id) => this.bans.get(id) === null),
        this.#deps.clock.now(),
      ),
    );
    return count;
  }

  /** Undoes all bans; with `forget` the database forgets everybody but those banned meanwhile. Kept when it is done; returns how many there were. */
  async flush(forget: boolean): Promise<number> {
    const { count, applied } = await this.inTurn(async () => {
      const tickets = this.bans.tickets();
      for (const { id } of tickets) this.bans.remove(id);
      return { count: tickets.length, applied: this.queue.task(() => this.enforcer.flush(tickets)) };
    });
    await applied;
    if (forget) {
      await this.inTurn(async () => {
        const now = this.#deps.clock.now();
        await this.records.forget(null, now);
        await this.records.record(this.bans.tickets(), now);
      });
    }
    return count;
  }

  /** Unbans whom it is time to unban, tries again what failed. */
  async tick(now: number): Promise<void> {
    await this.inTurn(async () => {
      void this.queue.unban(this.bans.takeDue(now, UNBAN_AT_ONCE));
      await this.records.retry(now);
    });
    for (const action of this.enforcer.actions) {
      const ids = action.takeRetries(now);
      if (ids.length > 0) void this.queue.task(() => this.enforcer.retry(action, ids));
    }
  }

  /** Ends the timers; bans that no action has seen yet are left to the next start. */
  stop(): void {
    for (const timer of this.#prolongations) timer.cancel();
    this.#prolongations.clear();
    for (const { ticket } of this.queue.dropBans()) this.bans.remove(ticket.id);
  }

  /** Runs decisions that must not be mixed with others. */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Ripe tickets become bans, on the list and in the database; what the actions are to do. */
  async #decide(tickets: readonly FailTicket[]): Promise<readonly PlannedBan[]> {
    const now = this.#deps.clock.now();
    const plans: PlannedBan[] = [];
    const toRecord: BanTicket[] = [];
    for (const { id, time, data } of tickets) {
      const ticket: BanTicket = { id, time, bantime: this.#config.bantime, bancount: 1, restored: false, data };
      if (!this.#accept(ticket, now)) continue;
      const longer = await this.#longer(ticket);
      if (longer.ticket !== ticket) this.bans.replace(longer.ticket);
      plans.push({ ticket: longer.ticket, then: longer.events });
      if (longer.isNew && endOfBan(longer.ticket) > now) toRecord.push(longer.ticket);
      if (longer.prolongAfter !== null) this.#prolongLater(id, longer.prolongAfter);
    }
    await this.records.record(toRecord, now);
    return plans;
  }

  /** Puts a ban on the list; tells why when it is not a new one. */
  #accept(ticket: BanTicket, now: number): boolean {
    const { emit } = this.#deps;
    const { name } = this.#config;
    const { id } = ticket;
    const added = this.bans.add(ticket, now);
    if (added.kind === 'expired') emit({ kind: 'expired', jail: name, id });
    if (added.kind === 'known') {
      const age = ticket.time - added.listed.time;
      emit({ kind: 'already-banned', jail: name, id, age });
      if (added.prolonged) void this.queue.task(() => this.enforcer.prolong([id]));
      if (age > CHECK_AFTER && now - this.#lastCheck > CHECK_AFTER) {
        this.#lastCheck = now;
        void this.queue.task(() => this.enforcer.check());
      }
    }
    return added.kind === 'added';
  }

  async #longer(ticket: BanTicket): Promise<LongerBan> {
    const { name, bantime, increment } = this.#config;
    const asItIs: LongerBan = { ticket, isNew: true, events: [], prolongAfter: null };
    if (!increment.increment) return asItIs;
    try {
      const earlier = await this.#deps.store.earlierBans(ticket.id, increment.overalljails ? null : name);
      return longerBan(name, ticket, bantime, earlier, this.#rule);
    } catch (error) {
      this.#deps.logger.log('ERROR', LOGGER, `[${name}] earlier bans cannot be read: ${messageOf(error)}`);
      return asItIs;
    }
  }

  async #byHand(id: string, time: number): Promise<BanTicket> {
    const { name, bantime, increment } = this.#config;
    const data = { failures: 0, matches: [], captured: {} };
    const ticket: BanTicket = { id, time, bantime, bancount: 1, restored: false, data };
    if (!increment.increment) return ticket;
    const earlier = await this.#deps.store.earlierBans(id, increment.overalljails ? null : name).catch(() => null);
    return { ...ticket, bancount: (earlier?.bancount ?? 0) + 1 };
  }

  #prolongLater(id: string, seconds: number): void {
    const timer = this.#deps.clock.after(seconds, () => {
      this.#prolongations.delete(timer);
      void this.queue.task(() => this.enforcer.prolong([id]));
    });
    this.#prolongations.add(timer);
  }

  /** What an id given by hand means: itself, and the addresses of a name that is not banned as it is written. */
  async #meant(id: string): Promise<readonly string[]> {
    if (this.bans.get(id) !== null || parseAddress(id) !== null || !id.includes('.')) return [id];
    return [id, ...(await this.#deps.resolver.addressesOf(id)).map(canonicalId)];
  }

  #newRule(): BanTimeRule {
    return planBanTime(this.#config.increment, this.#deps.random ?? Math.random, this.#config.name).rule;
  }
}
