/** The files that followed each other at one path, oldest first: which is read now, which came, went, or was cut since the last look. */
import type { Stats } from 'node:fs';
import type { Clock } from './clock';
import { Generation, type ReadUpTo } from './file-generation';
import { openRotatedBetween, rotatedWithHash } from './file-rotated';

/** How long a file that lost its path is still read: its writer may not know yet. Seconds. */
const LINGER = 30;
/** Files that came and went between two looks, at most. */
const MAX_GENERATIONS = 200;
/** Files that were let go of whose ends are still known: one may come back to the path. */
const MOST_LEFT = 8;
/** A file system's clock ticks this coarsely, milliseconds. */
const TICK = 20;

/** As fail2ban's database keeps it. */
export interface TailPosition {
  /** SHA-1 of the first line with its newline; '' while there is no complete line. */
  readonly firstLineHash: string;
  readonly offset: number;
}

/** A position while the tail lives: which of the files that followed each other at the path, and where in it. */
export interface TailPlace {
  readonly generation: number;
  readonly offset: number;
}

export function comparePlaces(a: TailPlace, b: TailPlace): number {
  return a.generation - b.generation || a.offset - b.offset;
}

/** (Thousands of logs have none.) */
const NONE: readonly ReadUpTo[] = [];

export class FileChain {
  private generations: Generation[] = [];
  private active = 0;
  /** Of those that were let go of, the latest first. */
  private left = NONE;
  /** When the newest file was last seen at the path, milliseconds since the epoch. */
  private lastSeen = 0;

  constructor(
    private readonly path: string,
    private readonly encoding: string,
    private readonly clock: Clock,
  ) {}

  /** The file that is, or was last, at the path. */
  get newest(): Generation | undefined {
    return this.generations.at(-1);
  }

  /** The file that is read now. */
  get current(): Generation | undefined {
    return this.generations[this.active];
  }

  /** Files that were read to their end and whose writers may still write. */
  get lingering(): readonly Generation[] {
    return this.generations.slice(0, this.active);
  }

  byNumber(number: number): Generation | undefined {
    return this.generations.find((generation) => generation.number === number);
  }

  /** Opens what is at the path now. Throws when it cannot be opened; then all is as before. */
  update(stats: Stats): void {
    const { newest } = this;
    if (newest === undefined) this.append([Generation.open(this.path, 0, this.encoding)]);
    else if (!newest.is(stats)) this.replaced(newest);
    else if (newest.closed) this.reopened(newest);
    else if (newest.truncated(stats)) this.truncated(newest);
    if (this.newest !== undefined) this.newest.displaced = null;
    this.lastSeen = this.clock.now() * 1000;
  }

  /** The path has nothing to read. */
  displace(): void {
    if (this.newest !== undefined) this.newest.displaced ??= this.clock.monotonic();
  }

  /** Goes on with the next file, the present one having been read to its end; false when there is none, or it has no byte yet and so perhaps no writer. */
  advance(): boolean {
    const next = this.generations[this.active + 1];
    if (next === undefined || (next.size === 0 && next === this.newest)) return false;
    const done = this.current;
    if (done !== undefined) done.displaced ??= this.clock.monotonic();
    this.active++;
    return true;
  }

  /** The place of a stored position, opening the rotated file in which it is now; null when that is not to be found. */
  locate(position: TailPosition): TailPlace | null {
    const { newest } = this;
    if (newest === undefined) return null;
    const held = this.generations.findLast((generation) => !generation.closed && generation.hash === position.firstLineHash);
    if (held !== undefined) return { generation: held.number, offset: held.size >= position.offset ? position.offset : 0 };
    return position.firstLineHash === '' ? { generation: newest.number, offset: 0 } : this.openOlder(position);
  }

  /** Goes on at `place`, forwards or backwards; what follows it is read again. */
  seek(place: TailPlace): void {
    const index = this.generations.findIndex((generation) => generation.number === place.generation && !generation.closed);
    if (index < 0) return;
    for (let at = index; at < this.generations.length; at++) this.generations[at]!.seek(at === index ? place.offset : 0);
    this.active = index;
  }

