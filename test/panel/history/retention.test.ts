import { attackHistory } from '../../support/attack-history';
import { allEvents, type HistoryFolder, historyFolder } from '../../support/history-folder';
import { placed } from '../../support/history';
import { systemClock, type Clock } from '../../../src/base/clock';
import { keptFrom, retentionDays, trim } from '../../../src/panel/history/retention';
import { SqliteNotebook } from '../../../src/panel/history/sqlite-notebook';

const DAY = 86_400;
const NOW = 1_795_000_000;
const TODAY = Math.floor(NOW / DAY) * DAY;
/** The machine's timers, and a day that stays. */
const clock: Clock = { ...systemClock, now: () => NOW };
let world: HistoryFolder;

beforeEach(async () => {
  world = await historyFolder(clock);
});

afterEach(() => world.remove());

test('days are a whole number, or 180', () => {
  expect(['30', ' 7 ', '3650', '0', '-1', '3651', '1.5', 'for ever', '', '9999999', null].map(retentionDays)).toEqual([
    30, 7, 3650, 180, 180, 180, 180, 180, 180, 180, 180,
  ]);
});

test('what is older goes from events, counts and addresses; the rest stays as it was', async () => {
  for (const batch of attackHistory(12_000, NOW, 60, 4).batches(1000)) await world.history.add(batch, [], NOW);
  const old = placed([{ time: TODAY - 31 * DAY, jail: 'ssh', kind: 'ban', id: '198.51.100.77' }]);
  await world.history.add(old, [], NOW);
  await new SqliteNotebook(world.history.database).putSetting('retention.days', '30');
  const from = TODAY - 30 * DAY;
  expect(await keptFrom(world.history.database, NOW)).toBe(from);
  const young = (await allEvents(world.history)).filter((event) => event.time >= from);
  const days = await world.history.counts({ from, to: NOW, step: 'day', by: 'network' });

  await trim(world.history.database, clock);

  expect(await allEvents(world.history)).toEqual(young);
  expect((await world.history.extent()).events).toBe(young.length);
  expect(await world.history.counts({ from: 0, to: NOW, step: 'day', by: 'network' })).toEqual(days);
  expect((await world.history.counts({ from: 0, to: NOW, step: 'hour', by: 'jail' })).every((row) => row.start >= from)).toBe(true);
  expect(await world.history.address('198.51.100.77')).toMatchObject({ lastSeen: null, bans: 0 });
  const busy = young[0]?.id ?? '';
  expect((await world.history.address(busy)).lastSeen).toBeGreaterThanOrEqual(from);
});

test('hours become days after five weeks, those of addresses after two days', async () => {
  const event = (days: number) => ({ time: TODAY - days * DAY + 4000, jail: 'ssh', kind: 'ban' as const, id: `192.0.2.${days}` });
  // Added when they were young.
  for (const days of [40, 20, 1]) await world.history.add(placed([event(days)]), [], event(days).time);
  await trim(world.history.database, clock);
  const starts = async (step: 'hour' | 'day'): Promise<number[]> =>
    (await world.history.counts({ from: 0, to: NOW, step, by: 'jail' })).map((row) => (TODAY - Math.floor(row.start / DAY) * DAY) / DAY);
  expect(await starts('hour')).toEqual([20, 1]);
  expect(await starts('day')).toEqual([40, 20, 1]);
  const top = await world.history.top({ from: TODAY - 60 * DAY, to: NOW, of: 'address', by: 'bans', limit: 5 });
  expect(top.map(({ key }) => key).sort()).toEqual(['192.0.2.1', '192.0.2.20', '192.0.2.40']);
  const hours = await world.history.database.read((sql) => sql.get('SELECT count(*) AS n FROM counts WHERE dimension = 4 AND step = 3600'));
  expect(hours?.['n']).toBe(1);
});

test('pages do not wait for it, and it stops between two transactions', async () => {
  for (const batch of attackHistory(6000, NOW - 300 * DAY, 10, 4).batches(1000)) await world.history.add(batch, [], NOW);
  let asked = 0;
  const running = trim(world.history.database, clock, () => asked < 3);
  for (; asked < 3; asked++) await world.history.recent(1);
  await running;
  const { events } = await world.history.extent();
  expect(events).toBeGreaterThan(0);
  await trim(world.history.database, clock);
  expect(await world.history.extent()).toMatchObject({ events: 0, oldest: null, newest: null });
});
