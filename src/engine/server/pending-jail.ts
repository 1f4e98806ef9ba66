/** A jail that was added and is still being configured: it answers what its configuration says, and does nothing until it is started. */
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import type { BannedAddress, JailStatus } from '../../model/status';
import { CommandError } from './command-error';
import type { FilterFacts } from './jail-answers';

/** What commands ask of a jail, whether it runs or is only being made. */
export interface CommandedJail {
  readonly name: string;
  readonly config: JailConfig;
  readonly facts: FilterFacts;
  change(config: JailConfig): Promise<void>;
  setIdle(idle: boolean): Promise<boolean>;
  status(): JailStatus;
  problems(): readonly Problem[];
  /** Bans in force, those that end first at the front. */
  banned(): readonly BannedAddress[];
  ban(ids: readonly string[]): Promise<number>;
  attempt(id: string, lines: readonly string[]): Promise<number>;
  unban(ids: readonly string[], reportAbsent?: boolean): Promise<number>;
  unbanAll(): Promise<number>;
  stop(): Promise<void>;
}

export class PendingJail implements CommandedJail {
  #config: JailConfig;

  constructor(config: JailConfig) {
    this.#config = config;
  }

  get name(): string {
    return this.#config.name;
  }

  get config(): JailConfig {
    return this.#config;
  }

  get facts(): FilterFacts {
    const { prefregex, failregex, ignoreregex, datepattern } = this.#config;
    return { prefregex, failregex, ignoreregex, dateName: datepattern };
  }

  async change(config: JailConfig): Promise<void> {
    this.#config = config;
  }

  status(): JailStatus {
    const { name, logpath, journalmatch } = this.#config;
    const nobody = { currentlyFailed: 0, totalFailed: 0, currentlyBanned: 0, totalBanned: 0, banned: [] };
    return { name, files: logpath.map(({ path }) => path), journalmatch: journalmatch.map((words) => words.join(' ')), ...nobody };
  }

  problems(): readonly Problem[] {
    return [];
  }

  banned(): readonly BannedAddress[] {
    return [];
  }

  async unban(): Promise<number> {
    return 0;
  }

  async unbanAll(): Promise<number> {
    return 0;
  }

  async stop(): Promise<void> {
    // it does nothing yet, so there is nothing to end
  }

  setIdle(): Promise<boolean> {
    return this.#notStarted();
  }

  ban(): Promise<number> {
    return this.#notStarted();
  }

  attempt(): Promise<number> {
    return this.#notStarted();
  }

  #notStarted(): Promise<never> {
    return Promise.reject(
      new CommandError('builtins.RuntimeError', `jail '${this.name}' is not started: 'start ${this.name}' is wanted first`),
    );
  }
}
