/** Cuts the bytes of fail2ban's socket into messages: a pickle and the end marker, however the bytes arrive. */
import { AppError } from '../../base/errors';
import { OP, argumentOf, spanOf } from './pickle-opcodes';
import type { Argument } from './pickle-opcodes';

const END = Buffer.from('<F2B_END_COMMAND>');
const CLOSE = Buffer.from('<F2B_CLOSE_COMMAND>');

/** The largest message that is read: a stream of a few thousand jails stays far below. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/** A pickle as it goes over the wire. */
export function frame(pickle: Buffer): Buffer {
  return Buffer.concat([pickle, END]);
}

/** Asks the other side to close the connection. */
export const CLOSE_MESSAGE: Buffer = frame(CLOSE);

/** True for a message (without its end marker) that asks to close the connection. */
export function isCloseMessage(message: Buffer): boolean {
  return message.equals(CLOSE);
}

/**
 * Collects bytes and gives them back message by message. The end marker is text that a matched log line may contain as well, so the opcodes
 * are skipped one by one: a marker inside a counted text does not end the message.
 */
export class FrameReader {
  private buffer: Buffer = Buffer.alloc(0);
  private length = 0;
  /** Where the message begins, where its next opcode stands (or the message is no pickle), and from where the marker is looked for. */
  private start = 0;
  private opcodeAt = 0;
  private pickle = true;
  private searchFrom = 0;

  constructor(private readonly maxBytes: number = MAX_MESSAGE_BYTES) {}

  /** Bytes of a message that has begun and has not ended. */
  get pending(): number {
    return this.length - this.start;
  }

  /** Takes bytes; more than the largest message without an end is an AppError PROTOCOL. */
  push(chunk: Uint8Array): void {
    if (this.pending + chunk.length > this.maxBytes + END.length) throw new AppError('PROTOCOL', 'a message on the socket is too long');
    this.reserve(chunk.length);
    this.buffer.set(chunk, this.length);
    this.length += chunk.length;
  }

  /** The next whole message without its end marker; null when there is none yet. */
  next(): Buffer | null {
    const bytes = this.buffer.subarray(0, this.length);
    for (;;) {
      const marker = bytes.indexOf(END, this.searchFrom);
      if (marker === -1) {
        this.searchFrom = Math.max(this.searchFrom, this.length - END.length + 1);
        return null;
      }
      this.skip(bytes, marker);
      if (this.opcodeAt <= marker) return this.cut(bytes, marker);
      this.searchFrom = this.opcodeAt;
      if (this.opcodeAt > this.length) return null;
    }
  }

  /** Moves over the opcodes that stand before `marker`; ends behind it when a counted text or bytes reach over it. */
  private skip(bytes: Buffer, marker: number): void {
    while (this.pickle && this.opcodeAt < marker) {
      const byte = bytes[this.opcodeAt] ?? OP.STOP;
      const kind = byte === OP.STOP ? undefined : argumentOf(byte);
      const span = kind === undefined ? null : spanOf(kind, bytes, this.opcodeAt + 1);
      this.pickle =
        span !== null && (span.next <= marker || (isCounted(kind) && span.from <= marker && span.next - this.start <= this.maxBytes));
      if (span !== null && this.pickle) this.opcodeAt = span.next;
    }
  }

  private cut(bytes: Buffer, marker: number): Buffer {
    const message = Buffer.from(bytes.subarray(this.start, marker));
    this.start = marker + END.length;
    if (this.start === this.length) this.start = this.length = 0;
    this.opcodeAt = this.searchFrom = this.start;
    this.pickle = true;
    return message;
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const pending = this.pending;
    const grown = Buffer.allocUnsafe(Math.max(pending + count, Math.min(this.maxBytes + END.length, pending * 2), 4096));
    grown.set(this.buffer.subarray(this.start, this.length));
    this.opcodeAt -= this.start;
    this.searchFrom = Math.max(0, this.searchFrom - this.start);
    this.start = 0;
    this.length = pending;
    this.buffer = grown;
  }
}

function isCounted(kind: Argument | undefined): boolean {
  return kind === 'counted 1' || kind === 'counted 4' || kind === 'counted 8';
}
