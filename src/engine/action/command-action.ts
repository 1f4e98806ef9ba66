/** A shell action of action.d becomes a JailAction: families, start on demand, check, repair and once again; many bans in one run where that is known. */
import { AppError } from '../../base/errors';
import { parseDuration } from '../../base/duration';
import { ActionEnvironment } from './action-environment';
import { BulkBans, PlaceBook } from './bulk/bulk-bans';
import { attempt, BAN, COMMANDS, groupsOf, PROLONG, REBAN, UNBAN, type Operation } from './operation';
import { familyPlan } from './families';
import { fillScript } from './dynamic-tags';
import { shellCommands, type ShellCommands } from './shell-commands';
import { isTrue, propertyMap, secretsOf, staticCommands, type Family, type HostNames, type StaticCommands } from './static-tags';
import { addressOf, familyOf, ticketValues, type ActionJail, type TicketLookups } from './ticket-values';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { ProcessRunner } from '../../base/process';
import type { ActionConfig } from '../../model/jail-config';
import type { BanTicket } from '../../model/ticket';
import type { JailAction, WatchedPlace } from './jail-action';

export interface CommandActionDeps {
  readonly clock: Clock;
  readonly runner: ProcessRunner;
  readonly logger: Logger;
  readonly lookups: TicketLookups;
  readonly hosts: HostNames;
  readonly allowIpv6: boolean;
  /** The places of all actions; without it this action knows its own only. */
  readonly places?: PlaceBook;
  /** True when each command is run as it stands, also where many could be made in one run. */
  readonly singly?: boolean;
}

/** An environment that breaks each time it is mended is left to the next look. */
const ROUNDS = 3;

type Results = Map<BanTicket, Error | null>;

/** One shell action of one jail. Its commands never overlap: every call waits for the one before. */
export class CommandAction implements JailAction {
  readonly name: string;
  readonly norestored: boolean;
  readonly canProlong: boolean;
  readonly canFlush: boolean;
  /** True when many bans are made in one run. */
  readonly bulk: boolean;
  private readonly hasReban: boolean;
  private readonly commands: StaticCommands;
  private readonly shell: ShellCommands;
  private readonly environment: ActionEnvironment;
  private readonly bulkBans: BulkBans;
  private readonly plain: boolean;
  private readonly timeout: number;
  private reportedRepairs = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** Throws a DurationError when the property `timeout` is no time. */
  constructor(
    config: ActionConfig,
    private readonly jail: ActionJail,
    private readonly deps: CommandActionDeps,
  ) {
    const properties = propertyMap(config);
    const { clock, logger, runner } = deps;
    this.name = config.name;
    this.timeout = parseDuration(properties.get('timeout') ?? '60');
    this.norestored = isTrue(properties.get('norestored'));
    const has = (name: string): boolean => (properties.get(name) ?? '') !== '';
    this.canProlong = has('actionprolong');
    this.canFlush = has('actionflush');
    this.hasReban = has('actionreban');
    this.commands = staticCommands(properties, deps.hosts);
    this.shell = shellCommands(runner, logger, secretsOf(properties, this.commands));
    const plan = familyPlan(properties, deps.allowIpv6);
    this.plain = plan.families.includes('');
    this.bulkBans = new BulkBans(
      (purpose, family) => (deps.singly === true ? '' : this.commands.command(COMMANDS[purpose], family, false)),
      deps.places ?? new PlaceBook(),
      { run: (run) => this.shell.tool(run, this.timeout), now: () => clock.now() },
    );
    this.bulk = this.bulkBans.ready;
    const owner = `Jail('${jail.name}')/${this.name}`;
    const { commands, shell, timeout } = this;
    this.environment = new ActionEnvironment({
      ...{ properties, commands, shell, plan, timeout, logger, owner, jail },
      onStart: (family) => this.bulkBans.adopt(family),
      onMended: (family) => this.bulkBans.doubt([family]),
    });
  }

  get banEpoch(): number {
    return this.environment.repairs;
  }

  get keeps(): boolean {
    return this.bulkBans.keeps;
  }

  /** Where the bans of this action stand now. */
  get places(): readonly WatchedPlace[] {
    return this.bulkBans.places(this.environment.started);
  }

  start(): Promise<void> {
    return this.inTurn(() => this.environment.begin());
  }

  stop(): Promise<void> {
    return this.inTurn(async () => {
      this.bulkBans.emptied(this.environment.started);
      this.bulkBans.leave();
      await this.environment.stop();
    });
  }

  reload(): Promise<void> {
    return this.inTurn(() => this.environment.reload());
  }

  flush(): Promise<void> {
    return this.inTurn(async () => this.bulkBans.emptied(await this.environment.flush()));
  }

