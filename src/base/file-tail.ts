/** Follows one path over rotation: from the bytes written to it, complete lines in order, each once, with exact byte positions. */
import { statSync, type Stats } from 'node:fs';
import type { Clock } from './clock';
import { messageOf } from './errors';
import { comparePlaces, FileChain, type TailPlace, type TailPosition } from './file-chain';
import type { CursorBatch } from './file-cursor';
import { isMissing } from './file-fingerprint';
import type { Generation } from './file-generation';
import { offsetSince } from './file-search';
import type { LineBlock } from './line-block';
import type { LiteralScanner } from './literal-scan';

/** Moments so near to each other are one for `search`: a few older lines more do no harm. Seconds. */
const NEARLY = 60;
/** Clocks of the world differ by up to 26 hours. Seconds. */
const ZONES = 26 * 3600;
/** Answers of `search` that are kept: for the jails of a start. */
const SEARCHES = 6;
/** A path may be empty this long (between two steps of a rotation) before that is told. Seconds. */
const PATIENCE = 1;
/** A rotated file whose disk fails for so long is given up for the one that follows it. Seconds. */
const GIVE_UP = 60;
const DAY = 86400;

export interface TailNotice {
  readonly kind: 'rotated' | 'missing' | 'unreadable' | 'back' | 'decoding' | 'too-long';
  readonly message: string;
}

export interface TailBatch {
  /** May be empty while a very long line is passed over: then read again. */
  readonly lines: readonly string[];
  /** The same lines before they are cut out. */
  readonly block: LineBlock;
  /** Byte offset just behind each line. */
  readonly ends: readonly number[];
  /** The lines are known to be of ASCII only. */
  readonly ascii: boolean;
  /** Which of the files that followed each other at the path. */
  readonly generation: number;
  /** Just behind the last line. */
  readonly position: TailPosition;
  /** Written to a rotated file after the new one was begun: new to everybody, and no progress of the position. */
  readonly late: boolean;
}

export interface TailOptions {
  /** A name that `encodingOf` knows. */
  readonly encoding: string;
  readonly clock: Clock;
  onNotice(notice: TailNotice): void;
}

/** What lines are looked for; as `FollowOptions` of the engine's sources have it. */
export interface TailSearch {
  /** Seconds since the epoch. */
  readonly since: number;
  readonly dateOf: (path: string, line: string) => number | null;
  readonly datesAs?: string;
}

/** What is kept of a path's state at a look. */
type Seen = Pick<Stats, 'dev' | 'ino' | 'size' | 'mtimeMs'>;

const NO_SEARCHES: readonly { readonly since: number; readonly datesAs: string; readonly place: TailPlace }[] = [];

export class FileTail {
  private readonly chain: FileChain;
  private trouble: 'missing' | 'unreadable' | null = null;
  private missingSince: number | null = null;
  /** The file whose last read failed. */
  private failing: Generation | null = null;
  /** What was at the path at the last look, and when all of it had been read. */
  private seen: Seen | null = null;
  private rested: Seen | null = null;
  private searched = NO_SEARCHES;
  /** When a notice was told last; made when there is one. */
  private told: Map<TailNotice['kind'], number> | null = null;

  constructor(
    readonly path: string,
    private readonly options: TailOptions,
  ) {
    this.chain = new FileChain(path, options.encoding, options.clock);
  }

  /** True while there is nothing to read at the path. */
  get troubled(): boolean {
    return this.missingSince !== null;
  }

  /** Looks at the path: opens what is new there, sees rotation, truncation and loss. Never throws. */
  check(): void {
    try {
      const stats = statSync(this.path);
      if (!stats.isFile()) return this.lost('unreadable', `${this.path} is not a regular file`);
      this.chain.update(stats);
      const { dev, ino, size, mtimeMs } = stats;
      this.seen = { dev, ino, size, mtimeMs };
    } catch (error) {
      return isMissing(error) ? this.lost('missing', `${this.path} does not exist`) : this.lost('unreadable', messageOf(error));
    }
    this.prune();
    if (this.failing?.closed === true) this.failing = null;
    if (this.failing === null) this.well();
  }

  /**
   * The next lines; null when everything written so far was read. Look with `check` first.
   * @param scanner looks for literals in them
   */
  read(scanner: LiteralScanner | null = null): TailBatch | null {
    for (let generation = this.chain.current; generation !== undefined; generation = this.chain.current) {
      const batch = this.readFrom(generation, scanner);
      if (batch !== null) return this.batchOf(generation, batch, false);
      if (generation === this.failing && this.troubledFor < GIVE_UP) return null;
      if (!this.chain.advance()) return this.readLate(scanner);
      this.rested = null;
      this.options.onNotice({ kind: 'rotated', message: `Log rotation detected for ${this.path}` });
    }
    return null;
  }

  /** True when all that was there at the last look has been read, and the file is the only one of its path. */
  get atRest(): boolean {
    return (
      this.rested !== null && this.missingSince === null && this.chain.current === this.chain.newest && this.chain.lingering.length === 0
    );
  }

  /** True when all was read and nothing was written since, by one cheap look: then `check` and `read` need not be called. */
  quiet(): boolean {
    const { rested } = this;
    if (rested === null || !this.atRest) return false;
    const now = statSync(this.path, { throwIfNoEntry: false });
    return (
      now !== undefined && now.ino === rested.ino && now.size === rested.size && now.mtimeMs === rested.mtimeMs && now.dev === rested.dev
    );
  }

  /** When the file was last written, as of the last look; seconds since the epoch, null before that. */
  get written(): number | null {
    return this.seen === null ? null : this.seen.mtimeMs / 1000;
  }

