/** One action of a jail together with what it has done: which bans it applied, which it failed to, when it is tried again. */
import { messageOf } from '../../base/errors';
import type { BanTicket } from '../../model/ticket';
import type { JailAction } from '../action/jail-action';
import { FailingBans } from './failing-bans';

/** What went wrong with one ticket, or (without one) with the action as a whole. */
export interface ActionFailure {
  readonly action: string;
  readonly operation: string;
  readonly id?: string;
  readonly message: string;
}

/**
 * Wraps an action; every call tells its failures instead of rejecting. Calls are done one after the other, and a ban that was lifted while it waited
 * is passed over: so an action that takes its time holds up nobody but itself.
 */
export class AppliedAction {
  /** Epoch of the action's environment in which each ban was applied. */
  readonly #applied = new Map<string, number>();
  readonly #failing = new FailingBans();
  #repairs = 0;
  #lookedAt = 0;
  #lastMessage = '';
  #turn: Promise<unknown> = Promise.resolve();
  #late = 0;
  #retired = false;

  /** @param isWanted whether a ban is in force still */
  constructor(
    readonly action: JailAction,
    private readonly isWanted: (ticket: BanTicket) => boolean = () => true,
  ) {
    this.#lookedAt = this.#epoch;
  }

  get name(): string {
    return this.action.name;
  }

  /** True while work is under way that nobody waits for any more. */
  get isLate(): boolean {
    return this.#late > 0;
  }

  /**
   * Waits for work of this action, not longer than `patience` (kept when it is over), and not at all while older work is late.
   * What comes of work that is late goes to `tell`, and [] is returned for it.
   */
  async within(work: Promise<readonly ActionFailure[]>, patience: () => Promise<void>, tell: (failures: readonly ActionFailure[]) => void) {
    const done = this.isLate ? null : await Promise.race([work, patience().then(() => null)]);
    if (done !== null) return done;
    this.#late++;
    void work.then((failures) => {
      this.#late--;
      tell(failures);
    });
    return [];
  }

  /** Kept when everything that was asked so far is done. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  /** For the jail's health: how many bans are not in force here, and why; null when all is well. */
  get trouble(): { readonly bans: number; readonly message: string } | null {
    return this.#failing.size === 0 ? null : { bans: this.#failing.size, message: this.#lastMessage };
  }

  /** Applies bans; those that fail are tried again later. Restored ones are kept from an action with `norestored`. */
  ban(tickets: readonly BanTicket[], now: number): Promise<readonly ActionFailure[]> {
    return this.#inTurn(() => this.#apply('ban', tickets, now));
  }

  /** Applies bans again that a repair of the environment has lost, or that are new to this action. */
  reban(tickets: readonly BanTicket[], now: number): Promise<readonly ActionFailure[]> {
    return this.#inTurn(() => this.#apply('reban', tickets, now));
  }

  unban(tickets: readonly BanTicket[]): Promise<readonly ActionFailure[]> {
    return this.#inTurn(() => this.#undo(tickets));
  }

  /** Begins no ban any more that waits: it is about to be stopped. */
  retire(): void {
    this.#retired = true;
  }

  /** Undoes these bans, which are all: at once where the action can, else, and where that fails, `size` together. */
  undoAll(tickets: readonly BanTicket[], size: number): Promise<readonly ActionFailure[]> {
    return this.#inTurn(async () => {
      const failures = this.action.canFlush ? await this.#attempt('flush', () => this.action.flush()) : [];
      if (this.action.canFlush && failures.length === 0) {
        this.#applied.clear();
        this.#failing.clear();
        return [];
      }
      const all = [...failures];
      for (let at = 0; at < tickets.length; at += size) all.push(...(await this.#undo(tickets.slice(at, at + size))));
      return all;
    });
  }

