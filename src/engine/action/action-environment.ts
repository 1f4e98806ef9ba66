/** What an action's bans need around them (chains, sets): set up for each family before its first ban, looked at, mended, taken down. */
import { AppError } from '../../base/errors';
import { fillScript } from './dynamic-tags';
import { valuesWithoutTicket, type ActionJail } from './ticket-values';
import { isTrue, type Family, type Properties, type StaticCommands } from './static-tags';
import type { Environment } from './bulk/apply-changes';
import type { FamilyPlan } from './families';
import type { Logger } from '../../base/logger';
import type { ShellCommands } from './shell-commands';

const LOGGER = 'fail2ban.CommandAction';

export interface EnvironmentParts {
  readonly properties: Properties;
  readonly commands: StaticCommands;
  readonly shell: ShellCommands;
  readonly plan: FamilyPlan;
  /** Seconds for each command. */
  readonly timeout: number;
  readonly logger: Logger;
  /** Of which action of which jail, for errors. */
  readonly owner: string;
  readonly jail: ActionJail;
  /** Called before a family is started. */
  readonly onStart: (family: Family) => Promise<void>;
  /** Called when a family was mended: its bans may be lost. */
  readonly onMended: (family: Family) => void;
}

/** Failures reject with an AppError (ACTION_FAILED). Calls must not overlap. */
export class ActionEnvironment {
  /** Families whose environment stands. */
  readonly started = new Set<Family>();
  /** Families with bans that were not flushed. */
  readonly filled = new Set<Family>();
  /** How often it was mended. */
  repairs = 0;

  constructor(private readonly parts: EnvironmentParts) {}

  /** At the start of the jail. */
  async begin(): Promise<void> {
    const { families, startOnDemand } = this.parts.plan;
    if (!startOnDemand) await this.#start(families);
  }

  /** Before a ban of a family. An id that is no address may be banned by the commands of any family: all are started, again if need be. */
  async ensure(family: Family): Promise<void> {
    const { families, startOnDemand } = this.parts.plan;
    if (!startOnDemand || this.started.has(family)) return;
    if (family === 'None') await this.#start(families, true);
    else await this.#start([family]);
  }

  async stop(): Promise<void> {
    const families = [...this.started];
    this.started.clear();
    this.filled.clear();
    if (!(await this.#run('actionstop', families))) throw this.failure('Error stopping action');
  }

  async reload(): Promise<void> {
    if (!(await this.#run('actionreload', [...this.started]))) throw this.failure('Error reloading action');
  }

  async flush(): Promise<readonly Family[]> {
    const families = [...this.filled];
    if (!(await this.#run('actionflush', families))) throw this.failure('Error flushing action');
    for (const family of families) this.filled.delete(family);
    return families;
  }

  async check(): Promise<void> {
    let good = true;
    for (const family of [...this.started]) if ((await this.look(family, false)) === 'broken') good = false;
    if (!good) throw this.failure('Unable to restore environment of action');
  }

  /** Looks at a family's environment and mends it if need be; for an unban only when the action says so. */
  async look(family: Family, unban: boolean): Promise<Environment> {
    const { commands, logger, onMended, properties, shell, timeout } = this.parts;
    const check = { text: commands.command('actioncheck', family, true), args: [] };
    if (await shell.run(check, timeout)) return 'sane';
    if (unban && !isTrue(properties.get('actionrepair_on_unban'))) {
      logger.log('ERROR', LOGGER, 'Invariant check failed. Unban is impossible.');
      return 'broken';
    }
    logger.log('ERROR', LOGGER, 'Invariant check failed. Trying to restore a sane environment');
    this.repairs++;
    onMended(family);
    await this.#mend(family);
    if (await shell.run(check, timeout)) return 'mended';
    logger.log('CRITICAL', LOGGER, 'Unable to restore environment');
    return 'broken';
  }

  failure(text: string): AppError {
    return new AppError('ACTION_FAILED', `${text} ${this.parts.owner}`);
  }

  /** Runs actionstart for families; unless `again`, without those whose command the start of another family has run already. */
  async #start(families: readonly Family[], again = false): Promise<void> {
    const { commands, onStart } = this.parts;
    const done = new Set([...(again ? [] : this.started)].map((family) => commands.command('actionstart', family, true)));
    const missing = families.filter((family) => !done.has(commands.command('actionstart', family, true)));
    for (const family of missing) await onStart(family);
    if (!(await this.#run('actionstart', missing))) throw this.failure('Error starting action');
    for (const family of families) this.started.add(family);
  }

  async #mend(family: Family): Promise<void> {
    if ((this.parts.properties.get('actionrepair') ?? '') !== '') {
      const { commands, shell, timeout } = this.parts;
      await shell.run({ text: commands.command('actionrepair', family, true), args: [] }, timeout);
      return;
    }
    if (this.started.has(family)) await this.#run('actionstop', [family]);
    await this.#run('actionstart', [family]);
  }

  /** Runs a command for each family, equal ones once; all of them, even when one fails. */
  async #run(name: string, families: readonly Family[]): Promise<boolean> {
    const { commands, jail, shell, timeout } = this.parts;
    const values = valuesWithoutTicket(jail);
    const texts = new Set(families.map((family) => commands.command(name, family, true)));
    let good = true;
    for (const text of texts) if (!(await shell.run(await fillScript(text, values), timeout))) good = false;
    return good;
  }
}
