/** What was committed reaches the disk at once, without anybody waiting; a disk that fails is told by the next write. */
import fs from 'node:fs';
import path from 'node:path';
import { silentLogger } from '../../src/base/logger';
import { DiskSync } from '../../src/base/disk-sync';
import { openStore } from '../../src/contracts/database/open-store';
import { manualClock } from '../support/clock';
import { temporaryFolder } from '../support/folder';
import { until } from '../support/reader';
import { banTicket } from '../support/tickets';

const folder = temporaryFolder();
const fsync = jest.spyOn(fs, 'fsync');
/** Those that wait for the disk. */
let waiting: ((error: NodeJS.ErrnoException | null) => void)[] = [];

beforeEach(() => {
  waiting = [];
  fsync.mockReset().mockImplementation((_, done) => void waiting.push(done));
});
afterAll(() => {
  fsync.mockRestore();
  folder.remove();
});

/** The first one is under way. */
async function begun(): Promise<DiskSync> {
  const file = path.join(folder.path, 'file');
  fs.writeFileSync(file, 'x');
  const disk = new DiskSync(file);
  disk.begin();
  await until(() => waiting.length === 1, 'the first');
  return disk;
}

const answer = (error: NodeJS.ErrnoException | null = null): void => waiting.shift()?.(error);

test('one at a time; what was written meanwhile is seen to by one more', async () => {
  const disk = await begun();
  disk.begin();
  disk.begin();
  answer();
  await until(() => waiting.length === 1, 'the second');
  answer();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(fsync).toHaveBeenCalledTimes(2);
  expect(() => disk.check()).not.toThrow();
});

test('a failure is told though the next one went well', async () => {
  const disk = await begun();
  disk.begin();
  answer(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
  await until(() => waiting.length === 1, 'the second');
  answer();
  expect(() => disk.check()).toThrow('EIO');
});

test('a failure is told once; a file that is not there is none', async () => {
  const disk = new DiskSync(path.join(folder.path, 'file'));
  disk.begin();
  await until(() => waiting.length === 1, 'the first');
  answer(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
  expect(() => disk.check()).toThrow('EIO');
  expect(() => disk.check()).not.toThrow();
  const none = new DiskSync(path.join(folder.path, 'none'));
  none.begin();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(() => none.check()).not.toThrow();
});

test('a ban is recorded before it is on the disk, and is seen; the next write tells of a disk that failed', async () => {
  const file = path.join(folder.path, 'bans.sqlite3');
  const store = await openStore(file, { clock: manualClock(1_700_000_000), logger: silentLogger });
  await store.addJail('sshd');
  await store.recordBans('sshd', [banTicket('192.0.2.1', { time: 1_700_000_000 })]);
  await until(() => waiting.length === 1, 'the disk');
  expect((await store.currentBans('sshd', 1_700_000_000, null)).map(({ id }) => id)).toEqual(['192.0.2.1']);
  answer(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' }));
  await expect(store.recordBans('sshd', [banTicket('192.0.2.2')])).rejects.toThrow('EIO');
  await store.recordBans('sshd', [banTicket('192.0.2.2', { time: 1_700_000_000 })]);
  expect((await store.currentBans('sshd', 1_700_000_000, null)).map(({ id }) => id)).toEqual(['192.0.2.1', '192.0.2.2']);
  await until(() => waiting.length === 1, 'the disk once more');
  answer();
  await store.close();
});
