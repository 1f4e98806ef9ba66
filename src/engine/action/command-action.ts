/** A shell action of action.d becomes a JailAction: families, start on demand, check, repair and once again. */
import { AppError, messageOf } from '../../base/errors';
import { parseDuration } from '../../base/duration';
import { fillScript } from './dynamic-tags';
import { shellCommands, type ShellCommands } from './shell-commands';
import {
  hasFamilyVariants,
  isTrue,
  propertyMap,
  staticCommands,
  type Family,
  type HostNames,
  type Properties,
  type StaticCommands,
} from './static-tags';
import { addressOf, familyOf, ticketValues, valuesWithoutTicket, type ActionJail, type TicketLookups } from './ticket-values';
import type { Logger } from '../../base/logger';
import type { ProcessRunner } from '../../base/process';
import type { ActionConfig } from '../../model/jail-config';
import type { BanTicket } from '../../model/ticket';
import type { JailAction } from './jail-action';

export interface CommandActionDeps {
  readonly runner: ProcessRunner;
  readonly logger: Logger;
  readonly lookups: TicketLookups;
  readonly hosts: HostNames;
  readonly allowIpv6: boolean;
}

const LOGGER = 'fail2ban.CommandAction';
type TicketCommand = 'actionban' | 'actionreban' | 'actionunban' | 'actionprolong';
const DOING: Readonly<Record<TicketCommand, string>> = {
  actionban: 'banning',
  actionreban: 'rebanning',
  actionunban: 'unbanning',
  actionprolong: 'prolonging',
};

/** One shell action of one jail. Its commands never overlap: every call waits for the one before. */
export class CommandAction implements JailAction {
  readonly name: string;
  readonly norestored: boolean;
  readonly canProlong: boolean;
  readonly canFlush: boolean;
  private readonly properties: Properties;
  private readonly commands: StaticCommands;
  private readonly shell: ShellCommands;
  private readonly families: readonly Family[];
  private readonly startOnDemand: boolean;
  private readonly timeout: number;
  /** Families whose environment stands. */
  private readonly started = new Set<Family>();
  /** Families with bans that were not flushed. */
  private readonly filled = new Set<Family>();
  private repairs = 0;
  private reportedRepairs = 0;
  private last: Promise<unknown> = Promise.resolve();

  /** Throws a DurationError when the property `timeout` is no time. */
  constructor(
    config: ActionConfig,
    private readonly jail: ActionJail,
    private readonly deps: CommandActionDeps,
  ) {
    const properties = propertyMap(config);
    const conditional = hasFamilyVariants(properties);
    this.name = config.name;
    this.properties = properties;
    this.commands = staticCommands(properties, deps.hosts);
    this.shell = shellCommands(deps.runner, deps.logger);
    this.families = familiesOf(properties, conditional, deps.allowIpv6);
    this.startOnDemand = properties.has('actionstart_on_demand') ? isTrue(properties.get('actionstart_on_demand')) : conditional;
    this.timeout = parseDuration(properties.get('timeout') ?? '60');
    this.norestored = isTrue(properties.get('norestored'));
    this.canProlong = (properties.get('actionprolong') ?? '') !== '';
    this.canFlush = (properties.get('actionflush') ?? '') !== '';
  }

  get banEpoch(): number {
    return this.repairs;
  }

  start(): Promise<void> {
    return this.inTurn(async () => {
      if (!this.startOnDemand) await this.startFamilies(this.families);
    });
  }

  stop(): Promise<void> {
    return this.inTurn(async () => {
      const families = [...this.started];
      this.started.clear();
      this.filled.clear();
      if (!(await this.runForFamilies('actionstop', families))) throw this.failure('Error stopping action');
    });
  }

  reload(): Promise<void> {
    return this.inTurn(async () => {
      if (!(await this.runForFamilies('actionreload', [...this.started]))) throw this.failure('Error reloading action');
    });
  }

  flush(): Promise<void> {
    return this.inTurn(async () => {
      const families = [...this.filled];
      if (!(await this.runForFamilies('actionflush', families))) throw this.failure('Error flushing action');
      for (const family of families) this.filled.delete(family);
    });
  }

