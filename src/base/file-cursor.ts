/** From an open file and a byte offset: its complete lines, batch by batch, each with the offset just behind it. */
import { readSync } from 'node:fs';
import type { TextEncoding } from './file-encoding';
import { BEGINNING, LineBlock } from './line-block';
import type { Finds, LiteralScanner } from './literal-scan';

/** A longer line is cut to this many bytes; the rest of it is skipped. */
export const MAX_LINE = 65536;
/** Lines of one batch at most: mostly the bytes read at once bound it. What is beyond is read again. */
export const MAX_LINES = 4000;
/** Bytes read at once, and so of one batch at most. */
const CHUNK = 4 * MAX_LINE;
/** Bytes decoded at once: longer strings are costly to make, and whoever keeps a line keeps what was decoded with it. */
const PIECE = 32768;
/** Bytes of a line of a log, about; and of a chunk that has only a few. */
const USUAL = 64;
const SMALL = 4096;
/** Chunks of an endless line that are searched for its newline in one call. */
const LONG_STEPS = 16;

/** Shared by all cursors: a chunk is decoded before the call that read it returns. */
const chunk = Buffer.allocUnsafeSlow(CHUNK);
const words = new DataView(chunk.buffer, chunk.byteOffset, CHUNK);

/** Whether the chunk has the same BEGINNING bytes in two places, which are there. */
function beginAlike(one: number, other: number): boolean {
  for (let at = 0; at < BEGINNING; at += 4) if (words.getUint32(one + at) !== words.getUint32(other + at)) return false;
  return true;
}

export interface CursorBatch {
  readonly lines: readonly string[];
  /** The same lines before they are cut out. */
  readonly block: LineBlock;
  /** Byte offset just behind each line. */
  readonly ends: number[];
  /** The lines are known to be of ASCII only. */
  readonly ascii: boolean;
  /** A line had bytes that do not belong to the encoding. */
  readonly flawed: boolean;
  /** A line was longer than MAX_LINE and was cut. */
  readonly cut: boolean;
  /** False when the end of the file was reached. */
  readonly more: boolean;
}

export class LineCursor {
  /** Up to here the line that begins at `offset` is known to have no newline. */
  private scanned = 0;

  /** @param offset of the first byte of a line */
  constructor(
    private readonly fd: number,
    private readonly encoding: TextEncoding,
    private lineStart = 0,
  ) {}

  /** Just behind the last complete line that was read. */
  get offset(): number {
    return this.lineStart;
  }

  /** Reading goes on at `offset`, which must be the first byte of a line. */
  seek(offset: number): void {
    this.lineStart = offset;
    this.scanned = 0;
  }

  /**
   * The next complete lines, without their line ends. A last line without newline stays for later.
   * NULs at the beginning of a line (the hole that copytruncate leaves behind a writer without O_APPEND) are passed over.
   * @param scanner looks for literals in them
   * @returns a batch without lines and with `more` false at the end
   * @throws what the read throws
   */
  read(maxLines = MAX_LINES, scanner: LiteralScanner | null = null): CursorBatch {
    if (this.scanned > this.lineStart) return this.readLongLine();
    const got = this.whole(readSync(this.fd, chunk, 0, CHUNK, this.lineStart));
    const full = got === CHUNK;
    const holes = this.skipNuls(0, got);
    if (holes > 0 && holes === got) {
      this.lineStart += got;
      return emptyBatch(full);
    }
    const last = this.lastNewline(got);
    if (last < 0) {
      // A line behind a hole may end beyond what is read at once.
      this.lineStart += holes;
      if (got - holes > MAX_LINE) this.scanned = this.lineStart + got - holes;
      return emptyBatch(full);
    }
    return this.linesUpTo(last, maxLines, full, scanner);
  }

  /** Lines of the chunk up to the newline at `last`: decoded piece by piece where a piece is plain, else line by line. */
  private linesUpTo(last: number, maxLines: number, full: boolean, scanner: LiteralScanner | null): CursorBatch {
    const batch = new FilledBatch(new LineBlock(scanner, last < SMALL ? undefined : Math.ceil(last / USUAL)), full);
    const stop = last + this.encoding.unit;
    let from = 0;
    while (from < stop && batch.block.length < maxLines) {
      const to = this.pieceEnd(from, last);
      const plain = this.encoding.isPlain(chunk.subarray(from, to));
      batch.ascii &&= plain && this.encoding.plainIsAscii;
      const finds: Finds = { literals: [], places: [] };
      if (plain || this.encoding.keepsAscii) scanner?.scan(chunk, from, to, finds);
      from = plain ? this.plainLines(from, to, maxLines, batch, finds) : this.decodedLines(from, to, maxLines, batch, finds);
    }
    this.lineStart += from;
    batch.more ||= from < stop;
    return batch;
  }

  /** Just behind the last newline of the piece that begins at `from`, or of its first line when that is longer. */
  private pieceEnd(from: number, last: number): number {
    const { unit } = this.encoding;
    if (unit !== 1 || last - from < PIECE) return last + unit;
    const before = chunk.lastIndexOf(10, from + PIECE - 1);
    return (before >= from ? before : chunk.indexOf(10, from)) + 1;
  }