  ban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    return this.inTurn(() => this.enforce(BAN, tickets, false));
  }

  reban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    return this.inTurn(() => this.enforce(this.hasReban ? REBAN : BAN, tickets, true));
  }

  unban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    return this.inTurn(async () => {
      const results: Results = new Map(tickets.map((ticket) => [ticket, null]));
      await this.oneRound(
        UNBAN,
        tickets.filter((ticket) => this.environment.filled.has(this.groupOf(ticket))),
        results,
      );
      return tickets.map((ticket) => results.get(ticket) ?? null);
    });
  }

  prolong(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    return this.inTurn(async () => {
      const results: Results = new Map();
      if (this.canProlong) await this.oneRound(PROLONG, tickets, results);
      return tickets.map((ticket) => results.get(ticket) ?? null);
    });
  }

  check(): Promise<boolean> {
    return this.inTurn(async () => {
      await this.environment.check();
      const repaired = this.banEpoch > this.reportedRepairs;
      this.reportedRepairs = this.banEpoch;
      return repaired;
    });
  }

  missing(tickets: readonly BanTicket[]): Promise<readonly BanTicket[]> {
    return this.inTurn(() => this.bulkBans.missing(tickets));
  }

  sweep(isBanned: (id: string) => boolean): Promise<void> {
    return this.inTurn(() => this.bulkBans.sweep(isBanned));
  }

  /** Bans, and once more when the environment was mended meanwhile: what was done before is lost. */
  private async enforce(operation: Operation, tickets: readonly BanTicket[], again: boolean): Promise<readonly (Error | null)[]> {
    const results: Results = new Map();
    let todo = tickets;
    for (let round = 0; round < ROUNDS && todo.length > 0; round++) {
      const before = this.banEpoch;
      if (again || round > 0) for (const family of new Set(todo.map(familyOf))) await this.bulkBans.recount(family);
      await this.oneRound(operation, todo, results);
      if (this.banEpoch === before || todo.length === 1) break;
      todo = todo.filter((ticket) => results.get(ticket) === null);
    }
    return tickets.map((ticket) => results.get(ticket) ?? null);
  }

  private async oneRound(operation: Operation, tickets: readonly BanTicket[], results: Results): Promise<void> {
    for (const [family, group] of groupsOf(tickets, this.bulk)) {
      const singly = await this.together(operation, family, group, results);
      for (const ticket of singly) results.set(ticket, await attempt(() => this.one(operation, ticket)));
    }
  }

  /** Makes the changes of tickets of one family in as few runs as it takes; returns those that have to be tried singly. */
  private async together(
    operation: Operation,
    family: Family,
    tickets: readonly BanTicket[],
    results: Results,
  ): Promise<readonly BanTicket[]> {
    const shape = operation === REBAN ? null : this.bulkBans.shape(operation.purpose, family);
    if (shape === null) return tickets;
    if (operation.purpose === 'ban') {
      const error = await attempt(() => this.environment.ensure(this.groupOf(tickets[0]!)));
      for (const ticket of tickets) results.set(ticket, error);
      if (error !== null) return [];
    }
    for (let round = 0; ; round++) {
      const look = () => this.environment.look(family, operation === UNBAN);
      const { environment, failed } = await this.bulkBans.apply(shape, tickets, look);
      if (environment === 'mended' && round < ROUNDS) continue;
      if (environment === 'sane' && failed.size < tickets.length) this.stands(operation, tickets[0]!);
      if (environment === 'sane') return [...failed];
      for (const ticket of tickets) results.set(ticket, this.error(operation, ticket));
      return [];
    }
  }

  private async one(operation: Operation, ticket: BanTicket): Promise<void> {
    if (operation.purpose === 'ban') await this.environment.ensure(this.groupOf(ticket));
    await this.command(operation, ticket);
    this.stands(operation, ticket);
  }

  /** Runs the command of a ticket; when it fails checks, repairs, and runs it once more (also when there is nothing to check). */
  private async command(operation: Operation, ticket: BanTicket): Promise<void> {
    const family = familyOf(ticket);
    const text = this.commands.command(operation.command, family, false);
    const script = await fillScript(text, ticketValues(ticket, this.jail, this.deps.lookups));
    if (await this.shell.run(script, this.timeout)) return;
    const environment = await this.environment.look(family, operation === UNBAN);
    if (environment !== 'broken' && (await this.shell.run(script, this.timeout))) return;
    throw this.error(operation, ticket);
  }

  /** Bans of this ticket's family stand in the firewall now. */
  private stands(operation: Operation, ticket: BanTicket): void {
    if (operation.purpose !== 'ban') return;
    const family = this.groupOf(ticket);
    this.environment.started.add(family);
    this.environment.filled.add(family);
  }

  private error({ doing }: Operation, ticket: BanTicket): AppError {
    return new AppError('ACTION_FAILED', `Error ${doing} ${addressOf(ticket)}`);
  }

  /** Under which family a ticket is counted: an id that is no address counts as '' where families make no difference. */
  private groupOf(ticket: BanTicket): Family {
    const family = familyOf(ticket);
    return family === 'None' && this.plain ? '' : family;
  }

  /** Waits until all earlier work of this action is done. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}
