/** One file that has, or had, a path: open, known by inode and first line, read by a cursor. A rotated path has several, oldest first. */
import { closeSync, fstatSync, readSync, type Stats } from 'node:fs';
import { LineCursor, MAX_LINE, MAX_LINES, type CursorBatch } from './file-cursor';
import { encodingOf, type TextEncoding } from './file-encoding';
import type { LiteralScanner } from './literal-scan';
import { firstLineHash, hasSample, isSystemError, openRegular, sampleAt, type Sample } from './file-fingerprint';

/** A byte order mark. */
const mark = Buffer.alloc(2);

/** A file and the place to which it was read. */
export interface ReadUpTo {
  readonly device: number;
  readonly inode: number;
  readonly offset: number;
  /** What stands before that place; null when nothing was read. */
  readonly sample: Sample | null;
}

export class Generation {
  readonly device: number;
  readonly inode: number;
  /** When the file was made, milliseconds; on file systems that do not know it, when it was last written. */
  readonly birth: number;
  /** Milliseconds since the epoch. */
  readonly written: number;
  /** When another file took its path or it vanished, on the monotonic clock; null while it is at its path. */
  displaced: number | null = null;
  private readonly encoding: TextEncoding;
  private readonly cursor: LineCursor;
  private fd: number | null;
  private firstLine = '';
  private sample: Sample | null = null;
  private seenSize = -1;
  private seenTime = -1;

  /**
   * @param number counts the files that followed each other at the path; negative for those before the first that we met
   * @param encodingName a name that `encodingOf` knows
   */
  constructor(
    public number: number,
    fd: number,
    stats: Stats,
    encodingName: string,
    offset = 0,
  ) {
    this.fd = fd;
    this.device = stats.dev;
    this.inode = stats.ino;
    this.birth = birthOf(stats);
    this.written = stats.mtimeMs;
    const encoding = encodingOf(encodingName, mark.subarray(0, readSync(fd, mark, 0, 2, 0)));
    if (encoding === null) throw new Error(`unknown encoding ${encodingName}`);
    this.encoding = encoding;
    this.cursor = new LineCursor(fd, encoding, offset);
  }

  /** Opens what is at `path`; throws as `openRegular` does. */
  static open(path: string, number: number, encodingName: string): Generation {
    const { fd, stats } = openRegular(path);
    try {
      return new Generation(number, fd, stats, encodingName);
    } catch (error) {
      closeSync(fd);
      throw error;
    }
  }

  get offset(): number {
    return this.cursor.offset;
  }

  get size(): number {
    return this.fd === null ? 0 : fstatSync(this.fd).size;
  }

  get closed(): boolean {
    return this.fd === null;
  }

  /** SHA-1 of the first line; '' while there is no complete one. Kept when the file is closed. */
  get hash(): string {
    if (this.firstLine === '') this.firstLine = this.with((fd) => firstLineHash(fd)) ?? '';
    return this.firstLine;
  }

  /** Reads its first line, by which positions in it are known; throws what that read throws. */
  identify(): void {
    this.firstLine = this.hash;
  }

  is(stats: Stats): boolean {
    return this.inode === stats.ino && this.device === stats.dev;
  }

  seek(offset: number): void {
    this.cursor.seek(offset);
    this.sample = null;
  }

  /** @param scanner looks for literals in the lines */
  read(scanner: LiteralScanner | null = null): CursorBatch | null {
    if (this.fd === null) return null;
    const { offset } = this.cursor;
    const batch = this.cursor.read(MAX_LINES, scanner);
    if (batch.more || this.remember()) return batch;
    // What was read begins inside a line of another text. The next look finds that, and what was not read in the copy.
    this.cursor.seek(offset);
    return null;
  }

  /** True when the file was cut, or cut and written anew, since its end was read. */
  truncated(stats: Stats): boolean {
    if (this.fd === null) return false;
    if (stats.size < this.cursor.offset) return true;
    if (stats.size === this.seenSize && stats.mtimeMs === this.seenTime) return false;
    this.seenSize = stats.size;
    this.seenTime = stats.mtimeMs;
    const { sample } = this;
    return sample !== null && this.with((fd) => hasSample(fd, sample)) === false;
  }

  /** True when another open file, a copy, holds the bytes that were read here. */
  sampledIn(fd: number): boolean {
    return this.sample === null || hasSample(fd, this.sample);
  }

  /** True when `next` is this file written anew under another inode, as editors do it: this one has no name left, and all that was read is in the other. */
  rewrittenAs(next: Generation): boolean {
    const { sample } = this;
    if (sample === null || next.size < this.offset || this.with((fd) => fstatSync(fd).nlink) !== 0) return false;
    return next.hash === this.hash && next.with((fd) => hasSample(fd, sample)) === true;
  }

  get readUpTo(): ReadUpTo {
    const { device, inode, offset, sample } = this;
    return { device, inode, offset, sample };
  }

  /** True when this is the file that was read to there, and not a new one that was given its inode. */
  continues({ device, inode, offset, sample }: ReadUpTo): boolean {
    if (sample === null || inode !== this.inode || device !== this.device || offset > this.size) return false;
    return this.with((fd) => hasSample(fd, sample)) === true;
  }

  /** Where the last complete line ends, so that reading «from the end» never begins inside a line. */
  lastLineEnd(): number {
    return this.with((fd, encoding) => lastLineEnd(fd, encoding)) ?? this.offset;
  }

  /** What `look` finds in the open file; null when it is closed or cannot be read (a failing disk, a lost network file system). */
  with<T>(look: (fd: number, encoding: TextEncoding) => T): T | null {
    if (this.fd === null) return null;
    try {
      return look(this.fd, this.encoding);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return null;
    }
  }

  close(): void {
    if (this.fd === null) return;
    closeSync(this.fd);
    this.fd = null;
  }

  /** Keeps what stands before the place that was reached; false when the file was cut and has grown again since the last look. */
  private remember(): boolean {
    if (this.fd === null || this.cursor.offset === 0) return true;
    void this.hash;
    const { sample } = this;
    if (sample !== null && sample.anchorAt + sample.anchor.length === this.cursor.offset) return true;
    const reached = this.with((fd) => sampleAt(fd, this.cursor.offset));
    // In this order: a cut between the two is seen as well.
    if (sample !== null && this.with((fd) => hasSample(fd, sample)) === false) return false;
    this.sample = reached;
    return true;
  }
}

function lastLineEnd(fd: number, encoding: TextEncoding): number {
  const { size } = fstatSync(fd);
  const start = Math.max(0, size - MAX_LINE) & ~1;
  const bytes = Buffer.alloc(size - start);
  const got = readSync(fd, bytes, 0, bytes.length, start);
  const newline = encoding.unit === 1 ? Buffer.from([10]) : Buffer.from(encoding.bigEndian ? [0, 10] : [10, 0]);
  const text = bytes.subarray(0, got);
  let last = text.lastIndexOf(newline);
  while (last > 0 && last % encoding.unit !== 0) last = text.lastIndexOf(newline, last - 1);
  return last >= 0 ? start + last + newline.length : start === 0 ? 0 : size;
}

export function birthOf(stats: Stats): number {
  return stats.birthtimeMs > 0 ? stats.birthtimeMs : stats.mtimeMs;
}
