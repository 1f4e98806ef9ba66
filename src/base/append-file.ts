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

export class AppendFile {
  readonly path: string;
  private handle: number | null = null;
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
    const bytes = Buffer.from(text, 'utf8');
    this.waiting.push(bytes);
    this.waitingBytes += bytes.length;
    const max = this.options.maxBuffer ?? MAX_BUFFER;
    if (this.waitingBytes >= Math.min(BURST, max) && !this.failing) this.flush();
    while (this.waitingBytes > max && this.waiting.length > 1) {
      this.waitingBytes -= this.waiting.shift()?.length ?? 0;
      this.dropped++;
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
    try {
      this.handle ??= fs.openSync(this.path, 'a', this.options.mode ?? MODE);
      while (this.waiting.length > 0) this.writeWaiting(this.handle);
      if (this.dropped > 0) {
        this.options.onError?.(`${this.path}: ${this.dropped} entries were lost while it could not be written`);
        this.dropped = 0;
      }
      this.failing = false;
      return true;
    } catch (error) {
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
    if (this.waiting.length > 0) this.flush();
    this.closed = true;
    this.release();
  }

  private writeWaiting(handle: number): void {
    const all = this.waiting.length === 1 ? (this.waiting[0] ?? Buffer.alloc(0)) : Buffer.concat(this.waiting);
    const written = fs.writeSync(handle, all);
    // A full disk may take a part: only the rest waits on.
    this.waiting = written < all.length ? [all.subarray(written)] : [];
    this.waitingBytes = all.length - written;
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
