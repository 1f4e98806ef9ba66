/** The server side of the socket: who may use it, in which order commands run, and what hostile connections can do to others. */
import { chmodSync, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SocketClient } from '../../../src/contracts/socket/client';
import { CLOSE_MESSAGE, FrameReader, frame } from '../../../src/contracts/socket/framing';
import { decodePickle } from '../../../src/contracts/socket/pickle-decode';
import { encodePickle } from '../../../src/contracts/socket/pickle-encode';
import { createSocketServer } from '../../../src/contracts/socket/server';
import type { SocketServer, SocketServerOptions } from '../../../src/contracts/socket/server';
import { invalidCommand, pythonException, unknownJail } from '../../../src/contracts/socket/values';
import type { CommandResult } from '../../../src/contracts/socket/values';
import type { Command } from '../../../src/model/command';
import { PyTuple } from '../../../src/model/python-repr';
import type { PyValue } from '../../../src/model/python-repr';
import { runProgram, runProgramAsync } from '../../support/stock-server';

const wait = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

let folder: string;
let path: string;
let server: SocketServer | null = null;
let seen: Command[];

async function handle(command: Command): Promise<CommandResult> {
  seen.push(command);
  const [word, ...rest] = command;
  if (word === 'ping') return { result: 'pong' };
  if (word === 'echo') return { result: rest };
  if (word === 'status') return unknownJail(String(rest[0]));
  if (word === 'slow') await wait(50);
  if (word === 'slow') return { result: seen.length };
  if (word === 'file') return pythonException('FileNotFoundError', 2, 'No such file or directory', '/p');
  if (word === 'throw') throw new Error('our own mistake');
  if (word === 'endless') return { result: endless };
  if (word === 'stop') server?.stopListening();
  return word === 'stop' ? { result: null } : invalidCommand();
}
const endless: PyValue[] = [];
endless.push(endless);

async function start(options: Partial<SocketServerOptions> = {}): Promise<SocketServer> {
  server = await createSocketServer({ path, handle, ...options });
  return server;
}

/** A raw connection that collects what the server answers. */
function raw(): Promise<{ socket: Socket; answers: PyValue[]; closed: Promise<void> }> {
  return new Promise((resolve) => {
    const socket = connect({ path, allowHalfOpen: true });
    const answers: PyValue[] = [];
    const reader = new FrameReader();
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      reader.push(chunk);
      for (let message = reader.next(); message !== null; message = reader.next()) answers.push(decodePickle(message));
    });
    socket.on('end', () => socket.end());
    const closed = new Promise<void>((done) => socket.once('close', () => done()));
    socket.once('connect', () => resolve({ socket, answers, closed }));
  });
}

const packed = (...command: PyValue[]): Buffer => frame(encodePickle(command));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bailiff-socket-'));
  path = join(folder, 'run', 'fail2ban.sock');
  seen = [];
});
afterEach(async () => {
  await server?.close();
  server = null;
  rmSync(folder, { recursive: true, force: true });
});