  ban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    return this.forEach(tickets, (ticket) => this.banOne(ticket, 'actionban'));
  }

  reban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    const command = (this.properties.get('actionreban') ?? '') === '' ? 'actionban' : 'actionreban';
    return this.forEach(tickets, (ticket) => this.banOne(ticket, command));
  }

  unban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]> {
    return this.forEach(tickets, async (ticket) => {
      if (this.filled.has(this.groupOf(ticket))) await this.forTicket('actionunban', ticket);
    });
  }

  prolong(ticket: BanTicket): Promise<void> {
    return this.inTurn(async () => {
      if (this.canProlong) await this.forTicket('actionprolong', ticket);
    });
  }

  check(): Promise<boolean> {
    return this.inTurn(async () => {
      let good = true;
      for (const family of [...this.started]) if (!(await this.isSane(family, false))) good = false;
      if (!good) throw this.failure('Unable to restore environment of action');
      const repaired = this.repairs > this.reportedRepairs;
      this.reportedRepairs = this.repairs;
      return repaired;
    });
  }

  private async banOne(ticket: BanTicket, command: TicketCommand): Promise<void> {
    const family = this.groupOf(ticket);
    // An id that is no address may be banned by the commands of any family: all of them are started, again if need be.
    if (this.startOnDemand && !this.started.has(family)) {
      if (family === 'None') await this.startFamilies(this.families, true);
      else await this.startFamilies([family]);
    }
    await this.forTicket(command, ticket);
    this.started.add(family);
    this.filled.add(family);
  }

  /** Under which family a ticket is counted: an id that is no address counts as '' where families make no difference. */
  private groupOf(ticket: BanTicket): Family {
    const family = familyOf(ticket);
    return family === 'None' && this.families.includes('') ? '' : family;
  }

  /** Runs actionstart for families; unless `again`, without those whose command the start of another family has run already. */
  private async startFamilies(families: readonly Family[], again = false): Promise<void> {
    const done = new Set([...(again ? [] : this.started)].map((family) => this.commands.command('actionstart', family, true)));
    const missing = families.filter((family) => !done.has(this.commands.command('actionstart', family, true)));
    if (!(await this.runForFamilies('actionstart', missing))) throw this.failure('Error starting action');
    for (const family of families) this.started.add(family);
  }

  /** Runs a command for each family, equal ones once; all of them, even when one fails. */
  private async runForFamilies(name: string, families: readonly Family[]): Promise<boolean> {
    const texts = new Set(families.map((family) => this.commands.command(name, family, true)));
    let good = true;
    const values = valuesWithoutTicket(this.jail);
    for (const text of texts) if (!(await this.shell.run(await fillScript(text, values), this.timeout))) good = false;
    return good;
  }

  /** Runs a command of a ticket; when it fails checks, repairs, and runs it once more (also when there is nothing to check). */
  private async forTicket(name: TicketCommand, ticket: BanTicket): Promise<void> {
    const family = familyOf(ticket);
    const script = await fillScript(this.commands.command(name, family, false), ticketValues(ticket, this.jail, this.deps.lookups));
    if (await this.shell.run(script, this.timeout)) return;
    const unban = name === 'actionunban';
    if ((await this.isSane(family, unban)) && (await this.shell.run(script, this.timeout))) return;
    throw new AppError('ACTION_FAILED', `Error ${DOING[name]} ${addressOf(ticket)}`);
  }

  /** Checks a family's environment and repairs it if need be; true when it stands at the end. */
  private async isSane(family: Family, unban: boolean): Promise<boolean> {
    const check = { text: this.commands.command('actioncheck', family, true), args: [] };
    if (await this.shell.run(check, this.timeout)) return true;
    if (unban && !isTrue(this.properties.get('actionrepair_on_unban'))) {
      this.deps.logger.log('ERROR', LOGGER, 'Invariant check failed. Unban is impossible.');
      return false;
    }
    this.deps.logger.log('ERROR', LOGGER, 'Invariant check failed. Trying to restore a sane environment');
    this.repairs++;
    await this.repair(family);
    if (await this.shell.run(check, this.timeout)) return true;
    this.deps.logger.log('CRITICAL', LOGGER, 'Unable to restore environment');
    return false;
  }

  private async repair(family: Family): Promise<void> {
    if ((this.properties.get('actionrepair') ?? '') !== '') {
      await this.shell.run({ text: this.commands.command('actionrepair', family, true), args: [] }, this.timeout);
      return;
    }
    if (this.started.has(family)) await this.runForFamilies('actionstop', [family]);
    await this.runForFamilies('actionstart', [family]);
  }

  private async forEach(tickets: readonly BanTicket[], act: (ticket: BanTicket) => Promise<void>): Promise<readonly (Error | null)[]> {
    const results: (Error | null)[] = [];
    for (const ticket of tickets) {
      try {
        await this.inTurn(() => act(ticket));
        results.push(null);
      } catch (error) {
        results.push(error instanceof Error ? error : new AppError('ACTION_FAILED', messageOf(error)));
      }
    }
    return results;
  }

  private failure(text: string): AppError {
    return new AppError('ACTION_FAILED', `${text} Jail('${this.jail.name}')/${this.name}`);
  }

  /** Waits until all earlier work of this action is done. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work);
    this.last = result.catch(() => undefined);
    return result;
  }
}

/** Property `families`; else both families when the action tells them apart; else one without a name. */
function familiesOf(properties: Properties, conditional: boolean, allowIpv6: boolean): readonly Family[] {
  const words =
    properties
      .get('families')
      ?.split(/[\s,]+/)
      .filter((word) => word === 'inet4' || word === 'inet6') ?? [];
  if (words.length > 0) return words;
  if (!conditional) return [''];
  return allowIpv6 ? ['inet4', 'inet6'] : ['inet4'];
}
