import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import type { HistoryKind } from '../../../src/panel/history/history';
import { openHistory } from '../../../src/panel/history/open-history';
import type { SqliteHistory } from '../../../src/panel/history/sqlite-history';
import { placed } from '../../support/history';

const T = 1_795_000_000;
let history: SqliteHistory;

const event = (time: number, kind: HistoryKind, id: string, jail = 'sshd') => ({ time, kind, id, jail });

beforeEach(async () => {
  history = await openHistory(':memory:', systemClock, silentLogger);
  await history.add(
    placed([
      event(T, 'found', '192.0.2.1'),
      event(T + 1, 'found', '192.0.2.1'),
      event(T + 2, 'ban', '192.0.2.1'),
      event(T + 600, 'unban', '192.0.2.1'),
      event(T + 700, 'found', '192.0.2.1', 'web'),
      event(T + 10, 'found', '192.0.2.200'),
      event(T + 11, 'found', '192.0.3.1'),
      event(T + 12, 'ban', '2001:db8::1'),
      event(T + 13, 'ban', 'mallory'),
    ]),
    [],
    T,
  );
  // Out of order of time, as rotated logs come.
  await history.add(
    placed([event(T - 1000, 'ban', '192.0.2.1'), event(T - 999, 'ban', '192.0.2.200'), event(T - 998, 'ban', '192.0.2.200')]),
    [],
    T,
  );
});

afterEach(() => history.close());

test('an address has its sums, in all and by jail', async () => {
  expect(await history.address('192.0.2.1')).toEqual({
    id: '192.0.2.1',
    firstSeen: T - 1000,
    lastSeen: T + 700,
    failures: 3,
    bans: 2,
    unbans: 1,
    jails: [
      { jail: 'sshd', failures: 2, bans: 2, unbans: 1, last: T + 600 },
      { jail: 'web', failures: 1, bans: 0, unbans: 0, last: T + 700 },
    ],
  });
  expect(await history.address('2001:DB8:0::1')).toMatchObject({ id: '2001:db8::1', bans: 1 });
  expect(await history.address('mallory')).toMatchObject({ bans: 1, lastSeen: T + 13 });
});

test('an address that was never seen has zeros', async () => {
  const never = { firstSeen: null, lastSeen: null, failures: 0, bans: 0, unbans: 0, jails: [] };
  expect(await history.address('198.51.100.1')).toEqual({ id: '198.51.100.1', ...never });
  expect(await history.address("' OR 1")).toEqual({ id: "' OR 1", ...never });
});

test('neighbours are those of the range, most bans first', async () => {
  const ids = async (range: string, limit = 10): Promise<string[]> => (await history.neighbours(range, limit)).map(({ id }) => id);
  expect(await ids('192.0.2.0/24')).toEqual(['192.0.2.1', '192.0.2.200']);
  expect(await ids('192.0.2.128/25')).toEqual(['192.0.2.200']);
  expect(await ids('192.0.2.0/23')).toEqual(['192.0.2.1', '192.0.2.200', '192.0.3.1']);
  expect(await ids('0.0.0.0/0', 1)).toEqual(['192.0.2.1']);
  expect(await ids('2001:db8::/64')).toEqual(['2001:db8::1']);
  expect(await ids('mallory')).toEqual([]);
});

test('neighbours in a crowded range are found by their bans', async () => {
  const crowd = Array.from({ length: 2500 }, (_, at) => event(T + at, 'found', `10.1.${at >> 8}.${at & 255}`));
  await history.add(placed([...crowd, event(T, 'ban', '10.1.3.7'), event(T + 1, 'ban', '10.1.3.7'), event(T, 'ban', '10.1.0.1')]), [], T);
  expect((await history.neighbours('10.0.0.0/8', 2)).map(({ id, bans }) => [id, bans])).toEqual([
    ['10.1.3.7', 2],
    ['10.1.0.1', 1],
  ]);
});

test('times banned are told of any number of ids at once', async () => {
  const ids = [...Array.from({ length: 2500 }, (_, at) => `10.1.${at >> 8}.${at & 255}`), '192.0.2.1', 'mallory'];
  const times = await history.timesBanned(ids);
  expect([...times]).toEqual([
    ['192.0.2.1', { failures: 3, bans: 2 }],
    ['mallory', { failures: 0, bans: 1 }],
  ]);
});

test('the extent is that of the events', async () => {
  expect(await history.extent()).toMatchObject({ oldest: T - 1000, newest: T + 700, events: 12 });
});

test('the events of an address are ordered by time, whenever they were added', async () => {
  const all = await history.events({ id: '192.0.2.1', limit: 100 });
  expect(all.events.map(({ kind, time }) => `${kind} ${time - T}`)).toEqual([
    'found 700',
    'unban 600',
    'ban 2',
    'found 1',
    'found 0',
    'ban -1000',
  ]);
});