  /** Lets go of files that lost their path long ago and were read to their end. */
  prune(): void {
    const now = this.clock.monotonic();
    while (this.active > 0 && now - (this.generations[0]?.displaced ?? now) > LINGER) this.dropOldest();
    const { current, newest } = this;
    if (current === undefined || current !== newest) return;
    if (now - (current.displaced ?? now) > LINGER && current.offset >= current.lastLineEnd()) current.close();
  }

  close(): void {
    for (const generation of this.generations) generation.close();
    this.generations = [];
    this.active = 0;
  }

  private replaced(newest: Generation): void {
    const next = Generation.open(this.path, 0, this.encoding);
    newest.displaced ??= this.clock.monotonic();
    if (newest.rewrittenAs(next)) {
      next.seek(newest.offset);
      newest.close();
      return this.append([next]);
    }
    this.goOnIn(next);
    this.append([...this.between(Math.max(newest.birth, this.lastSeen - TICK), 0, [...this.generations, next]), next]);
  }

  /** The file was away for so long that it was closed; now it is back, and the same bytes are not read twice. */
  private reopened(old: Generation): void {
    const again = Generation.open(this.path, 0, this.encoding);
    if (again.hash === old.hash && again.size >= old.offset) again.seek(old.offset);
    this.append([again]);
  }

  /** The file was copied and cut: what was not read yet is in the copy. */
  private truncated(cut: Generation): void {
    const next = Generation.open(this.path, 0, this.encoding);
    const copy = cut.hash === '' ? null : rotatedWithHash(this.path, cut.hash, cut.offset, (fd) => cut.sampledIn(fd));
    cut.displaced = this.clock.monotonic();
    cut.close();
    if (copy !== null) {
      const rest = Generation.open(copy, cut.number, this.encoding);
      rest.seek(cut.offset);
      rest.displaced = cut.displaced;
      this.generations[this.generations.indexOf(cut)] = rest;
    }
    this.append([next]);
  }

  /** A file that was read before and is back (a link that was swapped, a rotation undone) is gone on with where its lines ended. */
  private goOnIn(next: Generation): void {
    const lingering = this.lingering.find((before) => next.continues(before.readUpTo));
    const before = lingering?.readUpTo ?? this.left.find((file) => next.continues(file));
    if (before === undefined) return;
    next.seek(before.offset);
    lingering?.close();
  }

  private openOlder(position: TailPosition): TailPlace | null {
    const path = rotatedWithHash(this.path, position.firstLineHash, position.offset);
    const oldest = this.generations[0];
    if (path === null || oldest === undefined) return null;
    try {
      const first = Generation.open(path, 0, this.encoding);
      const older = [first, ...this.between(first.birth, first.written, [first, ...this.generations])];
      older.forEach((generation, index) => {
        generation.number = oldest.number - older.length + index;
        generation.displaced = this.clock.monotonic();
      });
      this.generations.unshift(...older);
      this.active += older.length;
      return { generation: first.number, offset: position.offset };
    } catch {
      return null;
    }
  }

  private between(bornAfter: number, writtenAfter: number, known: readonly Generation[]): Generation[] {
    return openRotatedBetween({
      path: this.path,
      encoding: this.encoding,
      bornAfter,
      writtenAfter,
      knownHashes: new Set(known.map((generation) => generation.hash)),
      isKnown: (inode, device) => known.some((other) => other.inode === inode && other.device === device),
    });
  }

  private append(newer: readonly Generation[]): void {
    for (const generation of newer) {
      generation.number = (this.newest?.number ?? -1) + 1;
      this.generations = this.generations.concat(generation);
    }
    while (this.generations.length > MAX_GENERATIONS) this.dropOldest();
  }

  private dropOldest(): void {
    const gone = this.generations.shift();
    if (gone !== undefined) {
      this.left = [gone.readUpTo, ...this.left.filter(({ inode }) => inode !== gone.inode)].slice(0, MOST_LEFT);
      gone.close();
    }
    this.active = Math.max(0, this.active - 1);
  }
}
