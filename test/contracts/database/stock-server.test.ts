/** One database, two servers: the stock fail2ban reads what we write and we read what it writes. */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { banTicket } from '../../support/tickets';
import { openStore } from '../../../src/contracts/database/open-store';
import { openConnection } from '../../../src/contracts/database/connection';
import { silentLogger } from '../../../src/base/logger';
import { systemClock, sleep } from '../../../src/base/clock';
import { temporaryFolder } from '../../support/folder';

const run = promisify(execFile);
const folder = temporaryFolder('bailiff-stock-');
const at = (name: string): string => path.join(folder.path, name);
const client = (...words: string[]): Promise<unknown> => run('fail2ban-client', ['-c', at('conf'), ...words]);
const deps = { clock: systemClock, logger: silentLogger };
const stockLog = (): string => readFileSync(at('stock.log'), 'utf8');

beforeAll(() => {
  mkdirSync(at('conf/filter.d'), { recursive: true });
  const options = {
    loglevel: 'INFO',
    logtarget: at('stock.log'),
    syslogsocket: 'auto',
    socket: at('socket'),
    pidfile: at('pid'),
    dbfile: at('bans.sqlite3'),
    dbpurgeage: '1d',
    dbmaxmatches: '10',
    allowipv6: 'auto',
  };
  const lines = Object.entries(options).map(([key, value]) => `${key} = ${value}`);
  writeFileSync(at('conf/fail2ban.conf'), `[Definition]\n${lines.join('\n')}\n`);
  writeFileSync(at('conf/filter.d/tiny.conf'), '[Definition]\nfailregex = ^ ?fail <F-USER>\\S+</F-USER> <ADDR>$\n');
  writeFileSync(
    at('conf/jail.conf'),
    `[j]\nenabled = true\nfilter = tiny\nbackend = polling\nlogpath = ${at('log')}\nmaxretry = 2\nbantime = 1h\nignoreself = false\n`,
  );
  writeFileSync(at('log'), '');
});
afterAll(async () => {
  await client('stop').catch(() => undefined);
  folder.remove();
});

async function until(what: () => boolean): Promise<void> {
  for (let tries = 0; tries < 100 && !what(); tries++) await sleepReally(0.1);
  expect(what()).toBe(true);
}

/** The process has to stay alive while it waits, which the system clock's timers do not see to. */
async function sleepReally(seconds: number): Promise<void> {
  const alive = setInterval(() => undefined, 1000);
  await sleep(systemClock, seconds);
  clearInterval(alive);
}

test('bans and positions of the stock server are ours, and ours are restored by it', async () => {
  await client('start');
  const stamp = new Date(systemClock.now() * 1000).toLocaleString('sv');
  appendFileSync(at('log'), `${stamp} fail bób 192.0.2.1\n${stamp} fail bób 192.0.2.1\n`);
  await client('set', 'j', 'banip', '2001:DB8::7', 'any text');
  await until(() => stockLog().includes('[j] Ban 192.0.2.1'));
  await client('stop');

  const store = await openStore(at('bans.sqlite3'), deps);
  const now = systemClock.now();
  const bans = await store.currentBans('j', now, null);
  expect(bans.map(({ id, bantime, bancount }) => [id, bantime, bancount])).toEqual([
    ['192.0.2.1', 3600, 1],
    ['2001:db8::7', 3600, 1],
    ['any text', 3600, 1],
  ]);
  expect(bans[0]?.data).toMatchObject({ failures: 2, captured: { user: 'bób', ip4: '192.0.2.1' } });
  expect(bans[0]?.data.matches).toHaveLength(2);
  expect((await store.logPositions('j')).get(at('log'))?.position).toBe(readFileSync(at('log')).length);

  const theirs = bans[0] ?? banTicket('none');
  await store.recordBans('j', [
    { ...theirs, id: '192.0.2.2' },
    banTicket('2001:db8::8', { time: now - 0.25, bantime: 3000.5, bancount: 3, data: { matches: [['', 'date', ' rest']] } }),
    banTicket('ended', { time: now - 4000, bantime: 60 }),
  ]);
  await store.forgetBans('j', ['any text']);
  await store.close();

  const connection = await openConnection(at('bans.sqlite3'));
  const same = await connection.all(
    `SELECT count(DISTINCT data) AS forms, count(DISTINCT typeof(data) || typeof(timeofban) || typeof(bantime)) AS kinds FROM bips WHERE ip LIKE '192.%'`,
  );
  await connection.close();
  expect(same).toEqual([{ forms: 1, kinds: 1 }]);

  const before = stockLog().length;
  await client('start');
  const told = (): string => stockLog().slice(before);
  await until(() => told().includes('Restore Ban 2001:db8::8'));
  await client('stop');
  expect([...told().matchAll(/Restore Ban (.+)/g)].map((match) => match[1])).toEqual([
    '192.0.2.1',
    '192.0.2.2',
    '2001:db8::7',
    '2001:db8::8',
  ]);
  expect(told()).not.toMatch(/ ERROR | WARNING .*database/i);
});