describe('the socket file', () => {
  it('is made with its folder, for its owner alone, and goes with the server', async () => {
    const mask = process.umask();
    const running = await start();
    expect(statSync(path).mode & 0o7777).toBe(0o700);
    expect(process.umask()).toBe(mask);
    await running.close();
    expect(existsSync(path)).toBe(false);
  });

  it('of a server that still answers is left alone, unless force is given', async () => {
    await start();
    await expect(createSocketServer({ path, handle })).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    await expect(new SocketClient({ path }).send(['ping'])).resolves.toBe('pong');
    const second = await createSocketServer({ path, handle: () => Promise.resolve({ result: 'second' }), force: true });
    await expect(new SocketClient({ path }).send(['ping'])).resolves.toBe('second');
    await second.close();
  });

  it('that a dead server left behind is replaced', async () => {
    const script = 'import socket,sys,os\ns=socket.socket(socket.AF_UNIX)\nos.makedirs(os.path.dirname(sys.argv[1]))\ns.bind(sys.argv[1])';
    expect(runProgram('/usr/bin/python3', ['-c', script, path]).code).toBe(0);
    expect(statSync(path).isSocket()).toBe(true);
    await start();
    await expect(new SocketClient({ path }).send(['ping'])).resolves.toBe('pong');
  });

  it('is never made in the place of a file that is no socket', async () => {
    path = join(folder, 'precious');
    writeFileSync(path, 'data');
    await expect(createSocketServer({ path, handle, force: true })).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    expect(statSync(path).isFile()).toBe(true);
  });

  it('that cannot be made is an error with a code', async () => {
    path = join(folder, 'x'.repeat(200));
    await expect(createSocketServer({ path, handle })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});

describe('commands', () => {
  it('of one connection are answered in order, however they are sent', async () => {
    await start();
    const { socket, answers, closed } = await raw();
    socket.write(
      Buffer.concat([packed('slow'), packed('ping'), packed('echo', 'a', 1), packed('nonsense'), CLOSE_MESSAGE, packed('ping')]),
    );
    await closed;
    expect(answers).toEqual([
      new PyTuple([0, 1]),
      new PyTuple([0, 'pong']),
      new PyTuple([0, ['a', 1]]),
      new PyTuple([1, invalidCommand()]),
    ]);
    expect(seen).toHaveLength(4);
  });

  it('of several connections run one at a time', async () => {
    await start();
    const client = new SocketClient({ path });
    const results = await Promise.all([client.send(['slow']), client.send(['slow']), client.send(['slow'])]);
    // Were they run side by side, each would have seen all three.
    expect(results).toEqual([1, 2, 3]);
  });

  it('that come byte by byte, or as a tuple, or with a set and a dict are understood', async () => {
    await start();
    const { socket, answers } = await raw();
    for (const byte of packed('ping')) socket.write(Buffer.from([byte]));
    socket.write(frame(encodePickle(new PyTuple(['echo', new Set(['x']), new Map([['k', 1]]), null, true, 0.5]))));
    while (answers.length < 2) await wait(5);
    expect(seen).toEqual([['ping'], ['echo', ['x'], { k: 1 }, null, true, 0.5]]);
    socket.destroy();
  });

  it('are answered to a client that has closed its sending side', async () => {
    await start();
    const { socket, answers, closed } = await raw();
    socket.end(packed('slow'));
    await closed;
    expect(answers).toHaveLength(1);
  });

  it('that fail, or whose result cannot be sent, are answered all the same', async () => {
    const problems: string[] = [];
    await start({ onProblem: (message) => problems.push(message) });
    const client = new SocketClient({ path });
    await expect(client.send(['throw'])).rejects.toMatchObject({ code: 'SERVER_REFUSED', message: 'our own mistake' });
    await expect(client.send(['endless'])).rejects.toMatchObject({
      code: 'SERVER_REFUSED',
      message: expect.stringContaining('nested too deeply') as string,
    });
    expect(problems).toHaveLength(2);
  });

  it('that come while the server shuts down are told so, and the one that stops it is answered', async () => {
    await start();
    const { socket, answers } = await raw();
    socket.write(Buffer.concat([packed('stop'), packed('ping')]));
    while (answers.length < 2) await wait(5);
    expect(answers).toEqual([new PyTuple([0, null]), ['SHUTDOWN']]);
    expect(existsSync(path)).toBe(false);
    socket.destroy();
  });
});

describe('hostile connections', () => {
  it('get a complaint for bytes that are no pickle, and the next command is answered', async () => {
    const problems: string[] = [];
    await start({ onProblem: (message) => problems.push(message) });
    const { socket, answers } = await raw();
    const system = Buffer.from("cos\nsystem\n(S'true'\ntR.", 'latin1');
    socket.write(Buffer.concat([frame(Buffer.from('\x00\xffgarbage', 'latin1')), frame(system), frame(Buffer.alloc(0)), packed('ping')]));
    while (answers.length < 4) await wait(5);
    expect(answers).toEqual([
      expect.stringMatching(/^ERROR: /),
      expect.stringMatching(/^ERROR: /),
      expect.stringMatching(/^ERROR: /),
      new PyTuple([0, 'pong']),
    ]);
    expect(problems).toHaveLength(3);
    expect(problems[0]).toMatch(/^PROTO-error: load message failed: /);
    socket.destroy();
  });

  it('are dropped when a message grows without end, or does not end in time, or nothing comes', async () => {
    await start({ maxMessageBytes: 10_000, idleTimeout: 0.3, transferTimeout: 0.1 });
    const endlessOne = await raw();
    endlessOne.socket.write(Buffer.alloc(50_000, 'g'));
    const half = await raw();
    half.socket.write(packed('ping').subarray(0, 5));
    const silent = await raw();
    await Promise.all([endlessOne.closed, half.closed, silent.closed]);
    await expect(new SocketClient({ path }).send(['ping'])).resolves.toBe('pong');
  });

  it('are dropped when a message that was begun does not end in time, however long they might rest', async () => {
    await start({ transferTimeout: 0.1 });
    const half = await raw();
    half.socket.write(packed('ping').subarray(0, 5));
    const dripping = await raw();
    const drops = setInterval(() => dripping.socket.write('('), 10);
    await Promise.all([half.closed, dripping.closed]);
    clearInterval(drops);
    expect([...half.answers, ...dripping.answers]).toEqual([]);
  });

  it('are dropped when all together hold too much that does not end', async () => {
    const problems: string[] = [];
    await start({ maxMessageBytes: 10_000, onProblem: (message) => problems.push(message) });
    const several = await Promise.all([raw(), raw(), raw()]);
    for (const { socket } of several) socket.write(Buffer.alloc(9_000, 'g'));
    await Promise.any(several.map(({ closed }) => closed));
    expect(problems).toEqual(['PROTO-error: unfinished messages take too much memory']);
    await expect(new SocketClient({ path }).send(['ping'])).resolves.toBe('pong');
    for (const { socket } of several) socket.destroy();
  });

  it('are no more at a time than a server has room for', async () => {
    await start();
    const most = await Promise.all(Array.from({ length: 128 }, raw));
    const more = await raw();
    await more.closed;
    most.at(-1)?.socket.write(packed('ping'));
    while (most.at(-1)?.answers.length === 0) await wait(5);
    for (const { socket } of most) socket.destroy();
  });

  it('get a complaint for a command that is nested without end', async () => {
    await start();
    const { socket, answers } = await raw();
    socket.write(frame(Buffer.from(`${']'.repeat(300)}${'a'.repeat(299)}.`, 'latin1')));
    socket.write(packed('ping'));
    while (answers.length < 2) await wait(5);
    expect(answers).toEqual([expect.stringMatching(/^ERROR: .* nested too deeply/), new PyTuple([0, 'pong'])]);
    socket.destroy();
  });

  it('that go away in the middle, or never read their answers, hold up nobody', async () => {
    await start({ transferTimeout: 0.5 });
    const gone = await raw();
    gone.socket.write(packed('slow'));
    gone.socket.destroy();
    const deaf = await raw();
    deaf.socket.pause();
    const big = 'x'.repeat(500_000);
    for (let count = 0; count < 5; count++) deaf.socket.write(packed('echo', big));
    await expect(new SocketClient({ path }).send(['ping'], { timeout: 5 })).resolves.toBe('pong');
    deaf.socket.destroy();
  });
});

describe('the stock client', () => {
  it('talks to our server: a result, a refusal, an unknown jail, and a file that is missing', async () => {
    await start();
    chmodSync(path, 0o700);
    const ask = (...words: string[]): ReturnType<typeof runProgramAsync> => runProgramAsync('fail2ban-client', ['-s', path, ...words]);
    await expect(ask('ping')).resolves.toMatchObject({ stdout: 'Server replied: pong\n', code: 0 });
    await expect(ask('echo', 'ä', 'b')).resolves.toMatchObject({ stdout: 'ä b\n', code: 0 });
    await expect(ask('status', 'nosuch')).resolves.toMatchObject({ stdout: "Sorry but the jail 'nosuch' does not exist\n", code: 255 });
    await expect(ask('foo')).resolves.toMatchObject({ stdout: 'Invalid command\n', code: 255 });
    await expect(ask('file')).resolves.toMatchObject({ stdout: "[Errno 2] No such file or directory: '/p'\n", code: 255 });
    expect(seen.map((command) => command[0])).toEqual(expect.arrayContaining(['echo', 'status', 'foo', 'file']));
  });
});
