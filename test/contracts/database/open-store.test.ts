/** Opening: a new file is private, an old one is migrated, a damaged one is set aside and read as far as it goes, a newer one is refused. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { banTicket } from '../../support/tickets';
import { createLogger, type LogRecord } from '../../../src/base/logger';
import { manualClock } from '../../support/clock';
import { openConnection } from '../../../src/contracts/database/connection';
import { openStore } from '../../../src/contracts/database/open-store';
import { temporaryFolder } from '../../support/folder';

const NOW = 1_700_000_000;
const STOCK_FILES = '/usr/lib/python3/dist-packages/fail2ban/tests/files';
const folder = temporaryFolder();
let records: LogRecord[] = [];
let count = 0;

const deps = { clock: manualClock(NOW), logger: createLogger((record) => records.push(record)) };
const newFile = (): string => path.join(folder.path, `db-${count++}`, 'bans.sqlite3');
const said = (): string[] => records.map((record) => `${record.level} ${record.message}`);

beforeEach(() => {
  records = [];
});
afterAll(() => folder.remove());

async function ask(file: string, sql: string): Promise<readonly unknown[]> {
  const connection = await openConnection(file);
  const rows = await connection.all(sql);
  await connection.close();
  return rows;
}

test('a new database is private, has its folder made, and says so in the words of the original', async () => {
  const file = newFile();
  const store = await openStore(file, deps);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  await store.recordBans('sshd', [banTicket('a')]);
  for (const name of readdirSync(path.dirname(file))) expect(statSync(path.join(path.dirname(file), name)).mode & 0o077).toBe(0);
  await store.close();
  await store.close();
  expect(said()).toEqual([
    `WARNING New database created. Version '4'`,
    `INFO Connected to fail2ban persistent database '${file}'`,
    'INFO Connection to database closed.',
  ]);
  expect(readdirSync(path.dirname(file))).toEqual(['bans.sqlite3']);
});

test('commits are synced before they are told: a write-ahead log with full synchronisation', async () => {
  const file = newFile();
  const store = await openStore(file, deps);
  await store.recordBans('sshd', [banTicket('a')]);
  expect(existsSync(`${file}-wal`)).toBe(true);
  expect(await ask(file, 'PRAGMA journal_mode')).toEqual([{ journal_mode: 'wal' }]);
  await store.close();
});

test('what was recorded is there after the process died without closing', async () => {
  const file = newFile();
  const store = await openStore(file, deps);
  await store.recordBans('sshd', [banTicket('192.0.2.1', { bantime: -1 })]);
  const copy = newFile();
  mkdirSync(path.dirname(copy));
  for (const suffix of ['', '-wal']) copyFileSync(file + suffix, copy + suffix);
  await store.close();
  const again = await openStore(copy, deps);
  expect((await again.currentBans('sshd', NOW, null)).map((ban) => ban.id)).toEqual(['192.0.2.1']);
  await again.close();
});

test('a batch that cannot be written leaves nothing of itself', async () => {
  const store = await openStore(newFile(), deps);
  const impossible = { ...banTicket('b'), time: Number.NaN };
  await expect(store.recordBans('sshd', [banTicket('a'), impossible])).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  expect(await store.currentBans('sshd', NOW, null)).toEqual([]);
  await store.recordBans('sshd', [banTicket('c')]);
  expect(await store.currentBans('sshd', NOW, null)).toHaveLength(1);
  await store.close();
});

test('data of a ban is a BLOB of JSON as Python writes it', async () => {
  const file = newFile();
  const store = await openStore(file, deps);
  const data = {
    failures: 2,
    matches: [['', '2026-11-22 09:39:16', ' fail bób "x"'], 'line'] as const,
    captured: { user: 'bób', ip4: '192.0.2.1' },
  };
  await store.recordBans('sshd', [banTicket('192.0.2.1', { data })]);
  await store.close();
  const rows = await ask(file, 'SELECT typeof(data) AS kind, CAST(data AS TEXT) AS text, typeof(timeofban) AS time FROM bips');
  expect(rows).toEqual([
    {
      kind: 'blob',
      text: '{"matches": [["", "2026-11-22 09:39:16", " fail bób \\"x\\""], "line"], "failures": 2, "user": "bób", "ip4": "192.0.2.1"}',
      time: 'integer',
    },
  ]);
});

test.each([
  ['database_v1.db', '127.0.0.1', 'DummyJail #29162448 with 0 tickets', { failures: 0, matches: ['abc\n'] }],
  ['database_v2.db', '1.2.3.7', 'pam-generic', { failures: 3 }],
])('the early database %s is migrated, its bans with unknown time, and a copy is kept', async (name, id, jail, data) => {
  const file = newFile();
  mkdirSync(path.dirname(file));
  copyFileSync(path.join(STOCK_FILES, name), file);
  const version = name.includes('v1') ? 1 : 2;
  const store = await openStore(file, deps);
  const bans = await store.currentBans(jail, NOW, null);
  await store.close();
  expect(bans.find((ban) => ban.id === id)).toMatchObject({ bantime: -2, bancount: 1, data });
  expect(said()).toContain(`WARNING Database updated from '${version}' to '4'`);
  expect(await ask(file, 'SELECT version FROM fail2banDb')).toEqual([{ version: 4 }]);
  expect(await ask(`${file}.20231114-221320`, 'SELECT version FROM fail2banDb')).toEqual([{ version }]);
  expect(await ask(file, `SELECT count(*) AS old FROM sqlite_master WHERE name LIKE 'bailiff_old%'`)).toEqual([{ old: 0 }]);
  expect(await ask(file, 'PRAGMA foreign_key_check')).toEqual([]);
});

test('our own steps are applied once', async () => {
  const file = newFile();
  for (let round = 0; round < 2; round++) await (await openStore(file, deps)).close();
  expect(await ask(file, 'SELECT number FROM bailiff_steps')).toEqual([{ number: 1 }, { number: 2 }, { number: 3 }]);
});

test('a database of a newer fail2ban is refused and left as it is', async () => {
  const file = newFile();
  await (await openStore(file, deps)).close();
  await ask(file, 'UPDATE fail2banDb SET version = 5');
  const before = readFileSync(file);
  await expect(openStore(file, deps)).rejects.toMatchObject({ code: 'DATABASE_NEWER' });
  expect(readFileSync(file).equals(before)).toBe(true);
});

test('a file that is no database is set aside with a clear message, and a new one is made', async () => {
  const file = newFile();
  mkdirSync(path.dirname(file));
  writeFileSync(file, 'this is not a database, it only stands where one should be. '.repeat(50));
  const store = await openStore(file, deps);
  expect(await store.currentBans('sshd', NOW, null)).toEqual([]);
  await store.close();
  expect(said()[0]).toMatch(
    /^ERROR Database '.*bans\.sqlite3' is damaged \(.*\); it was set aside as '.*\.20231114-221320' and a new one is made$/,
  );
  expect(readFileSync(`${file}.20231114-221320`, 'utf8')).toContain('not a database');
});

test('of a damaged database the rows that can be read are saved', async () => {
  const file = newFile();
  const store = await openStore(file, deps);
  const lines = ['x'.repeat(300)];
  const tickets = Array.from({ length: 400 }, (_, index) => banTicket(`192.0.2.${index}`, { bantime: -1, data: { matches: lines } }));
  await store.recordBans('sshd', tickets);
  await store.close();
  const bytes = readFileSync(file);
  const pages = Math.floor(bytes.length / 4096);
  for (const page of [0.3, 0.5, 0.7].map((part) => Math.floor(pages * part))) bytes.fill(0xa5, page * 4096, page * 4096 + 4096);
  writeFileSync(file, bytes);
  const again = await openStore(file, deps);
  const saved = await again.currentBans('sshd', NOW, null);
  await again.close();
  expect(saved.length).toBeGreaterThan(100);
  expect(saved[0]?.data.matches).toEqual(lines);
  expect(
    said().some((line) => /^WARNING Rows saved from the damaged database: 1 of jails, \d+ of logs, \d+ of bans, \d+ of bips$/.test(line)),
  ).toBe(true);
});

test('a place where no file can be made is an error with a code', async () => {
  await expect(openStore(path.join(folder.path, 'no', 'such', 'folder', 'x.sqlite3'), deps)).rejects.toMatchObject({
    code: 'DATABASE_FAILED',
  });
});

test('without a file, bans are remembered until the end of the process', async () => {
  const none = await openStore(null, deps, { purgeAge: 5, maxMatches: 2 });
  expect([none.file, none.purgeAge, none.maxMatches]).toEqual([null, 5, 2]);
  await none.recordBans('sshd', [banTicket('a')]);
  expect(await none.currentBans('sshd', NOW, null)).toHaveLength(1);
});
