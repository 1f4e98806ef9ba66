/** Whether a failure is one of somebody trusted, and by what rule: ignoreself, ignoreip, ignorecommand, with a cache before them. */
import { fillKey, IgnoreCache } from './ignore-cache';
import { IgnoreFiles } from './ignore-files';
import { inRanges, matchEntry, readIgnoreEntries, type IgnoreEntries } from './ignore-entries';
import type { Clock } from '../../base/clock';
import type { FailTicket } from '../../model/ticket';
import type { JailConfig } from '../../model/jail-config';
import type { Logger } from '../../base/logger';
import type { OwnAddresses } from './own-addresses';
import type { Resolver } from '../../base/resolver';

/**
 * Runs an ignorecommand with the ticket's tags filled in, within 60 seconds; returns its exit code, null when it was ended by the time limit.
 * Who fills the tags keeps text from the log out of the shell's hands.
 */
export type IgnoreCommandRunner = (command: string, ticket: FailTicket) => Promise<number | null>;

export interface IgnoreDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resolver: Resolver;
  readonly ownAddresses: OwnAddresses;
  readonly runIgnoreCommand: IgnoreCommandRunner;
}

type IgnoreConfig = Pick<JailConfig, 'name' | 'ignoreself' | 'ignoreip' | 'ignorecommand' | 'ignorecache'>;
const LOGGER = 'fail2ban.filter';

/** The rules of one jail. */
export class IgnoreRules {
  readonly #deps: IgnoreDeps;
  readonly #files: IgnoreFiles;
  #config: IgnoreConfig;
  #entries: IgnoreEntries;
  /** Addresses and ranges only. */
  #isSimple: boolean;
  #cache: IgnoreCache | null;

  constructor(config: IgnoreConfig, deps: IgnoreDeps) {
    this.#deps = deps;
    this.#files = new IgnoreFiles(deps.clock, (path, message) =>
      deps.logger.log('ERROR', LOGGER, `[${config.name}] ignoreip file '${path}' cannot be read: ${message}`),
    );
    this.#config = config;
    this.#entries = readIgnoreEntries(config.ignoreip);
    this.#isSimple = this.#entries.others.every(({ kind }) => kind === 'range');
    this.#cache = this.#newCache();
  }

  /** Goes on with other rules; what was cached under the old ones is forgotten. */
  configure(config: IgnoreConfig): void {
    this.#config = config;
    this.#entries = readIgnoreEntries(config.ignoreip);
    this.#isSimple = this.#entries.others.every(({ kind }) => kind === 'range');
    this.#cache = this.#newCache();
  }

  /** `reason` at once: undefined when that takes a name server, a file, a command or a cache. */
  reasonNow(id: string): string | null | undefined {
    const { ignoreself, ignorecommand } = this.#config;
    if (!this.#isSimple || this.#cache !== null || ignorecommand !== '') return undefined;
    if (ignoreself) {
      const own = this.#deps.ownAddresses.hasNow(id);
      if (own === null) return undefined;
      if (own) return 'ignoreself rule';
    }
    return this.#entries.singles.has(id) || inRanges(this.#entries.others, id) ? 'ip' : null;
  }

  /** What the ticket is ignored by (`ignoreself rule`, `ip`, `dns`, `file:/path`, `command`), null when it counts. Never rejects. */
  async reason(ticket: FailTicket): Promise<string | null> {
    const cache = this.#cache;
    const key = cache === null ? '' : await fillKey(cache.options.key, ticket, (address) => this.#deps.resolver.nameOf(address));
    const known = cache?.get(key);
    if (known !== undefined) return known;
    if (this.#config.ignoreself && (await this.#deps.ownAddresses.has(ticket.id))) return remember(cache, key, 'ignoreself rule');
    if (this.#entries.singles.has(ticket.id)) return 'ip';
    const listed = await this.#listed(ticket.id);
    if (listed !== null) return remember(cache, key, listed);
    const { ignorecommand } = this.#config;
    if (ignorecommand !== '' && (await this.#commandIgnores(ignorecommand, ticket))) return remember(cache, key, 'command');
    return remember(cache, key, null);
  }

  async #listed(id: string): Promise<string | null> {
    const { resolver } = this.#deps;
    for (const entry of this.#entries.others) {
      if (entry.kind !== 'file') {
        const by = await matchEntry(entry, id, resolver);
        if (by !== null) return by;
        continue;
      }
      const content = this.#files.entries(entry.path);
      if (content.singles.has(id)) return `file:${entry.path}`;
      for (const inner of content.others) {
        if (inner.kind !== 'file' && (await matchEntry(inner, id, resolver)) !== null) return `file:${entry.path}`;
      }
    }
    return null;
  }

  async #commandIgnores(command: string, ticket: FailTicket): Promise<boolean> {
    const code = await this.#deps.runIgnoreCommand(command, ticket).catch(() => null);
    if (code === 0) return true;
    if (code !== 1) {
      const outcome = code === null ? 'did not end in time or could not be run' : `returned ${code}`;
      this.#deps.logger.log('ERROR', LOGGER, `[${this.#config.name}] ignorecommand for ${ticket.id} ${outcome}`);
    }
    return false;
  }

  #newCache(): IgnoreCache | null {
    return this.#config.ignorecache === null ? null : new IgnoreCache(this.#config.ignorecache, this.#deps.clock);
  }
}

function remember(cache: IgnoreCache | null, key: string, verdict: string | null): string | null {
  cache?.set(key, verdict);
  return verdict;
}
