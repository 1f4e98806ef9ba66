/** Carries bans and unbans to the actions of a jail, in order, and tells what happened. It decides nothing. */
import { AppliedAction, type ActionFailure } from './applied-action';
import { messageOf } from '../../base/errors';
import type { BanList } from './ban-list';
import type { BanTicket } from '../../model/ticket';
import { sleep, type Clock } from '../../base/clock';
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

const LOGGER = 'fail2ban.actions';
/** Bans lost to a repair are applied again; an environment that breaks each time is left to the next look. */
const REPAIR_ROUNDS = 3;
/** Tickets that go together: many where every action makes them in one run, else as many as fail2ban takes, so that none waits long to be told. */
const MANY = 8000;
const FEW = 10;
/** Seconds that the others wait for one action; then it goes on by itself, in its own order. */
const PATIENCE = 1;

/** The actions of one jail at work. Only the jail's queue calls it, so calls never overlap. */
export class Enforcer implements QueueWork<PlannedBan, BanTicket> {
  actions: readonly AppliedAction[];
  readonly #deps: EnforcerDeps;

  constructor(actions: readonly JailAction[], deps: EnforcerDeps) {
    this.#deps = deps;
    this.actions = actions.map((action) => this.#wrap(action));
  }

  get most(): number {
    return this.actions.every((action) => action.isLate || action.action.bulk === true) ? MANY : FEW;
  }

  /** Applies bans and tells them; one that was undone while it waited is passed over. */
  async ban(plans: readonly PlannedBan[]): Promise<void> {
    const { bans, clock, emit, jail } = this.#deps;
    const due = plans.filter(({ ticket }) => bans.get(ticket.id)?.time === ticket.time);
    const tickets = due.map(({ ticket }) => bans.get(ticket.id) ?? ticket);
    const failures: ActionFailure[] = [];
    for (const action of this.actions) failures.push(...(await this.#within(action, action.ban(tickets, clock.now()))));
    const failed = new Map<string | undefined, ActionFailure[]>();
    for (const failure of failures) failed.set(failure.id, [...(failed.get(failure.id) ?? []), failure]);
    for (const { ticket, then } of due) {
      emit({ kind: ticket.restored ? 'restore-ban' : 'ban', jail, id: ticket.id });
      this.#tell(failed.get(ticket.id) ?? []);
      for (const event of then) emit(event);
    }
    this.#tell(failed.get(undefined) ?? []);
    await this.#applyLost();
  }

  async unban(tickets: readonly BanTicket[]): Promise<void> {
    const failures: ActionFailure[] = [];
    for (const action of this.actions) failures.push(...(await this.#within(action, action.unban(tickets))));
    for (const { id } of tickets) this.#deps.emit({ kind: 'unban', jail: this.#deps.jail, id });
    this.#tell(failures);
    await this.#applyLost();
  }

  /** Undoes all these bans: at once where an action can, one by one elsewhere, and where that fails. */
  async flush(tickets: readonly BanTicket[]): Promise<void> {
    for (const action of this.actions) await this.#do(action, this.#undoAll(action, tickets));
    for (const { id } of tickets) this.#deps.emit({ kind: 'unban', jail: this.#deps.jail, id });
  }

  async start(): Promise<void> {
    for (const action of this.actions) await this.#run(action, 'start', () => action.action.start());
  }

  /** Stops the actions, the last one first; with `keep` those that can go on from what stands in the firewall leave it there. */
  async stop(keep = false): Promise<void> {
    for (const action of this.actions) action.retire();
    for (const action of this.actions.toReversed()) {
      if (keep && action.action.keeps === true) continue;
      if (keep) this.#tell(await this.#undoAll(action, this.#deps.bans.tickets()));
      this.#tell(await action.run('stop', () => action.action.stop()));
    }
  }

  /** Looks whether the bans stand in the firewall, and puts back those that somebody took out. Actions whose places are not known are left alone. */
  async recheck(): Promise<void> {
    const { bans, jail, logger } = this.#deps;
    const known = this.actions.filter(({ action, isLate }) => !isLate && (action.places ?? []).length > 0);
    for (const action of known) await this.#do(action, action.check());
    await this.#applyLost();
    for (const action of known) {
      const missing = await action.missing(() => bans.tickets());
      if (missing.length === 0) continue;
      logger.log('WARNING', LOGGER, `[${jail}] ${missing.length} ban(s) of '${action.name}' were taken out of the firewall by somebody`);
      await this.#again(action, missing, (list, now) => action.reban(list, now));
    }
  }

  /** Takes out of the firewall what a run before this one left there and nobody is banned for. */
  async sweep(): Promise<void> {
    const isBanned = (id: string): boolean => this.#deps.bans.get(id) !== null;
    for (const action of this.actions) {
      await this.#run(action, 'sweep', async () => action.action.sweep?.(isBanned));
    }
  }

  /** Looks whether the environment of the actions is as it should be, and applies what a repair has lost. */
  async check(): Promise<void> {
    for (const action of this.actions) await this.#do(action, action.check());
    await this.#applyLost();
  }

  /** Tries bans again that failed in an action. */
  async retry(action: AppliedAction, ids: readonly string[]): Promise<void> {
    const tickets = ids.map((id) => this.#deps.bans.get(id)).filter((ticket) => ticket !== null);
    if (this.actions.includes(action)) await this.#again(action, tickets, (list, now) => action.ban(list, now));
  }

  /** Kept when no action is late any more with what was asked so far. */
  async settled(): Promise<void> {
    for (const action of this.actions) await action.settled();
  }

  async prolong(ids: readonly string[]): Promise<void> {
    for (const action of this.actions) {
      const tickets = ids.map((id) => this.#deps.bans.get(id)).filter((ticket) => ticket !== null);
      await this.#do(action, action.prolong(tickets));
    }
  }

  /** Goes on with other actions: those that go are flushed and stopped, new ones get the bans in force, the others are told of the reload. */
  async change(next: readonly (AppliedAction | JailAction)[]): Promise<void> {
    const { bans, clock } = this.#deps;
    const kept = new Set(next.filter((action) => action instanceof AppliedAction));
    const leaving = this.actions.filter((action) => !kept.has(action)).toReversed();
    for (const gone of leaving) {
      gone.retire();
      await this.#do(gone, this.#undoAll(gone, bans.tickets()));
      await this.#run(gone, 'stop', () => gone.action.stop());
    }
    /** A new action may use what one that leaves uses: it begins behind its end. */
    const left = async (): Promise<void> => {
      for (const gone of leaving) await gone.settled();
    };
    const actions: AppliedAction[] = [];
    for (const action of next) {
      if (action instanceof AppliedAction) {
        await this.#run(action, 'reload', () => action.action.reload());
        actions.push(action);
        continue;
      }
      const added = this.#wrap(action);
      await this.#run(added, 'start', () => left().then(() => action.start()));
      const restored = bans.tickets().map((ticket) => ({ ...ticket, restored: true }));
      for (const part of parts(restored, added)) await this.#do(added, added.ban(part, clock.now()));
      actions.push(added);
    }
    this.actions = actions;
  }

  failed(error: unknown): void {
    this.#deps.logger.log('ERROR', LOGGER, `[${this.#deps.jail}] ${messageOf(error)}`);
  }

  #wrap(action: JailAction): AppliedAction {
    const { bans } = this.#deps;
    return new AppliedAction(action, ({ id, time }) => bans.get(id)?.time === time);
  }

  /** Has an action do something, waits for it as long as the others may wait, and tells what failed. */
  async #do(action: AppliedAction, work: Promise<readonly ActionFailure[]>): Promise<void> {
    this.#tell(await this.#within(action, work));
  }

  #run(action: AppliedAction, operation: string, work: () => Promise<void>): Promise<void> {
    return this.#do(action, action.run(operation, work));
  }

  #within(action: AppliedAction, work: Promise<readonly ActionFailure[]>): Promise<readonly ActionFailure[]> {
    return action.within(
      work,
      () => sleep(this.#deps.clock, PATIENCE),
      (failures) => this.#tell(failures),
    );
  }

  #undoAll(action: AppliedAction, tickets: readonly BanTicket[]): Promise<readonly ActionFailure[]> {
    if (action.action.canFlush) this.#deps.emit({ kind: 'flush', jail: this.#deps.jail, action: action.name });
    return action.undoAll(tickets, sizeOf(action));
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
    const failures = await this.#within(action, work(tickets, clock.now()));
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

/** Tickets that go to an action together when many do. */
function sizeOf({ action }: AppliedAction): number {
  return action.bulk === true ? MANY : FEW;
}

function parts(tickets: readonly BanTicket[], action: AppliedAction): readonly (readonly BanTicket[])[] {
  const size = sizeOf(action);
  return Array.from({ length: Math.ceil(tickets.length / size) }, (_, at) => tickets.slice(at * size, (at + 1) * size));
}