  /** Where the next line would be read. */
  get place(): TailPlace {
    const { current } = this.chain;
    return current === undefined ? { generation: 0, offset: 0 } : { generation: current.number, offset: current.offset };
  }

  /** A place as it is stored. */
  positionOf(place: TailPlace): TailPosition {
    return { firstLineHash: this.chain.byNumber(place.generation)?.hash ?? '', offset: place.offset };
  }

  /** Where the file at the path begins; null when there is none. */
  begin(): TailPlace | null {
    const { newest } = this.chain;
    return newest === undefined ? null : { generation: newest.number, offset: 0 };
  }

  /** Where the last complete line of the file at the path ends; null when there is none. */
  end(): TailPlace | null {
    const { newest } = this.chain;
    return newest === undefined ? null : { generation: newest.number, offset: newest.lastLineEnd() };
  }

  /**
   * Where the lines younger than `since` begin in the file at the path, see `offsetSince`; null when there is none. A file that was written last
   * long before then has none, in whatever zone it dates. Who dates lines alike and
   * asks for nearly the same moment, or a little later one, gets the same answer.
   */
  search({ since, dateOf, datesAs }: TailSearch): TailPlace | null {
    const { newest } = this.chain;
    if (newest === undefined) return null;
    if (newest.written / 1000 + ZONES < since) return this.end();
    const known = this.searched.find((before) => before.datesAs === datesAs && before.place.generation === newest.number);
    if (known !== undefined && known.since <= since && since - known.since < NEARLY) return known.place;
    const offset = newest.with((fd, encoding) => offsetSince(fd, encoding, since, (line) => dateOf(this.path, line))) ?? 0;
    const place = { generation: newest.number, offset };
    if (datesAs !== undefined) this.searched = [{ since, datesAs, place }].concat(this.searched.slice(0, SEARCHES - 1));
    return place;
  }

  /** Lets go of the answers of `search`: who asks later has to wait. */
  forgetSearches(): void {
    this.searched = NO_SEARCHES;
  }

  /**
   * Where a stored position is now: in the file at the path, or in the file that a rotation made of it meanwhile.
   * @returns null when that file is not to be found: all that is at the path is new
   */
  locate(position: TailPosition): TailPlace | null {
    return this.chain.locate(position);
  }

  /** Reading goes on at `place`, also when that was read already. */
  seek(place: TailPlace): void {
    if (comparePlaces(place, this.place) !== 0) this.chain.seek(place);
  }

  close(): void {
    this.chain.close();
  }

  private readFrom(generation: Generation, scanner: LiteralScanner | null): CursorBatch | null {
    const from = generation.offset;
    try {
      const batch = generation.read(scanner);
      if (batch !== null && batch.block.length > 0) generation.identify();
      if (generation === this.failing) {
        this.failing = null;
        this.well();
      }
      if (batch === null) return null;
      if (batch.flawed) this.daily('decoding', `Error decoding line from '${this.path}' with '${this.options.encoding}'.`);
      if (batch.cut) this.daily('too-long', `A line of ${this.path} is too long, it was cut`);
      return batch.block.length > 0 || batch.more ? batch : null;
    } catch (error) {
      this.failing = generation;
      if (generation.offset !== from) generation.seek(from);
      this.lost('unreadable', messageOf(error));
      return null;
    }
  }

  /** Seconds since there was something to read last. */
  private get troubledFor(): number {
    return this.missingSince === null ? 0 : this.options.clock.monotonic() - this.missingSince;
  }

  private well(): void {
    this.missingSince = null;
    if (this.trouble === null) return;
    this.trouble = null;
    this.options.onNotice({ kind: 'back', message: `${this.path} can be read again` });
  }

  private readLate(scanner: LiteralScanner | null): TailBatch | null {
    for (const generation of this.chain.lingering) {
      const batch = this.readFrom(generation, scanner);
      if (batch !== null) return this.batchOf(generation, batch, true);
    }
    this.rested = this.seen;
    return null;
  }

  private batchOf(generation: Generation, { block, ends, ascii }: CursorBatch, late: boolean): TailBatch {
    return new ReadBatch(block, ends, ascii, generation.number, this.positionOf(this.place), late);
  }

  private lost(kind: 'missing' | 'unreadable', message: string): void {
    const now = this.options.clock.monotonic();
    this.chain.displace();
    this.missingSince ??= now;
    const patient = kind === 'missing' && this.chain.newest !== undefined && now - this.missingSince < PATIENCE;
    if (!patient && this.trouble !== kind) {
      this.trouble = kind;
      this.options.onNotice({ kind, message });
    }
    this.prune();
  }

  private prune(): void {
    try {
      this.chain.prune();
    } catch {
      // Whether all was read cannot be seen on a disk that fails: files stay open, and the next read tells of it.
    }
  }

  private daily(kind: TailNotice['kind'], message: string): void {
    const now = this.options.clock.now();
    const told = (this.told ??= new Map());
    if (now - (told.get(kind) ?? -Infinity) < DAY) return;
    told.set(kind, now);
    this.options.onNotice({ kind, message });
  }
}

/** (A class: V8 gives each object with a getter of its own a shape of its own, which holds on to the block.) */
class ReadBatch implements TailBatch {
  constructor(
    readonly block: LineBlock,
    readonly ends: readonly number[],
    readonly ascii: boolean,
    readonly generation: number,
    readonly position: TailPosition,
    readonly late: boolean,
  ) {}

  get lines(): readonly string[] {
    return this.block.lines();
  }
}
