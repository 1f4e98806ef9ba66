/** A database that cannot be opened: who asks is answered from what can be read, who writes is refused, and the file is opened as soon as that works. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openConnection } from '../../../src/contracts/database/connection';
import { openStore, openStoreOrWait } from '../../../src/contracts/database/open-store';
import { WaitingStore } from '../../../src/contracts/database/waiting-store';
import { createLogger, type LogRecord } from '../../../src/base/logger';
import { manualClock } from '../../support/clock';
import { temporaryFolder } from '../../support/folder';
import { banTicket } from '../../support/tickets';
import { until } from '../../support/reader';

const NOW = 1_700_000_000;
const folder = temporaryFolder();
const records: LogRecord[] = [];
const clock = manualClock(NOW);
const deps = { clock, logger: createLogger((record) => records.push(record)) };
afterAll(() => folder.remove());

test('a place that is taken: refused, tried again every ten seconds, and opened when it is free', async () => {
  const file = path.join(folder.path, 'taken.sqlite3');
  mkdirSync(file);
  const store = (await openStoreOrWait(file, deps)) as WaitingStore;
  expect(store).toBeInstanceOf(WaitingStore);
  let opened = 0;
  store.onOpen = () => opened++;
  await store.addJail('sshd');
  await store.addJail('gone');
  await store.removeJail('gone');
  await expect(store.recordBans('sshd', [banTicket('a')])).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  await expect(store.saveLogPositions('sshd', new Map())).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  expect([await store.currentBans('sshd', NOW, null), await store.earlierBans('a', null)]).toEqual([[], null]);
  await clock.advance(30);
  expect([store.trouble === null, opened]).toEqual([false, 0]);
  rmSync(file, { recursive: true });
  await clock.advance(10);
  await until(() => opened === 1, 'the file was opened');
  expect(store.trouble).toBeNull();
  await store.recordBans('sshd', [banTicket('a')]);
  expect(await store.currentBans('sshd', NOW, null)).toHaveLength(1);
  const said = records.map(({ level, message }) => `${level} ${message}`).filter((text) => text.includes(file));
  expect(said[0]).toMatch(/^ERROR Database '.*' cannot be opened: .*; bans are kept in memory, it is tried again$/);
  expect(said.at(-1)).toBe(`INFO Database '${file}' can be written again`);
  await store.close();
  const again = await openConnection(file, 'read');
  expect(await again.all('SELECT name, enabled FROM jails ORDER BY name')).toEqual([{ name: 'sshd', enabled: 1 }]);
  await again.close();
});

test('a database that somebody holds is not read past his lock; it is opened when he lets go', async () => {
  const file = path.join(folder.path, 'held.sqlite3');
  const before = await openStore(file, deps);
  await before.recordBans('sshd', [banTicket('a')]);
  await before.close();
  const holder = await openConnection(file);
  await holder.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; DELETE FROM bips;');
  const store = (await openStoreOrWait(file, deps)) as WaitingStore;
  expect(store.readable.file).not.toBe(file);
  expect(await store.currentBans('sshd', NOW, null)).toEqual([]);
  await holder.exec('ROLLBACK');
  await holder.close();
  await clock.advance(10);
  await until(() => store.trouble === null, 'the file was opened');
  expect((await store.currentBans('sshd', NOW, null)).map(({ id }) => id)).toEqual(['a']);
  await store.close();
}, 30_000);

test('a jail that is added while the file is being opened again is enabled in it, and what it writes is there', async () => {
  const file = path.join(folder.path, 'late.sqlite3');
  mkdirSync(file);
  const store = (await openStoreOrWait(file, deps)) as WaitingStore;
  await store.addJail('early');
  rmSync(file, { recursive: true });
  await clock.advance(10);
  expect(store.trouble).not.toBeNull();
  await store.addJail('late');
  await until(() => store.trouble === null, 'the file was opened');
  await store.recordBans('late', [banTicket('a')]);
  await store.close();
  const again = await openConnection(file, 'read');
  expect(await again.all('SELECT name, enabled FROM jails ORDER BY name')).toEqual([
    { name: 'early', enabled: 1 },
    { name: 'late', enabled: 1 },
  ]);
  await again.close();
});

test('a file that is taken away or known to be damaged while it is open is made anew, and that is told', async () => {
  const file = path.join(folder.path, 'away.sqlite3');
  const store = (await openStoreOrWait(file, deps)) as WaitingStore;
  let anew = 0;
  store.onAnew = () => anew++;
  await store.addJail('sshd');
  store.look();
  expect(store.trouble).toBeNull();
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix);
  store.look();
  expect(store.trouble).toBe('somebody has taken it away');
  await expect(store.recordBans('sshd', [banTicket('a')])).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
  await until(() => anew === 1, 'a new file');
  await store.recordBans('sshd', [banTicket('a')]);
  store.damaged('a page is wrong');
  await until(() => anew === 2, 'another');
  expect((await store.currentBans('sshd', NOW, null)).map(({ id }) => id)).toEqual(['a']);
  const said = records.map(({ level, message }) => `${level} ${message}`).filter((text) => text.includes(file) && text.includes('is lost'));
  expect(said).toEqual([
    `ERROR Database '${file}' is lost: somebody has taken it away; bans are kept in memory, it is made anew`,
    `ERROR Database '${file}' is lost: a page is wrong; bans are kept in memory, it is made anew`,
  ]);
  await store.close();
});
