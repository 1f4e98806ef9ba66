/** Serves fail2ban's socket: takes commands from any number of connections, has them handled one at a time in order, and sends the answers. */
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { systemClock } from '../../base/clock';
import type { Clock } from '../../base/clock';
import { AppError, messageOf } from '../../base/errors';
import { makeSocketFolder, removeSocketFile, standingAt } from '../../base/file-socket';
import type { Command } from '../../model/command';
import type { PyValue } from '../../model/python-repr';
import { Connection } from './connection';
import { MAX_MESSAGE_BYTES } from './framing';
import { COMMAND_LIMITS, decodePickle } from './pickle-decode';
import { encodePickle } from './pickle-encode';
import { answerOf, commandOf, invalidCommand, pythonException } from './values';
import type { CommandResult } from './values';

export interface SocketServerOptions {
  readonly path: string;
  /** Carries out one command. A rejection is told to the client as an Exception with its message. */
  readonly handle: (command: Command) => Promise<CommandResult>;
  /** Takes the place of a server that still answers (`-x`); without it that is an AppError SOCKET_IN_USE. */
  readonly force?: boolean;
  /** Told of messages that could not be read and of handlers that failed, in one line. */
  readonly onProblem?: (message: string) => void;
  /** Seconds a connection may be silent between commands. */
  readonly idleTimeout?: number;
  /** Seconds a command may take to arrive once it has begun, and an answer to be read. */
  readonly transferTimeout?: number;
  readonly maxMessageBytes?: number;
  readonly clock?: Clock;
}

export interface SocketServer {
  readonly path: string;
  /** Takes no more connections and removes the socket; commands that still come are answered with `['SHUTDOWN']`. */
  stopListening(): void;
  /** Lets the answer of the running command out, then ends all connections. */
  close(): Promise<void>;
}

/** What the kernel has room for; a longer path would be cut off without a word. */
const MAX_PATH = 107;
const MAX_CONNECTIONS = 128;
/** Unfinished messages on all connections together take as much as so many of the largest. */
const MAX_PENDING = 2;
/** How long a server is given to show that it lives, seconds. */
const PROBE_SECONDS = 5;
/** How long the last answers may take to go out, seconds. */
const CLOSE_SECONDS = 2;

/**
 * Listens on a UNIX socket that only its owner may use (mode 0700). A socket file that nobody answers on is removed first. Rejects with
 * an AppError SOCKET_IN_USE when a server answers there, or when the path is taken by something that is no socket; BAD_ARGUMENT when the path
 * is too long for a socket.
 */
export async function createSocketServer(options: SocketServerOptions): Promise<SocketServer> {
  const { path } = options;
  const clock = options.clock ?? systemClock;
  if (Buffer.byteLength(path) > MAX_PATH) throw new AppError('BAD_ARGUMENT', `the path of a socket has at most ${MAX_PATH} bytes: ${path}`);
  const standing = standingAt(path);
  if (standing === 'something else') throw new AppError('SOCKET_IN_USE', `${path} is taken by something that is no socket`);
  if (standing === 'socket') {
    if (options.force !== true && (await answers(path, clock))) throw new AppError('SOCKET_IN_USE', `another server answers on ${path}`);
    removeSocketFile(path);
  }
  makeSocketFolder(path);
  const connections = new Set<Connection>();
  const maxBytes = options.maxMessageBytes ?? MAX_MESSAGE_BYTES;
  let stopped = false;
  let pending = 0;
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = (message: Buffer): Promise<Buffer> => {
    const answer = queue.then(() => (stopped ? encodePickle(['SHUTDOWN']) : answerTo(message, options)));
    queue = answer.catch(() => undefined);
    return answer;
  };
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = new Connection(socket, inTurn, {
      clock,
      idleSeconds: options.idleTimeout ?? 3600,
      transferSeconds: options.transferTimeout ?? 60,
      maxBytes,
      hold: (bytes) => (pending += bytes) <= MAX_PENDING * maxBytes,
      onProblem: options.onProblem ?? (() => undefined),
    });
    connections.add(connection);
    socket.once('close', () => connections.delete(connection));
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, path);
  const stopListening = (): void => {
    stopped = true;
    if (server.listening) server.close();
  };
  return {
    path,
    stopListening,
    close: async () => {
      stopListening();
      await Promise.all([...connections].map((connection) => connection.end(CLOSE_SECONDS)));
    },
  };
}

/** The pickle that answers a message. Never rejects: what cannot be read or said is complained about in a plain text, as fail2ban does. */
async function answerTo(message: Buffer, options: SocketServerOptions): Promise<Buffer> {
  const tell = options.onProblem ?? ((): void => undefined);
  let request: PyValue;
  try {
    request = decodePickle(message, COMMAND_LIMITS);
  } catch (error) {
    tell(`PROTO-error: load message failed: ${messageOf(error)}`);
    return encodePickle(`ERROR: ${messageOf(error)}`);
  }
  try {
    const command = commandOf(request);
    return encodePickle(answerOf(command === null ? invalidCommand() : await options.handle(command)));
  } catch (error) {
    tell(`a command could not be answered: ${messageOf(error)}`);
    const said = error instanceof AppError && error.code === 'PROTOCOL';
    return encodePickle(said ? `ERROR: ${error.message}` : answerOf(pythonException('Exception', messageOf(error))));
  }
}

/** Binds under a mask that leaves the socket to its owner from its first moment. */
function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = error.code === 'EADDRINUSE';
      const code = taken ? 'SOCKET_IN_USE' : 'SERVER_NO_PERMISSION';
      reject(new AppError(code, `cannot listen on ${path}: ${messageOf(error)}`, { cause: error }));
    });
    const mask = process.umask(0o077);
    try {
      // The socket is bound before this call returns; only the event comes later.
      server.listen(path, resolve);
    } finally {
      process.umask(mask);
    }
  });
}

/** Whether somebody takes connections on the socket: only a refused connection says that nobody does. */
function answers(path: string, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ path });
    const timer = clock.after(PROBE_SECONDS, () => finish(true));
    const finish = (alive: boolean): void => {
      timer.cancel();
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', (error: NodeJS.ErrnoException) => finish(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'));
  });
}
