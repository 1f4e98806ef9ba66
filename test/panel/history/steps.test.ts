import { writeFileSync } from 'node:fs';
import { openConnection } from '../../../src/contracts/database/connection';
import { applySteps } from '../../../src/contracts/database/migrate';
import { HISTORY_STEPS } from '../../../src/panel/history/steps';
import { openHistory } from '../../../src/panel/history/open-history';
import { systemClock } from '../../../src/base/clock';
import { createHash } from 'node:crypto';
import { allEvents, BEGIN, found, type HistoryFolder, historyFolder } from '../../support/history-folder';

let world: HistoryFolder;
let old: string;

/** A database as the first version left it: its log was read to a place, and rotations before that were read then. */
beforeEach(async () => {
  world = await historyFolder();
  old = `${world.file}.old`;
  const connection = await openConnection(old);
  await applySteps(connection, HISTORY_STEPS.slice(0, 1), BEGIN);
  await connection.transaction(async (sql) => {
    for (let at = 0; at < 2500; at++) {
      await sql.run('INSERT INTO events(time, jail, kind, address) VALUES(?, ?, ?, ?)', [
        BEGIN - 5000 + at + 0.25,
        'ssh',
        'found',
        `192.0.2.${at % 250}`,
      ]);
    }
    const first = found(1, 'a');
    const hash = createHash('sha1').update(first).digest('hex');
    await sql.run('INSERT INTO positions(path, first_line, offset) VALUES(?, ?, ?)', [world.log, hash, Buffer.byteLength(first)]);
  });
  await connection.close();
});

afterEach(() => world.remove());

test('an older database is brought up to date: its events are moved with their places, its logs are not read again', async () => {
  await world.history.close();
  world.history = await openHistory(old, systemClock, { log: () => undefined });
  writeFileSync(`${world.log}.1`, found(0, 'read by the old version'));
  writeFileSync(world.log, found(1, 'a') + found(2, 'b'));
  await world.readOnce();
  const events = await allEvents(world.history);
  expect(events).toHaveLength(2501);
  expect(events[0]).toEqual({ time: BEGIN - 5000 + 0.25, jail: 'ssh', kind: 'found', id: '192.0.2.0', country: 'DE', asn: 64496 });
  expect(events.at(-1)?.id).toBe('b');
  expect((await world.history.address('192.0.2.7')).failures).toBe(10);
  const days = await world.history.counts({ from: 0, to: BEGIN + 86_400, step: 'day', by: 'country' });
  expect(days.filter(({ key }) => key === 'DE').reduce((sum, { failures }) => sum + failures, 0)).toBe(2500);
  await world.readOnce();
  expect((await world.history.extent()).events).toBe(2501);
});

test('steps are numbered without a gap', () => {
  expect(HISTORY_STEPS.map(({ number }) => number)).toEqual(HISTORY_STEPS.map((_, at) => at + 1));
});
