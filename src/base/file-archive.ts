/** Reads a log that rotation put away, plain or gzipped, without holding up the process: its lines in batches, and the hash of its first line. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MAX_LINE } from './file-cursor';
import { encodingOf } from './file-encoding';

/** Bytes read at once, and so of one batch at most. */
const CHUNK = 128 * 1024;
/** A first line longer than this has no hash. */
const MAX_FIRST_LINE = 1 << 20;
const NEWLINE = 10;

export interface ArchiveBatch {
  readonly lines: readonly string[];
  /** Just behind the last line, in the uncompressed text. */
  readonly offset: number;
  /** Bytes of the file on disk that were read for it so far. */
  readonly bytes: number;
}

/** Whether the name says that the file is gzipped. */
export function isGzip(path: string): boolean {
  return path.endsWith('.gz');
}

/**
 * All complete lines of a regular UTF-8 file behind `from`, with bounded memory: a line longer than 64 KiB is cut.
 * @param from of the first byte of a line, in the uncompressed text
 * @throws what the file system and the decompression say, also in the middle
 */
export async function* archiveLines(path: string, from = 0): AsyncGenerator<ArchiveBatch> {
  const chunks = await open(path, isGzip(path) ? 0 : from);
  const splitter = new LineSplitter(from);
  let skip = isGzip(path) ? from : 0;
  for await (const chunk of chunks.stream) {
    const bytes = chunk as Buffer;
    const fresh = bytes.subarray(Math.min(skip, bytes.length));
    skip -= bytes.length - fresh.length;
    const lines = splitter.take(fresh);
    if (lines.length > 0) yield { lines, offset: splitter.offset, bytes: chunks.bytes() };
  }
}

/** SHA-1 of the first line with its newline, as `firstLineHash` makes it; '' when there is no complete line. Throws as `archiveLines` does. */
export async function archiveHash(path: string): Promise<string> {
  const hash = createHash('sha1');
  let seen = 0;
  for await (const chunk of (await open(path, 0)).stream) {
    const bytes = chunk as Buffer;
    const newline = bytes.indexOf(NEWLINE);
    if (newline >= 0) return hash.update(bytes.subarray(0, newline + 1)).digest('hex');
    hash.update(bytes);
    seen += bytes.length;
    if (seen > MAX_FIRST_LINE) break;
  }
  return '';
}

async function open(path: string, start: number): Promise<{ stream: Readable; bytes: () => number }> {
  // Opening a FIFO would wait for its writer.
  if (!(await stat(path)).isFile()) throw new Error(`${path} is not a regular file`);
  const file = createReadStream(path, { start, highWaterMark: CHUNK });
  const bytes = (): number => start + file.bytesRead;
  if (!isGzip(path)) return { stream: file, bytes };
  const text = createGunzip({ chunkSize: CHUNK });
  file.on('error', (error) => text.destroy(error));
  text.on('close', () => file.destroy());
  return { stream: file.pipe(text), bytes };
}

class LineSplitter {
  private rest = Buffer.alloc(0);
  /** Bytes of a line too long to be kept whole that were let go. */
  private dropped = 0;
  private readonly encoding = encodingOf('utf-8');

  constructor(public offset: number) {}

  take(chunk: Buffer): string[] {
    const last = chunk.lastIndexOf(NEWLINE);
    if (last < 0) {
      this.keep(chunk);
      return [];
    }
    const whole = Buffer.concat([this.rest, chunk.subarray(0, last + 1)]);
    this.offset += whole.length + this.dropped;
    this.rest = Buffer.alloc(0);
    this.dropped = 0;
    this.keep(chunk.subarray(last + 1));
    return this.split(whole);
  }

  private keep(bytes: Buffer): void {
    const room = Math.max(0, MAX_LINE - this.rest.length);
    this.rest = Buffer.concat([this.rest, bytes.subarray(0, room)]);
    this.dropped += Math.max(0, bytes.length - room);
  }

  private split(whole: Buffer): string[] {
    const decode = this.encoding?.decoderFor(whole);
    const lines: string[] = [];
    for (let from = 0, newline = whole.indexOf(NEWLINE); newline >= 0; from = newline + 1, newline = whole.indexOf(NEWLINE, from)) {
      let start = from;
      while (start < newline && whole[start] === 0) start++;
      lines.push((decode?.(start, Math.min(newline, start + MAX_LINE)).text ?? '').replace(/\r+$/, ''));
    }
    return lines;
  }
}
