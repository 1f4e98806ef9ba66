/** One connection to fail2ban's socket: its bytes become messages, each is answered before the next is read, and every wait has a limit. */
import type { Socket } from 'node:net';
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { FrameReader, frame, isCloseMessage } from './framing';

export interface ConnectionLimits {
  readonly clock: Clock;
  /** Seconds without a command. */
  readonly idleSeconds: number;
  /** Seconds for a command to arrive whole, and for an answer to be taken. */
  readonly transferSeconds: number;
  readonly maxBytes: number;
  /** Told by how many bytes the unfinished message grew or shrank; false when all connections together hold too many. */
  readonly hold: (bytes: number) => boolean;
  readonly onProblem: (message: string) => void;
}

export class Connection {
  private readonly reader: FrameReader;
  private timer: Timer | null = null;
  private busy = false;
  private closing = false;
  /** Bytes of which `hold` was told. */
  private held = 0;
  /** The other side has sent its last byte. */
  private finished = false;

  /** @param answer gives the pickle of the answer to a message; never rejects */
  constructor(
    private readonly socket: Socket,
    private readonly answer: (message: Buffer) => Promise<Buffer>,
    private readonly limits: ConnectionLimits,
  ) {
    this.reader = new FrameReader(limits.maxBytes);
    socket.on('error', () => this.drop());
    socket.on('close', () => {
      this.timer?.cancel();
      limits.hold(-this.held);
      this.held = 0;
    });
    socket.on('data', (chunk: Buffer) => this.take(chunk));
    socket.on('end', () => {
      this.finished = true;
      if (!this.busy) this.socket.end();
    });
    this.wait(limits.idleSeconds);
  }

  /** Ends the connection: an answer that is under way may take `seconds` to go out. */
  end(seconds: number): Promise<void> {
    this.closing = true;
    if (this.socket.destroyed) return Promise.resolve();
    return new Promise((resolve) => {
      this.socket.once('close', () => resolve());
      this.wait(seconds);
      if (!this.busy) this.bye();
    });
  }

  private take(chunk: Buffer): void {
    const begun = this.reader.pending > 0;
    try {
      this.reader.push(chunk);
    } catch (error) {
      this.limits.onProblem(`PROTO-error: ${messageOf(error)}`);
      return this.drop();
    }
    if (!this.hold()) {
      this.limits.onProblem('PROTO-error: unfinished messages take too much memory');
      return this.drop();
    }
    if (!begun) this.wait(this.limits.transferSeconds);
    if (!this.busy) void this.work();
  }

  /** Answers what has arrived. Meanwhile nothing more is read: who sends faster than he is answered waits. */
  private async work(): Promise<void> {
    this.busy = true;
    this.socket.pause();
    let answered = false;
    for (let message = this.reader.next(); message !== null && !this.closing; message = this.reader.next()) {
      if (isCloseMessage(message)) {
        this.closing = true;
        break;
      }
      this.timer?.cancel();
      const answer = await this.answer(message);
      if (this.socket.destroyed) return;
      await this.send(answer);
      answered = true;
    }
    this.busy = false;
    this.hold();
    if (this.closing || this.finished) return this.bye();
    // A message that goes on has the time that it had when it began, however many pieces it comes in.
    if (answered) this.wait(this.reader.pending > 0 ? this.limits.transferSeconds : this.limits.idleSeconds);
    this.socket.resume();
  }

  /** Tells how much is held now; false when that is too much. */
  private hold(): boolean {
    if (this.socket.destroyed) return true;
    const change = this.reader.pending - this.held;
    this.held += change;
    return this.limits.hold(change);
  }

  private send(answer: Buffer): Promise<void> {
    this.wait(this.limits.transferSeconds);
    return new Promise((resolve) => {
      this.socket.write(frame(answer), () => resolve());
    });
  }

  /** Closes after what was written has gone out, whether or not the other side closes too. */
  private bye(): void {
    this.socket.end(() => this.socket.destroy());
  }

  private drop(): void {
    this.closing = true;
    this.socket.destroy();
  }

  private wait(seconds: number): void {
    this.timer?.cancel();
    this.timer = this.limits.clock.after(seconds, () => this.drop());
  }
}
