/** The control door over a real stock server: jails, bans, unbans, and clear errors when something is missing. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SocketClient } from '../../../src/contracts/socket/client';
import { createSocketServer } from '../../../src/contracts/socket/server';
import type { SocketServer } from '../../../src/contracts/socket/server';
import { invalidCommand } from '../../../src/contracts/socket/values';
import type { PyValue } from '../../../src/model/python-repr';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { startStockServer } from '../../support/stock-server';
import type { StockServer } from '../../support/stock-server';

describe('control of the stock server', () => {
  let server: StockServer;
  let log: string;
  beforeAll(async () => {
    server = await startStockServer('control');
    log = join(server.folder, 'x.log');
    writeFileSync(log, '');
    const client = new SocketClient({ path: server.socket });
    for (const jail of ['web', 'ssh']) {
      await client.send(['add', jail, 'polling']);
      await client.send(['set', jail, 'addlogpath', log, 'tail']);
      await client.send(['start', jail]);
    }
    await client.send(['set', 'ssh', 'bantime', '-1']);
  });
  afterAll(() => server.stop());
  const control = (): ReturnType<typeof createEngineControl> => createEngineControl({ socket: server.socket });

  it('says who answers', async () => {
    await expect(control().ping()).resolves.toBeUndefined();
    await expect(control().info()).resolves.toEqual({ version: expect.stringMatching(/^\d+\.\d+/) as string, engine: 'fail2ban' });
  });

  it('names the jails in order', async () => {
    await expect(control().jails()).resolves.toEqual(['ssh', 'web']);
  });

  it('bans, tells the bans with their times, and lifts them', async () => {
    const door = control();
    const before = Math.floor(Date.now() / 1000);
    await expect(door.ban('web', ['192.0.2.1', '2001:db8::1', '192.0.2.1'])).resolves.toBe(2);
    await expect(door.ban('ssh', ['192.0.2.1', '198.51.100.0/24', 'any text'])).resolves.toBe(3);
    const bans = await door.banned();
    expect(bans.map(({ jail, id, bantime }) => [jail, id, bantime])).toEqual([
      ['ssh', '192.0.2.1', -1],
      ['ssh', '198.51.100.0/24', -1],
      ['ssh', 'any text', -1],
      ['web', '192.0.2.1', 600],
      ['web', '2001:db8::1', 600],
    ]);
    for (const { time } of bans) expect(time).toBeGreaterThanOrEqual(before);
    await expect(door.status('web')).resolves.toEqual({
      name: 'web',
      currentlyFailed: 0,
      totalFailed: 0,
      files: [log],
      journalmatch: [],
      currentlyBanned: 2,
      totalBanned: 2,
      banned: ['192.0.2.1', '2001:db8::1'],
    });
    await expect(door.statuses()).resolves.toMatchObject([
      { name: 'ssh', currentlyBanned: 3, banned: [] },
      { name: 'web', currentlyBanned: 2, files: [log], banned: [] },
    ]);
    await expect(door.unban('web', ['2001:db8::1', '203.0.113.9'])).resolves.toBe(1);
    await expect(door.unban(null, ['192.0.2.1'])).resolves.toBe(2);
    await expect(door.banned()).resolves.toHaveLength(2);
  });

  it('refuses words that the server would take for options, and sends nothing for no address', async () => {
    await expect(control().unban(null, ['--all'])).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(control().status('--all')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(control().unban(null, [])).resolves.toBe(0);
    await expect(control().ban('web', [])).resolves.toBe(0);
  });

  it('hands on what the server refuses', async () => {
    await expect(control().status('nosuch')).rejects.toMatchObject({ code: 'SERVER_REFUSED', message: 'nosuch' });
    await expect(createEngineControl({ socket: join(server.folder, 'none') }).ping()).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
  });
});

describe('control of our engine', () => {
  let stock: StockServer;
  let server: SocketServer;
  let answers: Map<string, PyValue>;
  beforeAll(async () => {
    stock = await startStockServer('control2');
    server = await createSocketServer({
      path: join(stock.folder, 'ours.sock'),
      handle: (command) => {
        const result = answers.get(command.join(' '));
        return Promise.resolve(result === undefined ? invalidCommand() : { result });
      },
    });
  });
  afterAll(async () => {
    await server.close();
    await stock.stop();
  });

  it('recognises it and reads the problems of a jail', async () => {
    const client = new SocketClient({ path: stock.socket });
    await client.send(['add', 'j1', 'polling']);
    const problem = { severity: 'error', message: 'the filter is broken', jail: 'j1', file: '/f.conf', line: 3 };
    answers = new Map<string, PyValue>([
      ['bailiff version', '0.1.0'],
      ['bailiff problems', [problem, { severity: 'warning', message: 'other', jail: 'j2' }]],
      ['status j1', await client.send(['status', 'j1'])],
    ]);
    const door = createEngineControl({ socket: server.path });
    await expect(door.info()).resolves.toEqual({ version: '0.1.0', engine: 'bailiff' });
    await expect(door.status('j1')).resolves.toMatchObject({ name: 'j1', problems: [problem] });
  });

  it('says so when its jails come in another shape', async () => {
    answers = new Map<string, PyValue>([
      ['bailiff version', '0.1.0'],
      ['status --all short', [['Number of jail', 1]]],
    ]);
    await expect(createEngineControl({ socket: server.path }).statuses()).rejects.toMatchObject({ code: 'PROTOCOL' });
  });

  it.each<[string, PyValue]>([
    ['status', 'pong'],
    ['status', [['Jail list', 'a']]],
    ['status', []],
    ['ping', 'ping'],
  ])('says so when the answer to %s is %p', async (command, answer) => {
    answers = new Map([[command, answer]]);
    const door = createEngineControl({ socket: server.path });
    await expect(command === 'ping' ? door.ping() : door.jails()).rejects.toMatchObject({ code: 'PROTOCOL' });
  });
});
