/** Sends commands to a server over fail2ban's socket, ours or the stock one, and brings back the answers. */
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { sleep, systemClock } from '../../base/clock';
import type { Clock } from '../../base/clock';
import { AppError, messageOf } from '../../base/errors';
import type { ErrorCode } from '../../base/errors';
import type { Command } from '../../model/command';
import { PyTuple, isPyException, pythonStr } from '../../model/python-repr';
import type { PyException, PyValue } from '../../model/python-repr';
import { CLOSE_MESSAGE, FrameReader, frame } from './framing';
import { decodePickle } from './pickle-decode';
import { encodePickle } from './pickle-encode';
import { pythonException } from './values';

/** How long a busy server is left alone, seconds. */
const BUSY_PAUSE = 0.02;

/** The server's «no»: code SERVER_REFUSED, and what the server said. */
export class ServerRefusal extends AppError {
  constructor(readonly answer: PyException) {
    super('SERVER_REFUSED', pythonStr(answer));
    this.name = 'ServerRefusal';
  }
}

export interface SocketClientOptions {
  readonly path: string;
  /** Seconds an answer may take unless a command says otherwise; fail2ban-client's 30. */
  readonly timeout?: number;
  readonly clock?: Clock;
}

/** Sends each command over a connection of its own, as fail2ban-client does. */
export class SocketClient {
  readonly path: string;
  private readonly timeout: number;
  private readonly clock: Clock;
  private readonly open = new Set<Socket>();

  constructor(options: SocketClientOptions) {
    this.path = options.path;
    this.timeout = options.timeout ?? 30;
    this.clock = options.clock ?? systemClock;
  }

  /**
   * The server's result of a command. Rejects with an AppError: SERVER_NOT_RUNNING (`cause` has the system's code: ENOENT when there is no
   * socket, ECONNREFUSED when nobody listens), SERVER_NO_PERMISSION, SERVER_TIMEOUT, PROTOCOL, or a ServerRefusal.
   * @param options.timeout seconds for connecting and for the answer
   */
  async send(command: Command, options: { readonly timeout?: number } = {}): Promise<PyValue> {
    const request = frame(encodePickle(command));
    const seconds = options.timeout ?? this.timeout;
    const deadline = this.clock.monotonic() + seconds;
    const tooLate = (cause?: unknown): AppError =>
      new AppError('SERVER_TIMEOUT', `no answer on ${this.path} within ${seconds} seconds`, { cause });
    for (;;) {
      try {
        return resultOf(decodePickle(await this.exchange(request, Math.max(0, deadline - this.clock.monotonic()), tooLate)));
      } catch (error) {
        // The stock server keeps few connections waiting: with more than those the kernel says EAGAIN.
        const busy = error instanceof AppError && error.code === 'SERVER_NOT_RUNNING' && codeOf(error.cause) === 'EAGAIN';
        if (!busy) throw error;
        if (this.clock.monotonic() + BUSY_PAUSE > deadline) throw tooLate(error);
        await sleep(this.clock, BUSY_PAUSE);
      }
    }
  }

  /** One connection: the request goes out, one message comes back. */
  private exchange(request: Buffer, seconds: number, tooLate: () => AppError): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const reader = new FrameReader();
      const socket = connect({ path: this.path });
      this.open.add(socket);
      const timer = this.clock.after(seconds, () => fail(tooLate()));
      const finish = (): void => {
        timer.cancel();
        this.open.delete(socket);
      };
      const fail = (error: AppError): void => {
        finish();
        socket.destroy();
        reject(error);
      };
      socket.on('error', (error) => fail(this.worldError(error)));
      socket.on('close', () => fail(new AppError('SERVER_NOT_RUNNING', `the server closed ${this.path} without an answer`)));
      socket.on('data', (chunk: Buffer) => {
        try {
          reader.push(chunk);
        } catch (error) {
          return fail(error instanceof AppError ? error : new AppError('PROTOCOL', messageOf(error), { cause: error }));
        }
        const message = reader.next();
        if (message === null) return;
        finish();
        socket.removeAllListeners('close');
        socket.end(CLOSE_MESSAGE).unref();
        resolve(message);
      });
      socket.write(request);
    });
  }

  /** Ends what is still open; commands that wait are rejected. */
  close(): void {
    for (const socket of this.open) socket.destroy();
  }

  private worldError(error: NodeJS.ErrnoException): AppError {
    const denied = error.code === 'EACCES' || error.code === 'EPERM';
    const code: ErrorCode = denied ? 'SERVER_NO_PERMISSION' : 'SERVER_NOT_RUNNING';
    const text = denied
      ? `the socket ${this.path} may not be used by this user`
      : `no server answers on ${this.path} (${messageOf(error)})`;
    return new AppError(code, text, { cause: error });
  }
}

function codeOf(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
}

/** The result in an answer; throws a ServerRefusal for an exception and for the server's complaints about the message itself. */
function resultOf(answer: PyValue): PyValue {
  if (answer instanceof PyTuple && answer.items.length === 2) {
    const [code, value] = answer.items;
    if (code === 0 && value !== undefined) return value;
    if (value !== undefined && isPyException(value)) throw new ServerRefusal(value);
    throw new ServerRefusal(pythonException('Exception', value ?? null));
  }
  if (typeof answer === 'string') throw new ServerRefusal(pythonException('Exception', answer));
  if (Array.isArray(answer) && answer[0] === 'SHUTDOWN') throw new AppError('SERVER_NOT_RUNNING', 'the server is shutting down');
  throw new AppError('PROTOCOL', 'the answer of the server is not one of fail2ban’s');
}
