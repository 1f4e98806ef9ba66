/** Runs a jail over the last hours of its logs, in the time of their lines, and tells whom it would have banned. It bans nobody. */
import type { Clock } from '../../../base/clock';
import { createLogger, LEVELS, type Logger } from '../../../base/logger';
import type { Resolver } from '../../../base/resolver';
import { parseAddress } from '../../../model/address';
import type { JailConfig } from '../../../model/jail-config';
import type { JailPreview, PreviewedFile } from '../../../model/jail-preview';
import type { Problem } from '../../../model/problem';
import { createLineFilter } from '../../filter/create-filter';
import { createOwnAddresses } from '../../jail/own-addresses';
import { Jail } from '../../jail/jail';
import { LogClock } from './log-clock';
import { JOURNAL, type LogLinesSource } from './jail-logs';
import { bearsDate, type DatedLines } from './log-streams';
import { DeafResolver, NotingStore } from './notes';

export interface PreviewRequest {
  readonly config: JailConfig;
  /** What reading the files has found. */
  readonly problems: readonly Problem[];
  readonly logs: LogLinesSource;
  /** Seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  /** Seconds the preview may take, and bytes it may read. */
  readonly seconds: number;
  readonly bytes: number;
}

export interface PreviewDeps {
  /** The real time: how long the preview takes. */
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Host names are looked up by it; null: they are not. */
  readonly resolver: Resolver | null;
  /** Told how much of the time that was asked for is looked at, per cent. */
  readonly progress: ((percent: number) => void) | null;
}

const MOST_MESSAGES = 20;
const UNDATED = 'no line bears a date: all of them were looked at as if they came at the same time';

class Preview {
  readonly #clock: LogClock;
  readonly #store = new NotingStore();
  readonly #deaf = new DeafResolver();
  readonly #messages = new Set<string>();
  readonly #ignoredBy = new Map<string, number>();
  #failures = 0;
  #lines = 0;
  #first: number | null = null;
  #last: number | null = null;

  constructor(
    private readonly request: PreviewRequest,
    private readonly deps: PreviewDeps,
  ) {
    this.#clock = new LogClock(request.from);
  }

  async run(): Promise<JailPreview> {
    const { config, problems, logs, to, from } = this.request;
    const created = createLineFilter(config, { logger: this.#logger() });
    if (created.filter === null) return this.#result('end', [], [...problems, ...created.problems]);
    const jail = new Jail(
      { ...config, ignorecommand: '', ignoreip: this.#knownWords(), actions: [] },
      {
        clock: this.#clock,
        logger: this.#logger(),
        store: this.#store,
        resolver: this.deps.resolver ?? this.#deaf,
        ownAddresses: createOwnAddresses(this.#clock, this.deps.resolver ?? new DeafResolver()),
        runIgnoreCommand: () => Promise.resolve(1),
        filter: created.filter,
        actions: [],
        emit: (event) => {
          if (event.kind === 'found') this.#failures += 1;
          else if (event.kind === 'ignore') this.#ignoredBy.set(event.by, (this.#ignoredBy.get(event.by) ?? 0) + 1);
        },
      },
    );
    await jail.start();
    let stopped: JailPreview['stopped'] = 'end';
    const began = this.deps.clock.monotonic();
    let told = 0;
    for await (const lines of logs.lines()) {
      if (this.deps.clock.monotonic() - began > this.request.seconds) stopped = 'time';
      else if (logs.bytes() > this.request.bytes) stopped = 'bytes';
      if (stopped !== 'end') break;
      const percent = Math.min(100, Math.floor((100 * (lines.time - from)) / Math.max(1, to - from)));
      if (percent > told) this.deps.progress?.((told = percent));
      await this.#handle(jail, lines);
    }
    await jail.settled();
    await jail.stop({ flush: false });
    return this.#result(stopped, logs.files(), problems);
  }

  async #handle(jail: Jail, { source, time, lines, dates }: DatedLines): Promise<void> {
    const passed = Math.floor(time) > Math.floor(this.#clock.now());
    this.#clock.moveTo(time);
    if (passed) await jail.tick(this.#clock.now());
    this.#lines += lines.length;
    if (dates.some((date) => bearsDate(date) || source === JOURNAL)) {
      this.#first ??= time;
      this.#last = Math.max(time, this.#last ?? time);
    }
    await jail.handle({ source, lines, inOperation: true }, { read: (index) => dates[index]! });
  }

  /** Trusted host names are left out when nobody is asked for their addresses. */
  #knownWords(): readonly string[] {
    const { ignoreip } = this.request.config;
    return this.deps.resolver === null ? ignoreip.filter((word) => !isHostName(word)) : ignoreip;
  }

  #logger(): Logger {
    return createLogger(({ level, message }) => {
      if (LEVELS[level] >= LEVELS.WARNING && this.#messages.size < MOST_MESSAGES) this.#messages.add(message.slice(0, 500));
    });
  }

  #result(stopped: JailPreview['stopped'], files: readonly PreviewedFile[], problems: readonly Problem[]): JailPreview {
    const { config, from, to, logs } = this.request;
    const store = this.#store;
    const leftOut: JailPreview['leftOut'][number][] = [];
    if (config.ignorecommand !== '') leftOut.push('ignorecommand');
    if (this.deps.resolver === null && (this.#deaf.names > 0 || config.ignoreip.some(isHostName))) leftOut.push('names');
    if (config.increment.increment) leftOut.push('earlier bans');
    return {
      jail: config.name,
      from,
      to,
      first: this.#first,
      last: this.#last,
      stopped,
      lines: this.#lines,
      bytes: logs.bytes(),
      files,
      failures: this.#failures,
      ignored: [...this.#ignoredBy.values()].reduce((sum, count) => sum + count, 0),
      ignoredBy: Object.fromEntries(this.#ignoredBy),
      names: this.#deaf.names,
      banned: store.banned,
      addresses: store.addresses.size,
      bans: store.bans,
      leftOut,
      problems,
      messages: [...this.#messages, ...(this.#lines > 0 && this.#first === null ? [UNDATED] : [])],
    };
  }
}

/** A word of ignoreip that is neither an address, nor a range, nor a file. */
function isHostName(word: string): boolean {
  return !word.startsWith('file:') && parseAddress(word) === null;
}

/** Runs a preview. Rejects with what reading the journal rejects with, and what a wrong datepattern throws. */
export async function previewJail(request: PreviewRequest, deps: PreviewDeps): Promise<JailPreview> {
  return await new Preview(request, deps).run();
}
