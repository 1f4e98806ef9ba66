/** A jail that was added and is still being configured: it answers what its configuration says, and does nothing until it is started. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { JailConfig } from '../../model/jail-config';
import type { PyValue } from '../../model/python-repr';
import type { Problem } from '../../model/problem';
import type { BannedAddress, JailStatus } from '../../model/status';
import type { JailAction, WatchedPlace } from '../action/jail-action';
import { createLineFilter } from '../filter/create-filter';
import { nameOfDatepattern } from '../filter/date-templates';
import { CommandError } from './command-error';
import type { FilterFacts } from './jail-answers';

/** What commands ask of a jail, whether it runs or is only being made. */
export interface CommandedJail {
  readonly name: string;
  readonly config: JailConfig;
  readonly facts: FilterFacts;
  change(config: JailConfig): Promise<void>;
  setIdle(idle: boolean): Promise<boolean>;
  /** @param what `counts` leaves `banned` empty */
  status(what?: 'counts'): JailStatus;
  problems(): readonly Problem[];
  /** Bans in force, those that end first at the front; with `ids` only theirs. */
  banned(ids?: readonly string[]): readonly BannedAddress[];
  ban(ids: readonly string[]): Promise<number>;
  /** @param length seconds from now, −1 for ever */
  banFor(ids: readonly string[], length: number): Promise<number>;
  attempt(id: string, lines: readonly string[]): Promise<number>;
  unban(ids: readonly string[], reportAbsent?: boolean): Promise<number>;
  unbanAll(): Promise<number>;
  /** Has one of the actions do something, behind all that was asked of it before. */
  callAction(name: string, work: (action: JailAction, now: number) => Promise<PyValue>): Promise<PyValue>;
  stop(keepBans?: boolean): Promise<void>;
  /** Where in the firewall its bans stand, as far as that is known. */
  readonly places: readonly WatchedPlace[];
  /** Whether a change by somebody else of `within` (and in it of `element`; null: of a rule, or of all) may have taken out a ban. */
  watches(within: string, element: string | null): boolean;
  /** Puts back bans that were taken out of the firewall. */
  recheck(): Promise<void>;
}

function factsOf(config: JailConfig, { clock, logger }: PendingJail['deps']): FilterFacts {
  const { regexes, problems } = { regexes: null, ...createLineFilter(config, { logger }) };
  if (regexes === null) throw new CommandError('fail2ban.server.failregex.RegexException', problems?.[0]?.message ?? 'a wrong regex');
  try {
    return { ...regexes, dateName: nameOfDatepattern(config.datepattern, clock.now()), files: [] };
  } catch (error) {
    throw new CommandError('builtins.ValueError', messageOf(error));
  }
}

export class PendingJail implements CommandedJail {
  #config: JailConfig;

  #facts: FilterFacts = { prefregex: '', failregex: [], ignoreregex: [], dateName: null, files: [] };

  constructor(
    config: JailConfig,
    readonly deps: { readonly clock: Clock; readonly logger: Logger },
  ) {
    this.#config = config;
  }

  get name(): string {
    return this.#config.name;
  }

  get config(): JailConfig {
    return this.#config;
  }

  get facts(): FilterFacts {
    return this.#facts;
  }

  /** @throws CommandError when a regex or the date pattern is wrong; then nothing has changed */
  async change(config: JailConfig): Promise<void> {
    this.#facts = factsOf(config, this.deps);
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

  readonly places: readonly WatchedPlace[] = [];

  watches(): boolean {
    return false;
  }

  async recheck(): Promise<void> {
    // it has no bans
  }

  setIdle(): Promise<boolean> {
    return this.#notStarted();
  }

  ban(): Promise<number> {
    return this.#notStarted();
  }

  banFor(): Promise<number> {
    return this.#notStarted();
  }

  callAction(): Promise<PyValue> {
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
