/** Brings a jail its lines: follows its files or the journal, keeps how far it has read, and remembers that in the database. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { globMatcher, hasWildcard } from '../../base/files';
import type { Logger } from '../../base/logger';
import type { JailConfig, LogPath } from '../../model/jail-config';
import type { CountChanges, LogBatch } from '../../model/ticket';
import type { BanStore, LogPosition } from '../../contracts/database/ban-store';
import type { Follower, FollowHandle, LineReader, Position, SourceNotice } from '../source/source';
import { dateKeyOf } from '../filter/date-key';
import type { LineFilter } from '../filter/line-filter';
import type { SharedDates } from './shared-dates';

/** How often positions are written, seconds (fail2ban: about ten). */
const SAVE_EVERY = 5;
const LOGGER = 'fail2ban.filter';

export interface SourcesDeps {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly store: BanStore;
  /** Follows files the way a backend wants it. */
  readonly followerOf: (backend: string) => Follower;
  readonly dates: SharedDates;
  /** Follows the journal for a jail whose backend is systemd. */
  readonly followJournal: (config: JailConfig, position: Position | null, reader: LineReader) => FollowHandle;
}

/** Calls `handled` when the batch is, before another one is begun. */
type Handle = (batch: LogBatch, handled: () => void) => Promise<void>;

/** What the jail counted, and what its filter holds of open sessions: it is written together with how far its logs were read. */
export interface Counts {
  /** Runs `work` between two batches. */
  between<T>(work: () => T): Promise<T>;
  readonly counter: {
    takeChanges(): CountChanges | null;
    giveBack(changes: CountChanges): void;
  };
  readonly filter: Pick<LineFilter, 'held'>;
}

export class JailSources {
  readonly #deps: SourcesDeps;
  readonly #handle: Handle;
  readonly #counts: Counts;
  #config: JailConfig;
  #followed = new Map<string, FollowHandle>();
  #unsaved = new Map<string, LogPosition>();
  /** The first line of the file that each source was at last. */
  readonly #begun = new Map<string, string>();
  /** Files of patterns that are not followed by them. */
  readonly #except = new Set<string>();
  #newcomers = false;
  #saving = false;
  /** The last writing failed, and that was told. */
  #failing = false;
  /** Writings that were asked for and are not done. */
  #writing = 0;
  #saved: Promise<void> = Promise.resolve();
  #timer: Timer | null = null;
  #reader: LineReader;
  #paused = false;

