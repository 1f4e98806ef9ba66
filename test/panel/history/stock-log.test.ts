/** The log that the stock server writes, followed into the history: the same failures, bans and unbans. */
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock, sleep } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { LogFollower } from '../../../src/panel/history/log-follower';
import { openHistory } from '../../../src/panel/history/open-history';
import { runProgram, startStockServer, type StockServer } from '../../support/stock-server';
import { allEvents, locate } from '../../support/history-folder';

let stock: StockServer;

beforeAll(async () => {
  stock = await startStockServer('history-stock');
});

afterAll(() => stock.stop());

function ask(...command: string[]): void {
  const said = runProgram('fail2ban-client', ['-c', stock.config, '-s', stock.socket, ...command]);
  if (said.code !== 0) throw new Error(`${command.join(' ')}: ${said.stdout}${said.stderr}`);
}

test('the log that the stock server writes becomes its failures, bans and unbans', async () => {
  const attacked = path.join(stock.folder, 'attacked.log');
  writeFileSync(attacked, '');
  ask('add', 'ssh', 'polling');
  ask('set', 'ssh', 'addfailregex', 'refused <HOST>$');
  ask('set', 'ssh', 'maxretry', '3');
  ask('set', 'ssh', 'addlogpath', attacked, 'tail');
  ask('start', 'ssh');
  const history = await openHistory(path.join(stock.folder, 'bailiff.sqlite3'), systemClock, silentLogger);
  const follower = new LogFollower(stock.log, { history, clock: systemClock, logger: silentLogger, locate });
  const date = new Date(systemClock.now() * 1000).toISOString();
  for (let at = 0; at < 3; at++) appendFileSync(attacked, `${date} refused 192.0.2.1\n`);
  ask('set', 'ssh', 'banip', '2001:db8::1');
  ask('set', 'ssh', 'unbanip', '2001:db8::1');
  const told = async (): Promise<string[]> => {
    await follower.catchUp();
    return (await allEvents(history)).map(({ kind, jail, id }) => `${kind} ${jail} ${id}`).sort();
  };
  for (let round = 0; round < 100 && !(await told()).includes('ban ssh 192.0.2.1'); round++) await sleep(systemClock, 0.2);
  expect(await told()).toEqual([
    'ban ssh 192.0.2.1',
    'ban ssh 2001:db8::1',
    'found ssh 192.0.2.1',
    'found ssh 192.0.2.1',
    'found ssh 192.0.2.1',
    'unban ssh 2001:db8::1',
  ]);
  expect(await history.address('192.0.2.1')).toMatchObject({ failures: 3, bans: 1, jails: [{ jail: 'ssh' }] });
  await follower.close();
  await history.close();
});