  private plainLines(begin: number, to: number, maxLines: number, batch: FilledBatch, finds: Finds): number {
    const text = chunk.toString('latin1', begin, to);
    const { block, ends } = batch;
    const { literals, places } = finds;
    let find = 0;
    let from = 0;
    // Where the line before begins in the chunk; −1 when it is too short to be compared.
    let before = -1;
    while (from < text.length && block.length < maxLines) {
      const newline = text.indexOf('\n', from);
      let start = from;
      while (start < newline && text.charCodeAt(start) === 0) start++;
      let end = newline;
      if (end - start > MAX_LINE) {
        end = start + MAX_LINE;
        batch.cut = true;
      }
      while (end > start && text.charCodeAt(end - 1) === 13) end--;
      for (; find < places.length && (places[find] as number) < begin + newline; find++) block.found(literals[find] as number);
      const place = end - start < BEGINNING ? -1 : begin + start;
      block.add(text, start, end, before >= 0 && place >= 0 && beginAlike(before, place));
      before = place;
      from = newline + 1;
      ends.push(this.lineStart + begin + from);
    }
    return begin + from;
  }

  private decodedLines(begin: number, to: number, maxLines: number, batch: FilledBatch, finds: Finds): number {
    const { unit, keepsAscii } = this.encoding;
    const decode = this.encoding.decoderFor(chunk.subarray(0, to));
    const { block } = batch;
    const { literals, places } = finds;
    let find = 0;
    let from = begin;
    while (from < to && block.length < maxLines) {
      const newline = this.newline(from, to);
      const start = this.skipNuls(from, newline);
      const long = newline - start > MAX_LINE;
      const line = decode(start, long ? start + MAX_LINE : newline);
      for (; find < places.length && (places[find] as number) < newline; find++) block.found(literals[find] as number);
      if (!keepsAscii) block.missed();
      const text = withoutReturn(line.text);
      block.add(text, 0, text.length);
      from = newline + unit;
      batch.ends.push(this.lineStart + from);
      batch.cut ||= long;
      batch.flawed ||= line.flawed && !long;
    }
    return from;
  }

  private readLongLine(): CursorBatch {
    for (let step = 0; step < LONG_STEPS; step++) {
      const got = this.whole(readSync(this.fd, chunk, 0, CHUNK, this.scanned));
      if (got === 0) return emptyBatch(false);
      const newline = this.newline(0, got);
      if (newline < 0) {
        this.scanned += got;
        continue;
      }
      const end = this.scanned + newline + this.encoding.unit;
      const length = this.whole(readSync(this.fd, chunk, 0, MAX_LINE, this.lineStart));
      const { text } = this.encoding.decoderFor(chunk.subarray(0, length))(0, length);
      this.seek(end);
      const batch = new FilledBatch(new LineBlock(null), true);
      const line = withoutReturn(text);
      batch.block.add(line, 0, line.length);
      batch.ends.push(end);
      batch.ascii = false;
      batch.cut = true;
      return batch;
    }
    return emptyBatch(true);
  }

  private whole(bytes: number): number {
    return this.encoding.unit === 1 ? bytes : bytes & ~1;
  }

  private skipNuls(from: number, to: number): number {
    if (this.encoding.unit !== 1) return from;
    while (from < to && chunk[from] === 0) from++;
    return from;
  }

  /** Where the first newline in the chunk's bytes `from` to `to` begins; −1 without one. */
  private newline(from: number, to: number): number {
    if (this.encoding.unit === 1) {
      const at = chunk.indexOf(10, from);
      return at < to ? at : -1;
    }
    for (let at = chunk.indexOf(10, from); at >= 0 && at < to; at = chunk.indexOf(10, at + 1)) {
      const begin = this.encoding.bigEndian ? at - 1 : at;
      const other = this.encoding.bigEndian ? begin : begin + 1;
      if (begin >= from && begin % 2 === 0 && begin + 2 <= to && chunk[other] === 0) return begin;
    }
    return -1;
  }

  private lastNewline(to: number): number {
    if (this.encoding.unit === 1) return to === 0 ? -1 : chunk.lastIndexOf(10, to - 1);
    let last = -1;
    for (let at = this.newline(0, to); at >= 0; at = this.newline(at + 2, to)) last = at;
    return last;
  }
}

/** A batch that is being filled. */
class FilledBatch implements CursorBatch {
  readonly ends: number[] = [];
  ascii = true;
  flawed = false;
  cut = false;

  constructor(
    readonly block: LineBlock,
    public more: boolean,
  ) {}

  get lines(): readonly string[] {
    return this.block.lines();
  }
}

function emptyBatch(more: boolean): CursorBatch {
  return new FilledBatch(new LineBlock(null), more);
}

function withoutReturn(text: string): string {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 13) end--;
  return end === text.length ? text : text.slice(0, end);
}