  /** @param literals what a line must contain to be of use, as `LineReader` has it */
  constructor(config: JailConfig, deps: SourcesDeps, handle: Handle, literals: () => readonly string[] | null, counts: Counts) {
    this.#config = config;
    this.#deps = deps;
    this.#handle = handle;
    this.#counts = counts;
    this.#reader = {
      literals,
      onBatch: (batch, position) => this.#onBatch(batch, position),
      onNotice: (notice) => this.#onNotice(notice),
    };
  }

  /** Claims the files as they are now; reads nothing until `resume`. */
  async start(): Promise<void> {
    this.#paused = true;
    this.#timer = this.#deps.clock.every(SAVE_EVERY, () => void this.save());
    await this.#followAll();
  }

  /** Files that are followed now. */
  files(): readonly string[] {
    return [...new Set([...this.#followed.values()].flatMap((handle) => handle.files()))].filter((file) => file !== 'systemd-journal');
  }

  /** Goes on with another configuration: what is still named is not disturbed. */
  async change(config: JailConfig): Promise<void> {
    this.#config = config;
    await this.#followAll();
  }

  pause(): void {
    this.#paused = true;
    for (const handle of this.#followed.values()) handle.pause();
  }

  resume(): void {
    this.#paused = false;
    for (const handle of this.#followed.values()) handle.resume();
  }

  /** Reads no more; kept when the batch under way is handled and its position is written. */
  async stop(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    await Promise.all([...this.#followed.values()].map((handle) => handle.stop()));
    this.#followed.clear();
    await this.save();
  }

  /** Writes the positions that have changed, and what was counted up to them. A store that can't be written to is told about; they are tried again. */
  save(): Promise<void> {
    const saved = this.#writing === 0 ? this.#save() : this.#saved.then(() => this.#save());
    this.#writing++;
    this.#saved = saved.finally(() => this.#writing--);
    return this.#saved;
  }

  /** Writes all positions and counts, into a database that may lack any of them. */
  async saveAll(): Promise<void> {
    await this.#counts.between(() => {
      for (const handle of this.#followed.values()) {
        for (const file of handle.files()) {
          const position = handle.position(file);
          if (position === null || this.#unsaved.has(file)) continue;
          this.#unsaved.set(file, { firstLineHash: position.firstLineHash, position: position.offset });
        }
      }
      this.#counts.counter.giveBack({ anew: true, counted: [], gone: [] });
      this.#counts.filter.held.unwritten();
    });
    await this.save();
  }

  async #save(): Promise<void> {
    const { positions, counts, held } = await this.#counts.between(() => {
      const { counter, filter } = this.#counts;
      const taken = { positions: this.#unsaved, counts: counter.takeChanges(), held: filter.held.take() };
      this.#unsaved = new Map();
      return taken;
    });
    if (positions.size === 0 && counts === null && held === null) return;
    try {
      await this.#deps.store.saveLogPositions(this.#config.name, positions, counts, held);
      if (this.#failing) this.#tell('INFO', 'log positions are written again');
      this.#failing = false;
    } catch (error) {
      this.#unsaved = new Map([...positions, ...this.#unsaved]);
      if (counts !== null) this.#counts.counter.giveBack(counts);
      if (held !== null) this.#counts.filter.held.unwritten();
      if (!this.#failing) this.#tell('ERROR', `log positions are not written, it is tried again: ${messageOf(error)}`);
      this.#failing = true;
    }
  }

  #tell(level: 'ERROR' | 'INFO', message: string): void {
    this.#deps.logger.log(level, LOGGER, `[${this.#config.name}] ${message}`);
  }

  async #onBatch(batch: LogBatch, position: Position): Promise<void> {
    this.#remember(batch.source, position.firstLineHash);
    await this.#handle(batch, () => {
      this.#unsaved.set(batch.source, { firstLineHash: position.firstLineHash, position: position.offset });
    });
  }

  /** A file that is new to the jail is written down at once: should we be killed, and it be rotated before we are back, it is found again. */
  #remember(source: string, firstLineHash: string): void {
    if (source === 'systemd-journal' || this.#begun.get(source) === firstLineHash) return;
    this.#begun.set(source, firstLineHash);
    this.#unsaved.set(source, { firstLineHash, position: 0 });
    this.#newcomers = true;
    void this.#saveNewcomers();
  }

  /** What comes while they are written waits for the next writing: thousands of new files take a few. */
  async #saveNewcomers(): Promise<void> {
    if (this.#saving) return;
    this.#saving = true;
    while (this.#newcomers) {
      this.#newcomers = false;
      await this.save();
    }
    this.#saving = false;
  }

  #onNotice({ kind, source, message }: SourceNotice): void {
    const { logger, dates } = this.#deps;
    const { name } = this.#config;
    if (kind === 'rotated') logger.log('MSG', LOGGER, `Log rotation detected for ${source}, reason: (${message})`);
    else if (kind === 'added') logger.log('INFO', LOGGER, `Added logfile: '${source}'`);
    else if (kind === 'dropped') {
      dates.forget(source);
      logger.log('INFO', LOGGER, `Removed logfile: '${source}'`);
    } else if (kind === 'in-operation') {
      if (source === 'systemd-journal') logger.log('INFO', LOGGER, `[${name}] Jail is in operation now (process new journal entries)`);
    } else if (kind === 'reader') logger.log('ERROR', LOGGER, `[${name}] Failed to process lines of ${source}: ${message}`);
    else logger.log(kind === 'back' ? 'INFO' : 'WARNING', LOGGER, `[${name}] ${source}: ${message}`);
  }

  /** Follows what the configuration names, lets go of what it no longer names. */
  async #followAll(): Promise<void> {
    const wanted = this.#wanted();
    for (const [key, handle] of this.#followed) {
      if (wanted.has(key)) continue;
      this.#followed.delete(key);
      await handle.stop();
    }
    for (const path of this.#config.logexcept) {
      if (this.#except.has(path)) continue;
      this.#except.add(path);
      for (const handle of this.#followed.values()) handle.leave?.(path);
    }
    const stored = await this.#storedPositions();
    for (const [source, { firstLineHash }] of stored) this.#begun.set(source, firstLineHash);
    for (const [key, entry] of wanted) {
      if (!this.#followed.has(key)) this.#followed.set(key, this.#follow(entry, stored));
    }
  }

  #wanted(): Map<string, LogPath | null> {
    const { backend, logpath, logglob, logencoding, journalmatch } = this.#config;
    if (backend.startsWith('systemd')) return new Map([[JSON.stringify([backend, journalmatch]), null]]);
    const globs = logglob.filter(({ path }) => hasWildcard(path)).map(({ path, mode }) => ({ mode, matches: globMatcher(path) }));
    // What a pattern finds needs no claim of its own.
    const named = logpath.filter(
      ({ path, mode }) => this.#except.has(path) || !globs.some((glob) => glob.mode === mode && glob.matches(path)),
    );
    return new Map([...named, ...logglob].map((entry) => [JSON.stringify([entry.path, entry.mode, logencoding]), entry]));
  }

  async #storedPositions(): Promise<ReadonlyMap<string, LogPosition>> {
    try {
      return await this.#deps.store.logPositions(this.#config.name);
    } catch (error) {
      this.#tell('ERROR', `log positions cannot be read: ${messageOf(error)}`);
      return new Map();
    }
  }

  #follow(entry: LogPath | null, stored: ReadonlyMap<string, LogPosition>): FollowHandle {
    const { clock, followerOf, dates, followJournal, logger } = this.#deps;
    const config = this.#config;
    const positionOf = (path: string): Position | null => {
      const known = stored.get(path);
      return known === undefined ? null : { firstLineHash: known.firstLineHash, offset: known.position };
    };
    if (entry === null) {
      const handle = followJournal(config, positionOf('systemd-journal'), this.#reader);
      if (this.#paused) handle.pause();
      return handle;
    }
    const { path, mode } = entry;
    const position = positionOf(path);
    const options = {
      encoding: config.logencoding,
      mode,
      position,
      positionOf,
      since: clock.now() - config.findtime,
      dateOf: (source: string, line: string) => dates.timeOf(source, line, config),
      datesAs: dateKeyOf(config),
      except: this.#except,
      paused: this.#paused,
    };
    const handle = followerOf(config.backend).follow(path, options, this.#reader);
    for (const file of handle.files()) {
      const known = positionOf(file);
      logger.log('INFO', LOGGER, `Added logfile: '${file}' (pos = ${known?.offset ?? 0}, hash = ${known?.firstLineHash ?? ''})`);
    }
    return handle;
  }
}
