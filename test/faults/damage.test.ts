/** The bans' database is damaged, taken away or overwritten while the server runs, or while it does not: banning goes on from memory, it is told, and the next start has all bans. */
import { closeSync, existsSync, openSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs';
import { openConnection } from '../../src/contracts/database/connection';
import { openStore } from '../../src/contracts/database/open-store';
import { systemClock } from '../../src/base/clock';
import { createLogger } from '../../src/base/logger';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

/** Bans that stand in the database from before: more than SQLite keeps in memory. */
const BEFORE = 6000;
const PAGE = 4096;
let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nbantime = 1d\naction =\n`);
});

afterEach(() => server.remove());

const file = (): string => server.path('db.sqlite3');
const old = (n: number): string => `10.1.${n >> 8}.${n & 255}`;
const logged = (text: string): number => server.log.split(text).length - 1;
/** Ids that the log tells so of, each as often as it does. */
const told = (what: 'Ban' | 'Restore Ban'): readonly string[] =>
  Array.from(server.log.matchAll(new RegExp(`\\] ${what} (\\S+)`, 'g')), ([, id = '']) => id);

/** Fills the database of a server that does not run. */
async function fill(count: number): Promise<void> {
  const store = await openStore(file(), { clock: systemClock, logger: createLogger(() => undefined) });
  const data = { failures: 2, matches: ['a line of the log that led to this ban, as long as such lines are'], captured: {} };
  const time = Math.floor(Date.now() / 1000);
  await store.recordBans(
    'j1',
    Array.from({ length: count }, (_, n) => ({ id: old(n), time, bantime: 86400, bancount: 1, restored: false, data })),
  );
  await store.close();
}

/** Overwrites pages of the file below whoever has it open: from the given share of it on, to the end. */
function damage(from: number): void {
  const pages = Math.floor(statSync(file()).size / PAGE);
  const at = openSync(file(), 'r+');
  for (let page = Math.max(1, Math.floor(pages * from)); page < pages; page++)
    writeSync(at, Buffer.alloc(PAGE, 0xa5), 0, PAGE, page * PAGE);
  closeSync(at);
}

async function rows(sql: string, of = file()): Promise<readonly string[]> {
  const database = await openConnection(of, 'read');
  const found = await database.all(sql);
  await database.close();
  return found.map((row) => String(row['ip'])).sort();
}

const recorded = (of?: string): Promise<readonly string[]> => rows('SELECT ip FROM bips', of);

function offend(...ids: readonly string[]): void {
  for (const id of ids) server.fail('a.log', id, 2);
}

/** Waits until the database has exactly these bans. */
async function written(wanted: readonly string[]): Promise<void> {
  const all = JSON.stringify([...wanted].sort());
  for (let turn = 0; turn < 300; turn++) {
    if (JSON.stringify(await recorded().catch(() => [])) === all) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`waited in vain for ${wanted.length} bans; there are ${(await recorded().catch(() => [])).length}`);
}

test('pages that are overwritten while it runs: noticed, told once, nobody let go, and the next start has all bans but the lifted one', async () => {
  await fill(BEFORE);
  await server.start('j1');
  await waitFor('the restored bans', () => told('Restore Ban').length === BEFORE, 120);
  await waitFor('a copy', () => existsSync(`${file()}.backup`), 60);
  expect(server.client('set', 'j1', 'unbanip', old(7)).code).toBe(0);
  damage(0);
  const news = Array.from({ length: 40 }, (_, n) => `192.0.2.${n}`);
  offend(...news);
  await waitFor('bans while it is damaged', () => told('Ban').length === news.length);
  await waitFor('it is told', () => logged('is lost: ') === 1, 60);
  await waitFor('a database made anew', () => logged('can be written again') === 1, 60);
  const all = [...Array.from({ length: BEFORE }, (_, n) => old(n)).filter((_, n) => n !== 7), ...news];
  await written(all);
  expect((await rows('SELECT ip FROM bans GROUP BY jail, ip, timeofban HAVING count(*) > 1')).length).toBe(0);
  await server.end('SIGKILL');
  const before = told('Restore Ban').length;
  await server.start('j1');
  await waitFor('all bans', () => told('Restore Ban').length === before + all.length, 120);
  expect(told('Restore Ban').slice(before).sort()).toEqual([...all].sort());
}, 300_000);

test('a file that is taken away while it runs: made anew with all that is in force, counts and positions included', async () => {
  await server.start('j1');
  offend('192.0.2.1', '192.0.2.2');
  server.fail('a.log', '192.0.2.3');
  await waitFor('the bans', () => told('Ban').length === 2);
  await waitFor('the failure', () => logged('Found 192.0.2.3') === 1);
  for (const suffix of ['', '-wal', '-shm']) rmSync(file() + suffix);
  await waitFor('it is told', () => logged('somebody has taken it away') === 1, 60);
  await written(['192.0.2.1', '192.0.2.2']);
  for (let turn = 0; (await rows('SELECT ip FROM bailiff_failures')).length === 0; turn++) {
    if (turn > 200) throw new Error('the count is not written');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await server.end('SIGKILL');
  server.fail('a.log', '192.0.2.3');
  await server.start('j1');
  await waitFor('the ban of two failures, one before', () => logged('[j1] Ban 192.0.2.3') === 1);
  expect(logged('Found 192.0.2.3')).toBe(2);
}, 180_000);

test('damaged while it does not run: what cannot be read comes from the copy of yesterday, and what was set aside does not grow without end', async () => {
  await fill(200);
  await server.start('j1');
  await waitFor('a copy', () => existsSync(`${file()}.backup`), 60);
  expect(await recorded(`${file()}.backup`)).toHaveLength(200);
  const yesterday = Date.now() / 1000 - 25 * 3600;
  utimesSync(`${file()}.backup`, yesterday, yesterday);
  await server.end();
  await server.start('j1');
  await waitFor('the copy of today', () => statSync(`${file()}.backup`).mtimeMs / 1000 > yesterday + 3600, 60);
  await server.end();
  for (let time = 0; time < 4; time++) {
    damage(0);
    renameSync(file(), `${file()}.2026010${time + 1}-000000`);
    renameSync(`${file()}.2026010${time + 1}-000000`, file());
    await server.start('j1');
    await waitFor('all bans', () => logged('Restore Ban') === 200 * (time + 3), 60);
    await server.end();
    if (time === 0) for (const n of [1, 2, 3, 4]) server.write(`db.sqlite3.2026010${n}-000000`, 'set aside');
  }
  expect(logged("from the copy '")).toBe(4);
  expect(readdirSync(server.folder).filter((name) => /^db\.sqlite3\.\d/.test(name)).length).toBeLessThanOrEqual(3);
}, 180_000);
