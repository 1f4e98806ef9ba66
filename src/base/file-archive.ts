/** Reads a log that rotation put away, plain or gzipped, without holding up the process: its lines in batches, and the hash of its first line. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
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
 * @param hash of the first line that the file must have: a rotation may have put another one at the path
 * @throws what the file system and the decompression say, also in the middle; an Error for another file
 */
export async function* archiveLines(path: string, from = 0, hash: string | null = null): AsyncGenerator<ArchiveBatch> {
  const file = await openFile(path);
  try {
    if (hash !== null && (await hashOf(file, path)) !== hash) throw new Error(`${path} is another file now`);
    const chunks = textOf(file, path, isGzip(path) ? 0 : from);
    const splitter = new LineSplitter(from);
    let skip = isGzip(path) ? from : 0;
    for await (const chunk of chunks.stream) {
      const bytes = chunk as Buffer;
      const fresh = bytes.subarray(Math.min(skip, bytes.length));
      skip -= bytes.length - fresh.length;
      const lines = splitter.take(fresh);
      if (lines.length > 0) yield { lines, offset: splitter.offset, bytes: chunks.bytes() };
    }
  } finally {
    await file.close();
  }
}

/** SHA-1 of the first line with its newline, as `firstLineHash` makes it; '' when there is no complete line. Throws as `archiveLines` does. */
export async function archiveHash(path: string): Promise<string> {
  const file = await openFile(path);
  try {
    return await hashOf(file, path);
  } finally {
    await file.close();
  }
}

/** Opening a FIFO would wait for its writer: NONBLOCK does not, and then it is refused. */
async function openFile(path: string): Promise<FileHandle> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if ((await file.stat()).isFile()) return file;
  await file.close();
  throw new Error(`${path} is not a regular file`);
}

async function hashOf(file: FileHandle, path: string): Promise<string> {
  const hash = createHash('sha1');
  let seen = 0;
  for await (const chunk of textOf(file, path, 0).stream) {
    const bytes = chunk as Buffer;
    const newline = bytes.indexOf(NEWLINE);
    if (newline >= 0) return hash.update(bytes.subarray(0, newline + 1)).digest('hex');
    hash.update(bytes);
    seen += bytes.length;
    if (seen > MAX_FIRST_LINE) break;
  }
  return '';
}

/** The text from byte `start` of the file on. Whoever stops reading early leaves nothing behind; the file stays open. */
function textOf(file: FileHandle, path: string, start: number): { stream: Readable; bytes: () => number } {
  const raw = file.createReadStream({ start, highWaterMark: CHUNK, autoClose: false });
  const bytes = (): number => start + raw.bytesRead;
  if (!isGzip(path)) return { stream: raw, bytes };
  const text = createGunzip({ chunkSize: CHUNK });
  raw.on('error', (error) => text.destroy(error));
  text.on('close', () => raw.destroy());
  return { stream: raw.pipe(text), bytes };
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
