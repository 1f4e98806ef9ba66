/** The stock filter `recidive` on our log, and our engine's filter on the original's: every ban is found in both logs, by both programs. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { TestServer } from '../support/bailiff-server';
import { runProgram, startStockServer, type StockServer } from '../support/stock-server';
import { waitFor } from '../support/two-hosts';

const FILTER = '/etc/fail2ban/filter.d/recidive.conf';
const OURS = path.resolve(__dirname, '../../dist/bin/bailiff-regex.js');
const IDS = ['192.0.2.1', '192.0.2.77', '2001:db8::1'];

let theirs: StockServer | undefined;
let ours: TestServer;

beforeAll(async () => {
  ours = new TestServer();
  [theirs] = await Promise.all([startStockServer('recidive'), ours.start()]);
});
afterAll(() => Promise.all([theirs?.stop(), ours.remove()]));

/** Bans made and lifted by the stock client in a jail of its own, and in one that the filter must leave out. */
async function bansIn(config: string, socket: string, log: string): Promise<void> {
  const call = (...words: string[]): void => {
    const { code, stderr } = runProgram('fail2ban-client', ['-c', config, '-s', socket, ...words]);
    if (code !== 0) throw new Error(stderr);
  };
  for (const jail of ['door', 'recidive']) {
    call('add', jail, 'polling');
    call('start', jail);
    call('set', jail, 'banip', ...IDS);
    call('set', jail, 'unbanip', IDS[0]!);
  }
  await waitFor('the unban', () => readFileSync(log, 'utf8').includes(`[recidive] Unban ${IDS[0]}`));
}

test('every ban in both logs is a failure for both programs, and nothing else is', async () => {
  const { config, socket, log } = theirs!;
  await bansIn(config, socket, log);
  await bansIn(ours.path('config'), ours.socket, ours.path('fail2ban.log'));
  for (const file of [log, ours.path('fail2ban.log')]) {
    const stock = runProgram('fail2ban-regex', ['-o', 'ip', file, FILTER]);
    const own = runProgram(process.execPath, [OURS, '-o', 'ip', file, FILTER]);
    for (const { code, stdout } of [stock, own]) expect([code, stdout.trim().split('\n').sort()]).toEqual([0, [...IDS].sort()]);
  }
}, 120_000);
