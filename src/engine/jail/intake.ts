/** Failures of a filter become tickets that are ripe for a ban: names resolved, trusted ones left out, the rest counted. */
import { canonicalId } from '../../model/address';
import { FailureCounter } from './failure-counter';
import { fasterBan } from './offenders';
import { IgnoreRules } from './ignore';
import { messageOf } from '../../base/errors';
import type { Failure, FailTicket } from '../../model/ticket';
import type { JailConfig } from '../../model/jail-config';
import type { LineFilter } from '../filter/line-filter';
import type { JailDeps } from './jail-deps';

const LOGGER = 'fail2ban.filter';

export interface IntakeResult {
  /** What `attempt` answers: whether the failure counted. */
  readonly counted: boolean;
  readonly ripe: readonly FailTicket[];
}

/** The front half of a jail. */
export class Intake {
  readonly counter: FailureCounter;
  readonly ignore: IgnoreRules;
  readonly #deps: JailDeps;
  #config: JailConfig;

  constructor(config: JailConfig, deps: JailDeps) {
    this.#config = config;
    this.#deps = deps;
    this.counter = new FailureCounter(limitsOf(config));
    this.ignore = new IgnoreRules(config, deps);
  }

  /** Goes on with other options; what was counted stays. Returns the tickets that are ripe under the new limits. */
  configure(config: JailConfig): readonly FailTicket[] {
    this.#config = config;
    this.counter.setLimits(limitsOf(config));
    this.ignore.configure(config);
    const ripe: FailTicket[] = [];
    for (let ticket = this.counter.takeAny(); ticket !== null; ticket = this.counter.takeAny()) ripe.push(ticket);
    return ripe;
  }

  /** Goes on from what was counted, and held of open sessions, up to where the logs were left off. */
  async restore(held: LineFilter['held']): Promise<void> {
    const { clock, logger, store } = this.#deps;
    const { name, findtime } = this.#config;
    try {
      this.counter.restore(await store.countedFailures(name, clock.now() - findtime));
      const lines = await store.heldLines(name);
      if (lines !== null) held.restore(lines);
    } catch (error) {
      logger.log('ERROR', LOGGER, `[${name}] counts of failures cannot be restored: ${messageOf(error)}`);
    }
  }

  /** True when the failure has to wait for a name server. */
  mustWait(failure: Failure): boolean {
    return failure.id === null && failure.dns !== null;
  }

  /** The tickets of a failure: one, or one for each address of its name. */
  async ticketsOf(failure: Failure): Promise<readonly FailTicket[]> {
    const data = { failures: 1, matches: failure.matches, captured: failure.data };
    if (failure.id !== null) return [{ id: failure.id, time: failure.time, data }];
    if (failure.dns === null) return [];
    const addresses = [...new Set((await this.#deps.resolver.addressesOf(failure.dns)).map(canonicalId))];
    if (addresses.length > 0 && this.#config.usedns === 'warn') {
      const found = addresses.map((address) => `'${address}'`).join(', ');
      this.#deps.logger.log('WARNING', LOGGER, `Determined IP using DNS Lookup: ${printable(failure.dns)} = {${found}}`);
    }
    return addresses.map((id) => ({ id, time: failure.time, data }));
  }

  /**
   * Ignores or counts a failure of a known id at once, what is ripe goes to `ripe`; false when it has to wait for something (then nothing
   * is done): `meet` is for that.
   */
  meetNow(failure: Failure, ripe: FailTicket[]): boolean {
    if (failure.id === null || this.#config.increment.increment) return false;
    const by = this.ignore.reasonNow(failure.id);
    if (by === undefined) return false;
    const { emit } = this.#deps;
    const { id, time } = failure;
    const jail = this.#config.name;
    if (by !== null) {
      emit({ kind: 'ignore', jail, id, by });
      return true;
    }
    emit({ kind: 'found', jail, id, time });
    const retry = this.counter.addOne(id, failure);
    if (retry >= this.#config.maxretry) this.#takeTo(ripe, id);
    return true;
  }

  /** Ignores or counts one failure, and tells it. */
  async meet(ticket: FailTicket, kind: 'found' | 'attempt' = 'found', count = 1): Promise<IntakeResult> {
    const { emit } = this.#deps;
    const { name, maxretry } = this.#config;
    const by = await this.ignore.reason(ticket);
    if (by !== null) {
      emit({ kind: 'ignore', jail: name, id: ticket.id, by });
      return { counted: false, ripe: [] };
    }
    emit({ kind, jail: name, id: ticket.id, time: ticket.time });
    const ripe: FailTicket[] = [];
    if (this.counter.add(ticket, count) >= maxretry) this.#takeTo(ripe, ticket.id);
    if (this.#config.increment.increment) await this.#weighOffender(ticket, ripe);
    return { counted: true, ripe };
  }

  /** Somebody who was banned before is banned sooner. */
  async #weighOffender({ id, time }: FailTicket, ripe: FailTicket[]): Promise<void> {
    const { name, maxretry } = this.#config;
    try {
      const earlier = await this.#deps.store.earlierBans(id, name);
      const faster = fasterBan(name, id, time, earlier, maxretry);
      if (faster === null) return;
      this.#deps.emit(faster.event);
      if (this.counter.weigh(id, time, faster.more) >= maxretry) this.#takeTo(ripe, id);
    } catch (error) {
      this.#deps.logger.log('ERROR', LOGGER, `[${name}] earlier bans of ${printable(id)} cannot be read: ${messageOf(error)}`);
    }
  }

  #takeTo(ripe: FailTicket[], id: string): void {
    const ticket = this.counter.take(id);
    if (ticket !== null) ripe.push(ticket);
  }
}

function limitsOf({ maxretry, findtime, maxmatches }: JailConfig): ConstructorParameters<typeof FailureCounter>[0] {
  return { maxRetry: maxretry, findTime: findtime, maxMatches: maxmatches };
}

/** Text from a log in a message of ours: one line, not long. */
function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 256);
}