  prolong(tickets: readonly BanTicket[]): Promise<readonly ActionFailure[]> {
    return this.#inTurn(async () => {
      const meant = this.action.canProlong ? tickets.filter(({ id }) => this.#applied.has(id)) : [];
      return meant.length === 0 ? [] : await this.#results('prolong', meant, () => this.action.prolong(meant));
    });
  }

  /** Checks the action's environment, which may repair it. */
  check(): Promise<readonly ActionFailure[]> {
    return this.run('check', async () => {
      if ((await this.action.check()) && this.action.banEpoch === undefined) this.#repairs++;
    });
  }

  /** Of these, the bans that were applied and do not stand in the firewall any more. Never rejects. */
  missing(tickets: () => readonly BanTicket[]): Promise<readonly BanTicket[]> {
    return this.#inTurn(async () => {
      const applied = tickets().filter(({ id }) => this.#applied.has(id));
      return (await this.action.missing?.(applied).catch(() => null)) ?? [];
    });
  }

  /** Of these, the bans that were applied before the environment was repaired, and are lost. Told once after each repair. */
  lost(tickets: () => readonly BanTicket[]): readonly BanTicket[] {
    const epoch = this.#epoch;
    if (epoch === this.#lookedAt) return [];
    this.#lookedAt = epoch;
    return tickets().filter(({ id }) => (this.#applied.get(id) ?? epoch) < epoch);
  }

  /** Bans to be tried again now; each is given out once until it has failed again. */
  takeRetries(now: number): readonly string[] {
    return this.#failing.take(now);
  }

  /** Runs an operation of the action as a whole. */
  run(operation: string, work: () => Promise<void>): Promise<readonly ActionFailure[]> {
    return this.#inTurn(() => this.#attempt(operation, work));
  }

  get #epoch(): number {
    return this.#repairs + (this.action.banEpoch ?? 0);
  }

  /** Without bans that were lifted meanwhile, and restored ones where the action wants none. */
  #meant(tickets: readonly BanTicket[]): readonly BanTicket[] {
    return tickets.filter((ticket) => !this.#retired && this.isWanted(ticket) && !(ticket.restored && this.action.norestored));
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  /** Whether a ban was tried here: one that failed may have been applied all the same. */
  #knows(id: string): boolean {
    return this.#applied.has(id) || this.#failing.has(id);
  }

  #forget(id: string): void {
    this.#applied.delete(id);
    this.#failing.forget(id);
  }

  async #attempt(operation: string, work: () => Promise<void>): Promise<readonly ActionFailure[]> {
    try {
      await work();
      return [];
    } catch (error) {
      return [{ action: this.name, operation, message: messageOf(error) }];
    }
  }

  async #undo(tickets: readonly BanTicket[]): Promise<readonly ActionFailure[]> {
    const meant = tickets.filter((ticket) => this.#knows(ticket.id));
    for (const { id } of tickets) this.#forget(id);
    return meant.length === 0 ? [] : await this.#results('unban', meant, () => this.action.unban(meant));
  }

  async #apply(operation: 'ban' | 'reban', tickets: readonly BanTicket[], now: number): Promise<readonly ActionFailure[]> {
    const failures: ActionFailure[] = [];
    for (const waiting of this.#parts(tickets)) {
      // One that was lifted while those before it were made is passed over.
      const part = this.#meant(waiting);
      if (part.length === 0) continue;
      const again = this.action.reban?.bind(this.action);
      const work = operation === 'reban' && again !== undefined ? again : this.action.ban.bind(this.action);
      const results = await this.#results(operation, part, () => work(part));
      const failed = new Set(results.map(({ id }) => id));
      for (const ticket of part) {
        this.#applied.delete(ticket.id);
        if (failed.has(ticket.id)) this.#failing.failed(ticket.id, now);
        else {
          this.#failing.forget(ticket.id);
          this.#applied.set(ticket.id, this.#epoch);
        }
      }
      failures.push(...results);
    }
    const last = failures.at(-1);
    if (last !== undefined) this.#lastMessage = last.message;
    else if (tickets.length > 0) this.#failing.worked(now);
    return failures;
  }

  /** An action that repairs while it bans one by one: one ticket at a time shows which bans came before the repair. */
  #parts(tickets: readonly BanTicket[]): readonly (readonly BanTicket[])[] {
    if (tickets.length === 0) return [];
    return this.action.bulk === true || this.action.banEpoch === undefined ? [tickets] : tickets.map((ticket) => [ticket]);
  }

  async #results(
    operation: string,
    tickets: readonly BanTicket[],
    work: () => Promise<readonly (Error | null)[]>,
  ): Promise<readonly ActionFailure[]> {
    let results: readonly (Error | null)[];
    try {
      results = await work();
    } catch (error) {
      results = tickets.map(() => (error instanceof Error ? error : new Error(messageOf(error))));
    }
    return tickets.flatMap(({ id }, at) => {
      const error = results[at] ?? null;
      return error === null ? [] : [{ action: this.name, operation, id, message: messageOf(error) }];
    });
  }
}
