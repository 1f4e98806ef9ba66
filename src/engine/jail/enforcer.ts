/** Carries bans and unbans to the actions of a jail, in order, and tells what happened. It decides nothing. */
import { AppliedAction, type ActionFailure } from './applied-action';
import { messageOf } from '../../base/errors';
import type { BanList } from './ban-list';
import type { BanTicket } from '../../model/ticket';
import type { Clock } from '../../base/clock';
import type { JailAction } from '../action/jail-action';
import type { JailEvent } from '../../model/event';
import type { Logger } from '../../base/logger';
import type { QueueWork } from './ban-queue';

/** A ban that was decided and written down. */
export interface PlannedBan {
  readonly ticket: BanTicket;
  /** Told after the ban. */
  readonly then: readonly JailEvent[];
}

export interface EnforcerDeps {
  readonly jail: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly bans: BanList;
  readonly emit: (event: JailEvent) => void;
}

/** Bans lost to a repair are applied again; an environment that breaks each time is left to the next look. */
const REPAIR_ROUNDS = 3;
const PART = 10;

/** The actions of one jail at work. Only the jail's queue calls it, so calls never overlap. */
export class Enforcer implements QueueWork<PlannedBan, BanTicket> {
  actions: readonly AppliedAction[];
  readonly #deps: EnforcerDeps;

  constructor(actions: readonly JailAction[], deps: EnforcerDeps) {
    this.actions = actions.map((action) => new AppliedAction(action));
    this.#deps = deps;
  }

  /** Applies bans and tells them; one that was undone while it waited is passed over. */
  async ban(plans: readonly PlannedBan[]): Promise<void> {
    const { bans, clock, emit, jail } = this.#deps;
    const due = plans.filter(({ ticket }) => bans.get(ticket.id)?.time === ticket.time);
    const tickets = due.map(({ ticket }) => bans.get(ticket.id) ?? ticket);
    const failures: ActionFailure[] = [];
    for (const action of this.actions) failures.push(...(await action.ban(tickets, clock.now())));
    for (const { ticket, then } of due) {
      emit({ kind: ticket.restored ? 'restore-ban' : 'ban', jail, id: ticket.id });
      this.#tell(failures.filter(({ id }) => id === ticket.id));
      for (const event of then) emit(event);
    }
    this.#tell(failures.filter(({ id }) => id === undefined));
    await this.#applyLost();
  }

  async unban(tickets: readonly BanTicket[]): Promise<void> {
    const failures: ActionFailure[] = [];
    for (const action of this.actions) failures.push(...(await action.unban(tickets)));
    for (const { id } of tickets) this.#deps.emit({ kind: 'unban', jail: this.#deps.jail, id });
    this.#tell(failures);
    await this.#applyLost();
  }

  /** Undoes all these bans: at once where an action can, one by one elsewhere, and where that fails. */
  async flush(tickets: readonly BanTicket[]): Promise<void> {
    for (const action of this.actions) await this.#flushOne(action, tickets);
    for (const { id } of tickets) this.#deps.emit({ kind: 'unban', jail: this.#deps.jail, id });
  }

  async start(): Promise<void> {
    for (const action of this.actions) this.#tell(await action.run('start', () => action.action.start()));
  }

  /** Stops the actions, the last one first. */
  async stop(): Promise<void> {
    for (const action of this.actions.toReversed()) this.#tell(await action.run('stop', () => action.action.stop()));
  }

  /** Looks whether the environment of the actions is as it should be, and applies what a repair has lost. */
  async check(): Promise<void> {
    for (const action of this.actions) this.#tell(await action.check());
    await this.#applyLost();
  }

  /** Tries bans again that failed in an action. */
  async retry(action: AppliedAction, ids: readonly string[]): Promise<void> {
    const tickets = ids.map((id) => this.#deps.bans.get(id)).filter((ticket) => ticket !== null);
    if (this.actions.includes(action)) await this.#again(action, tickets, (list, now) => action.ban(list, now));
  }

  async prolong(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      for (const action of this.actions) {
        const ticket = this.#deps.bans.get(id);
        if (ticket !== null) this.#tell(await action.prolong(ticket));
      }
    }
  }

  /** Goes on with other actions: those that go are flushed and stopped, new ones get the bans in force, the others are told of the reload. */
  async change(next: readonly (AppliedAction | JailAction)[]): Promise<void> {
    const { bans, clock } = this.#deps;
    const kept = new Set(next.filter((action) => action instanceof AppliedAction));
    for (const gone of this.actions.filter((action) => !kept.has(action)).toReversed()) {
      await this.#flushOne(gone, bans.tickets());
      this.#tell(await gone.run('stop', () => gone.action.stop()));
    }
    const actions: AppliedAction[] = [];
    for (const action of next) {
      if (action instanceof AppliedAction) {
        this.#tell(await action.run('reload', () => action.action.reload()));
        actions.push(action);
        continue;
      }
      const added = new AppliedAction(action);
      this.#tell(await added.run('start', () => action.start()));
      const restored = bans.tickets().map((ticket) => ({ ...ticket, restored: true }));
      for (let at = 0; at < restored.length; at += PART) this.#tell(await added.ban(restored.slice(at, at + PART), clock.now()));
      actions.push(added);
    }
    this.actions = actions;
  }

  failed(error: unknown): void {
    this.#deps.logger.log('ERROR', 'fail2ban.actions', `[${this.#deps.jail}] ${messageOf(error)}`);
  }

  async #flushOne(action: AppliedAction, tickets: readonly BanTicket[]): Promise<void> {
    const { emit, jail } = this.#deps;
    if (action.action.canFlush) emit({ kind: 'flush', jail, action: action.name });
    const failures = await action.flush();
    if (failures?.length === 0) return;
    this.#tell(failures ?? []);
    for (let at = 0; at < tickets.length; at += PART) this.#tell(await action.unban(tickets.slice(at, at + PART)));
  }

  async #applyLost(): Promise<void> {
    for (let round = 0; round < REPAIR_ROUNDS; round++) {
      let found = false;
      for (const action of this.actions) {
        const lost = action.lost(() => this.#deps.bans.tickets());
        if (lost.length === 0) continue;
        found = true;
        await this.#again(action, lost, (list, now) => action.reban(list, now));
      }
      if (!found) return;
    }
  }

  async #again(
    action: AppliedAction,
    tickets: readonly BanTicket[],
    work: (tickets: readonly BanTicket[], now: number) => Promise<readonly ActionFailure[]>,
  ): Promise<void> {
    const { clock, emit, jail } = this.#deps;
    const failures = await work(tickets, clock.now());
    const failed = new Set(failures.map(({ id }) => id));
    for (const { id } of tickets) {
      if (!failed.has(id)) emit({ kind: 'reban', jail, id, ...(this.actions.length === 1 ? {} : { action: action.name }) });
    }
    this.#tell(failures);
  }

  #tell(failures: readonly ActionFailure[]): void {
    for (const failure of failures) this.#deps.emit({ kind: 'action-failed', jail: this.#deps.jail, ...failure });
  }
}
