/** The control door over servers of several versions: the stock one with a jail on the journal, and answers as 0.11 and 1.1 give them. */
import path from 'node:path';
import { SocketClient } from '../../../src/contracts/socket/client';
import { createSocketServer, type SocketServer } from '../../../src/contracts/socket/server';
import { invalidCommand, unknownJail } from '../../../src/contracts/socket/values';
import { PyFloat, PyTuple, type PyValue } from '../../../src/model/python-repr';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { temporaryFolder } from '../../support/folder';
import { startStockServer } from '../../support/stock-server';

const pair = (name: string, value: PyValue): PyTuple<PyValue> => new PyTuple<PyValue>([name, value]);

function statusOf(watched: PyTuple<PyValue>, banned: readonly string[]): PyValue {
  return [
    pair('Filter', [pair('Currently failed', 1), pair('Total failed', 7), watched]),
    pair('Actions', [pair('Currently banned', banned.length), pair('Total banned', 9), pair('Banned IP list', banned)]),
  ];
}

describe.each<[string, Record<string, PyValue>]>([
  ['0.11.2', { 'get mail bantime': new PyFloat(600) }],
  ['1.1.0', { stats: { mail: ['systemd', new PyTuple([1, 7]), new PyTuple([2, 9])] } }],
])('a server of version %s', (version, more) => {
  const folder = temporaryFolder();
  let server: SocketServer;
  const answers: Record<string, PyValue> = {
    version,
    ping: 'pong',
    status: [pair('Number of jail', 1), pair('Jail list', 'mail')],
    'status mail': statusOf(pair('Journal matches', ['_SYSTEMD_UNIT=a.service + _COMM=b']), ['192.0.2.1', '192.0.2.2']),
    'get mail banip --with-time': [
      '192.0.2.1 \t2026-11-22 09:00:00 + 600 = 2026-11-22 09:10:00',
      '192.0.2.2 \t2026-11-22 09:00:01 + -1 = 9999-12-31 23:59:59',
    ],
    'unban 192.0.2.1': 1,
    ...more,
  };
  beforeAll(async () => {
    server = await createSocketServer({
      path: path.join(folder.path, 'old.sock'),
      handle: (command) => {
        const result = answers[command.join(' ')];
        if (result !== undefined) return Promise.resolve({ result });
        return Promise.resolve(command[0] === 'status' ? unknownJail(String(command[1])) : invalidCommand());
      },
    });
  });
  afterAll(async () => {
    await server.close();
    folder.remove();
  });

  it('is known by its version; what only our engine has is not available', async () => {
    const door = createEngineControl({ socket: server.path });
    await expect(door.info()).resolves.toEqual({ version, engine: 'fail2ban' });
    await expect(door.health(null)).resolves.toEqual({ available: false });
    await expect(door.problems()).resolves.toEqual([]);
  });

  it('tells jails on the journal and their bans', async () => {
    const door = createEngineControl({ socket: server.path });
    const matches = { files: [], journalmatch: ['_SYSTEMD_UNIT=a.service + _COMM=b'], currentlyBanned: 2, totalBanned: 9 };
    await expect(door.status('mail')).resolves.toMatchObject({ name: 'mail', ...matches });
    expect((await door.banned()).map(({ id, bantime }) => [id, bantime])).toEqual([
      ['192.0.2.1', 600],
      ['192.0.2.2', -1],
    ]);
    await expect(door.unban(null, ['192.0.2.1'])).resolves.toBe(1);
    await expect(door.status('nosuch')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
  });
});

it('the stock server: a jail on the journal', async () => {
  const stock = await startStockServer('versions');
  try {
    const client = new SocketClient({ path: stock.socket });
    await client.send(['add', 'mail', 'systemd']);
    await client.send(['set', 'mail', 'addjournalmatch', '_SYSTEMD_UNIT=a.service', '+', '_COMM=b']);
    await expect(createEngineControl({ socket: stock.socket }).status('mail')).resolves.toMatchObject({
      files: [],
      journalmatch: ['_SYSTEMD_UNIT=a.service + _COMM=b'],
    });
  } finally {
    await stock.stop();
  }
});
