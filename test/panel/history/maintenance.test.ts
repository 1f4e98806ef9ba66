import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createLogger } from '../../../src/base/logger';
import type { Schedule } from '../../../src/base/schedule';
import { openConnection } from '../../../src/contracts/database/connection';
import { Maintenance } from '../../../src/panel/history/maintenance';
import { copyOf } from '../../../src/panel/history/notebook-copy';
import { SqliteNotebook } from '../../../src/panel/history/sqlite-notebook';
import { manualClock, settle } from '../../support/clock';
import { attackHistory } from '../../support/attack-history';
import { type HistoryFolder, historyFolder } from '../../support/history-folder';
import { systemClock } from '../../../src/base/clock';

let world: HistoryFolder;
const messages: string[] = [];
const logger = createLogger((record) => messages.push(record.message));
const never: Schedule = () => ({ cancel: () => undefined });

beforeEach(async () => {
  world = await historyFolder();
  messages.length = 0;
});

afterEach(() => world.remove());

const maintenance = (): Maintenance => new Maintenance({ database: world.history.database, clock: systemClock, logger, schedule: never });

async function copiedNotes(): Promise<unknown[]> {
  const copy = await openConnection(copyOf(world.file), 'read');
  const rows = await copy.all('SELECT text FROM notes');
  await copy.close();
  return rows.map((row) => row['text']);
}

test('a night trims, checks, and puts a copy of the notebook in the place of the one before', async () => {
  const notebook = new SqliteNotebook(world.history.database);
  const note = { address: '192.0.2.1', time: 5, who: 'admin' };
  const long = 1_500_000_000;
  for (const batch of attackHistory(500, long, 5, 2).batches(500)) await world.history.add(batch, [], long);
  await notebook.addNote({ ...note, text: 'first' });
  await maintenance().run();
  expect((await world.history.extent()).events).toBe(0);
  expect(await copiedNotes()).toEqual(['first']);
  await notebook.addNote({ ...note, text: 'second' });
  await maintenance().run();
  expect(await copiedNotes()).toEqual(['first', 'second']);
  expect(statSync(copyOf(world.file)).mode & 0o777).toBe(0o600);
  expect(existsSync(`${copyOf(world.file)}.new`)).toBe(false);
  expect(messages).toEqual([]);
});

test('damage that the night finds is replaced, and the copy before stays', async () => {
  const notebook = new SqliteNotebook(world.history.database);
  await notebook.addNote({ address: '192.0.2.1', time: 5, who: 'admin', text: 'kept' });
  for (const batch of attackHistory(20_000, systemClock.now(), 5, 2).batches(2000)) await world.history.add(batch, [], systemClock.now());
  await maintenance().run();
  // The second half of the file is scribbled over while it is open.
  await world.history.database.write((sql) => sql.run("UPDATE totals SET value = value WHERE name = 'events'"));
  const checkpoint = await openConnection(world.file);
  await checkpoint.all('PRAGMA wal_checkpoint(TRUNCATE)');
  await checkpoint.close();
  const bytes = readFileSync(world.file);
  bytes.fill(0x5a, bytes.length >> 1);
  writeFileSync(world.file, bytes);
  await maintenance().run();
  expect(messages.join('\n')).toMatch(/could not be (?:trimmed|checked)/);
  expect(world.messages.join('\n')).toContain('is damaged');
  expect((await notebook.notes('192.0.2.1')).map(({ text }) => text)).toEqual(['kept']);
  expect(await copiedNotes()).toEqual(['kept']);
  expect(await world.history.extent()).toMatchObject({ events: 0 });
});

test('it runs at night and some minutes after the start, until it is closed', async () => {
  const clock = manualClock();
  let [expression, runs, cancelled] = ['', 0, 0];
  const schedule: Schedule = (text, run) => {
    expression = text;
    void run;
    return { cancel: () => void cancelled++ };
  };
  const work = new Maintenance({ database: world.history.database, clock, logger, schedule });
  work.run = () => {
    runs++;
    return Promise.resolve();
  };
  work.start();
  expect(expression).toBe('17 3 * * *');
  await clock.advance(600);
  await settle();
  expect(runs).toBe(1);
  await work.close();
  expect(cancelled).toBe(1);
});
