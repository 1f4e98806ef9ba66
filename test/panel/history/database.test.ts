import { spawnSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { createLogger, silentLogger } from '../../../src/base/logger';
import { LogFollower } from '../../../src/panel/history/log-follower';
import { copyNotebook } from '../../../src/panel/history/notebook-copy';
import { openHistory } from '../../../src/panel/history/open-history';
import type { Locate } from '../../../src/panel/history/read-event';
import { SqliteNotebook } from '../../../src/panel/history/sqlite-notebook';
import { manualClock } from '../../support/clock';
import { placed } from '../../support/history';
import { found, type HistoryFolder, historyFolder } from '../../support/history-folder';

const clock = manualClock(1_795_000_000);
let world: HistoryFolder;

/** Reading rotated logs takes pauses, for which the clock must go. */
const GOING = ['fills a new one', 'from the beginning'];

beforeEach(async () => {
  const name = expect.getState().currentTestName ?? '';
  world = await historyFolder(GOING.some((words) => name.includes(words)) ? systemClock : clock);
});

afterEach(() => world.remove());

const setAside = (): string[] => readdirSync(world.folder).filter((name) => /\.damaged-\d+$/.test(name));
const notebook = (): SqliteNotebook => new SqliteNotebook(world.history.database);
const note = { address: '192.0.2.1', time: 5, who: 'admin', text: 'the office' };
const event = placed([{ time: 1_795_000_000, jail: 'ssh', kind: 'ban', id: '192.0.2.1' }]);

/** Overwrites the middle of the file: the pages of tables and indexes, not the first one. */
function scribble(): void {
  const bytes = readFileSync(world.file);
  bytes.fill(0x5a, 8192, bytes.length);
  writeFileSync(world.file, bytes);
}

describe('a damaged database', () => {
  it('that is none at all is set aside at the start, and the log fills a new one', async () => {
    await world.history.close();
    writeFileSync(world.file, 'this is no database, '.repeat(500));
    await world.reopen();
    writeFileSync(world.log, found(1, 'a'));
    await world.readOnce();
    expect(await world.told()).toEqual(['found a']);
    expect(world.messages.join()).toContain('is damaged');
    expect(setAside()).toHaveLength(1);
  });

  it('is replaced while we run; the follower fills the new one from the beginning, rotated logs too', async () => {
    writeFileSync(`${world.log}.1`, found(1, 'a'));
    writeFileSync(world.log, found(2, 'b'));
    const running = world.follower();
    await running.catchUp();
    await running.backfilled();
    await notebook().addNote(note);
    await copyNotebook(world.file);
    await world.history.database.damaged('a page lies', world.history.database.epoch);
    expect(await world.told()).toEqual([]);
    await running.catchUp();
    await running.backfilled();
    await running.catchUp();
    await running.close();
    expect(await world.told()).toEqual(['found a', 'found b']);
    expect(await notebook().notes('192.0.2.1')).toHaveLength(1);
    expect(setAside()).toHaveLength(1);
  });

  it('is replaced while lines are read: those from before are read from the beginning too', async () => {
    const { log, history } = world;
    const all = Array.from({ length: 200 }, (_, at) => found(at, `a${at}`));
    writeFileSync(log, all.slice(0, 3).join(''));
    const damaged: Promise<void>[] = [];
    const locate: Locate = (id) => {
      if (id === 'a150' && damaged.length === 0) damaged.push(history.database.damaged('a page lies', history.database.epoch));
      return { country: null, asn: null };
    };
    const running = new LogFollower(log, { history, clock: systemClock, logger: silentLogger, locate });
    await running.catchUp();
    appendFileSync(log, all.slice(3).join(''));
    await running.catchUp();
    await Promise.all(damaged);
    await running.catchUp();
    await running.close();
    expect(await world.told()).toEqual(all.map((_, at) => `found a${at}`));
  });

  it('gives its notebook back, from the copy what cannot be read, but no token', async () => {
    await notebook().addNote(note);
    await notebook().putSetting('retention.days', '90');
    await notebook().addToken({ name: 'monitoring', readOnly: true, createdBy: 'admin', created: 5, hash: 'aa' });
    await copyNotebook(world.file);
    await world.history.close();
    scribble();
    await world.reopen();
    expect(await notebook().notes('192.0.2.1')).toEqual([{ id: 1, ...note }]);
    expect(await notebook().setting('retention.days')).toBe('90');
    expect(await notebook().tokens()).toEqual([]);
    expect(world.messages.join('\n')).toMatch(/1 of notes \(copy\).*lost: tokens/);
  });

  it('gives back what is newer than the copy where it can still be read', async () => {
    await notebook().addNote(note);
    await copyNotebook(world.file);
    await notebook().addNote({ ...note, text: 'since then' });
    await notebook().addToken({ name: 'monitoring', readOnly: true, createdBy: 'admin', created: 5, hash: 'aa' });
    await world.history.database.damaged('somewhere else', world.history.database.epoch);
    expect((await notebook().notes('192.0.2.1')).map(({ text }) => text)).toEqual(['the office', 'since then']);
    expect(await notebook().tokens()).toHaveLength(1);
  });

  it('does not fill the disk: two of those set aside stay', async () => {
    for (let time = 0; time < 4; time++) {
      await world.history.database.damaged('again', world.history.database.epoch);
      await clock.advance(10);
    }
    expect(setAside()).toHaveLength(2);
  });
});

describe('a disk without room', () => {
  it('is read on; writing fails with DATABASE_FAILED and is told once a minute', async () => {
    await world.history.add(event, [], clock.now());
    const pages = async (pages: number): Promise<void> => {
      const { connections } = world.history.database as unknown as { connections: { writer: { exec(sql: string): Promise<void> } } };
      await connections.writer.exec(`PRAGMA max_page_count = ${pages}`);
    };
    await pages(1);
    const big = { ...note, text: 'x'.repeat(4000) };
    const fill = async (): Promise<unknown> => {
      for (let at = 0; at < 50; at++) await notebook().addNote(big);
      return null;
    };
    for (let time = 0; time < 3; time++) await expect(fill()).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(await world.told()).toEqual(['ban 192.0.2.1']);
    const told = (): number => world.messages.filter((message) => message.includes('full')).length;
    expect(told()).toBe(1);
    await clock.advance(61);
    await expect(fill()).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
    expect(told()).toBe(2);
    await pages(100_000);
    await fill();
  });
});

describe('a disk that is read-only', () => {
  const run = (...command: [string, ...string[]]): boolean => spawnSync(command[0], command.slice(1)).status === 0;

  it('serves the pages, refuses writes, and is written again when that works', async () => {
    await world.history.add(event, [], clock.now());
    await world.history.close();
    const mount = path.join(world.folder, 'disk');
    mkdirSync(mount);
    if (!run('mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', mount)) {
      if (process.env['CI'] === 'true') throw new Error('no tmpfs can be mounted here');
      return world.reopen();
    }
    try {
      const file = path.join(mount, 'bailiff.sqlite3');
      copyFileSync(world.file, file);
      run('mount', '-o', 'remount,ro', mount);
      const logger = createLogger((record) => world.messages.push(record.message));
      const history = await openHistory(file, clock, logger);
      expect((await history.recent(1)).map(({ id }) => id)).toEqual(['192.0.2.1']);
      await expect(history.add(event, [], clock.now())).rejects.toMatchObject({ code: 'DATABASE_FAILED' });
      expect(world.messages.join('\n')).toContain('can only be read');
      run('mount', '-o', 'remount,rw', mount);
      await clock.advance(61);
      await history.add(event, [], clock.now());
      expect((await history.extent()).events).toBe(2);
      await history.close();
    } finally {
      run('umount', mount);
    }
    await world.reopen();
  });
});

test('the file is its owner’s alone', () => {
  expect(statSync(world.file).mode & 0o777).toBe(0o600);
});
