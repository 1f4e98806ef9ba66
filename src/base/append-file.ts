/** A file that texts are appended to: written in order, opened anew on request (log rotation), never a reason to fail for who writes. */
import * as fs from 'node:fs';
import { messageOf } from './errors';

export interface AppendFileOptions {
  readonly path: string;
  /** Mode of a file that is made. */
  readonly mode?: number;
  /** Bytes kept while the file cannot be written; what is over is dropped, oldest first. */
  readonly maxBuffer?: number;
  /** Told once when writing fails, and again only after it has worked in between. */
  readonly onError?: (message: string) => void;
}

const MODE = 0o600;
const MAX_BUFFER = 1024 * 1024;
/** Bytes that are written without waiting for the end of a burst. */
const BURST = 128 * 1024;

/** Shared by all: what could not be written is copied out of it. */
const scratch = Buffer.allocUnsafeSlow(2 * BURST);

/** The bytes of a text, until the next one. */
function bytesOf(text: string): Buffer {
  const size = Buffer.byteLength(text);
  if (size > scratch.length) return Buffer.from(text);
  scratch.write(text, 0, size, size === text.length ? 'latin1' : 'utf8');
  return scratch.subarray(0, size);
}

export class AppendFile {
  readonly path: string;
  private handle: number | null = null;
  /** Texts since the last writing. */
  private fresh: string[] = [];
  private freshLength = 0;
  /** What could not be written. */
  private waiting: Buffer[] = [];
  private waitingBytes = 0;
  private dropped = 0;
  private scheduled = false;
  private failing = false;
  private closed = false;

  constructor(private readonly options: AppendFileOptions) {
    this.path = options.path;
  }

  /** Adds a text: it is written before the next events are handled, at once when much waits. Never throws. */
  append(text: string): void {
    if (this.closed) return;
    if (this.failing) this.keep(text);
    else {
      this.fresh.push(text);
      this.freshLength += text.length;
      if (this.freshLength >= Math.min(BURST, this.options.maxBuffer ?? MAX_BUFFER)) this.flush();
    }
    if (this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  /** Writes what waits. False when that failed: it goes on waiting, and the next text tries again. */
  flush(): boolean {
    let { fresh } = this;
    this.fresh = [];
    this.freshLength = 0;
    try {
      this.handle ??= fs.openSync(this.path, 'a', this.options.mode ?? MODE);
      while (this.waiting.length > 0) this.write(this.handle, Buffer.concat(this.waiting));
      if (fresh.length > 0) this.write(this.handle, bytesOf(fresh.join('')));
      fresh = [];
      while (this.waiting.length > 0) this.write(this.handle, Buffer.concat(this.waiting));
      if (this.dropped > 0) {
        this.options.onError?.(`${this.path}: ${this.dropped} entries were lost while it could not be written`);
        this.dropped = 0;
      }
      this.failing = false;
      return true;
    } catch (error) {
      for (const text of fresh) this.keep(text);
      if (!this.failing) this.options.onError?.(`${this.path} cannot be written: ${messageOf(error)}`);
      this.failing = true;
      return false;
    }
  }

  /** Writes what waits to the file that was open and opens the path anew: after a rotation that is a new file. False when it can't be opened. */
  reopen(): boolean {
    this.flush();
    this.release();
    return this.flush();
  }

  /** Writes what waits and closes the file; texts that come later are dropped. */
  close(): void {
    if (this.closed) return;
    if (this.waiting.length + this.fresh.length > 0) this.flush();
    this.closed = true;
    this.release();
  }

  private write(handle: number, all: Buffer): void {
    const written = fs.writeSync(handle, all);
    // A full disk may take a part: only the rest waits on.
    this.waiting = written < all.length ? [Buffer.from(all.subarray(written))] : [];
    this.waitingBytes = all.length - written;
  }

  private keep(text: string): void {
    const bytes = Buffer.from(text, 'utf8');
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    const max = this.options.maxBuffer ?? MAX_BUFFER;
    while (this.waitingBytes > max && this.waiting.length > 1) {
      this.waitingBytes -= this.waiting.shift()?.length ?? 0;
      this.dropped++;
    }
  }

  private release(): void {
    if (this.handle === null) return;
    try {
      fs.closeSync(this.handle);
    } catch (error) {
      this.options.onError?.(`${this.path} cannot be closed: ${messageOf(error)}`);
    }
    this.handle = null;
  }
}
