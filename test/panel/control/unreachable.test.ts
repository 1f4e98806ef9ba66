/** What the control door says when there is no server, when it may not be asked, and when it does not answer: a code, and in time. */
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { Control } from '../../../src/panel/control/control';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { stockFolder } from '../../support/stock-server';
import { temporaryFolder } from '../../support/folder';

const NOBODY = 65534;

const CALLS: readonly (readonly [string, (door: Control) => Promise<unknown>])[] = [
  ['ping', (door) => door.ping()],
  ['info', (door) => door.info()],
  ['jails', (door) => door.jails()],
  ['status', (door) => door.status('j')],
  ['statuses', (door) => door.statuses()],
  ['problems', (door) => door.problems()],
  ['banned', (door) => door.banned()],
  ['isBanned', (door) => door.isBanned(null, '192.0.2.1')],
  ['ban', (door) => door.ban('j', ['192.0.2.1'])],
  ['unban', (door) => door.unban(null, ['192.0.2.1'])],
  ['get', (door) => door.get('j', 'bantime')],
  ['serverSettings', (door) => door.serverSettings()],
  ['addIgnoreIp', (door) => door.addIgnoreIp('j', ['192.0.2.1'])],
  ['events', (door) => door.events(null)],
  ['health', (door) => door.health(null)],
  ['explain', (door) => door.explain('j', 'line')],
  ['reload', (door) => door.reload()],
  ['stopJail', (door) => door.stopJail('j')],
  ['stop', (door) => door.stop()],
];

const { folder: stock, config } = stockFolder('unreachable');
afterAll(() => rmSync(stock, { recursive: true }));

describe('a server that takes connections and does not answer', () => {
  const folder = temporaryFolder();
  const socket = path.join(folder.path, 'mute.sock');
  let mute: Server;
  beforeAll(async () => {
    mute = createServer((connection) => connection.resume().on('error', () => undefined));
    await new Promise<void>((resolve) => mute.listen(socket, resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => mute.close(resolve));
    folder.remove();
  });

  it.each(CALLS)('%s gives up in time', async (_name, call) => {
    const door = createEngineControl({ socket, timeout: 0.2, patience: 0.3, conf: config });
    const begun = performance.now();
    await expect(call(door)).rejects.toMatchObject({
      code: 'SERVER_TIMEOUT',
      message: expect.stringMatching(/^no answer on .*mute\.sock within 0\.[23] seconds$/) as string,
    });
    expect(performance.now() - begun).toBeLessThan(10_000);
    door.close();
  });

  it('a call that waits ends when the door is closed', async () => {
    const door = createEngineControl({ socket });
    const waiting = expect(door.jails()).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    door.close();
    await waiting;
  });
});

describe('no server', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());

  it.each(CALLS)('%s says so', async (_name, call) => {
    const door = createEngineControl({ socket: path.join(folder.path, 'none.sock'), conf: config });
    await expect(call(door)).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
  });
});

describe('a socket that this user may not use', () => {
  const folder = temporaryFolder();
  const socket = path.join(folder.path, 'private.sock');
  const asRoot = process.geteuid?.() === 0;
  let server: Server;
  beforeAll(async () => {
    server = createServer();
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    chmodSync(folder.path, 0);
  });
  afterAll(async () => {
    chmodSync(folder.path, 0o700);
    await new Promise((resolve) => server.close(resolve));
    folder.remove();
  });

  it('is told as that, not as a server that does not run', async () => {
    const door = createEngineControl({ socket });
    if (asRoot) process.seteuid?.(NOBODY);
    try {
      await expect(door.ping()).rejects.toMatchObject({
        code: 'SERVER_NO_PERMISSION',
        message: `the socket ${socket} may not be used by this user`,
      });
    } finally {
      if (asRoot) process.seteuid?.(0);
    }
  });
});
