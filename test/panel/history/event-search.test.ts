import type { HistoryEvent } from '../../../src/panel/history/history';
import { openHistory } from '../../../src/panel/history/open-history';
import type { EventQuery } from '../../../src/panel/history/questions';
import type { SqliteHistory } from '../../../src/panel/history/sqlite-history';
import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { contains, parseAddress } from '../../../src/model/address';
import { attackHistory, drawer } from '../../support/attack-history';

const END = 1_795_000_000;
const DAY = 86_400;
let history: SqliteHistory;
let events: HistoryEvent[];

/** Newest first, as the database orders what has the same millisecond: later added first. */
beforeAll(async () => {
  history = await openHistory(':memory:', systemClock, silentLogger);
  events = [];
  for (const batch of attackHistory(24_000, END, 20, 5).batches(1000)) {
    await history.add(batch, [], END);
    events.push(...batch);
  }
  events.reverse();
});

afterAll(() => history.close());

function expected(query: Omit<EventQuery, 'limit'>): HistoryEvent[] {
  const range = query.range === undefined ? null : parseAddress(query.range);
  const inRange = (id: string): boolean => {
    const address = parseAddress(id);
    return range === null || (address !== null && contains(range, address));
  };
  return events.filter(
    (event) =>
      event.time >= (query.from ?? 0) &&
      event.time < (query.to ?? Infinity) &&
      (query.jail ?? event.jail) === event.jail &&
      (query.kinds?.includes(event.kind) ?? true) &&
      (query.id ?? event.id) === event.id &&
      inRange(event.id) &&
      (query.country ?? event.country) === event.country &&
      (query.asn ?? event.asn) === event.asn &&
      (query.text === undefined || event.id.includes(query.text.toLowerCase()) || event.jail.includes(query.text.toLowerCase())),
  );
}

async function all(query: Omit<EventQuery, 'limit'>, limit: number): Promise<HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  let before: string | null = null;
  do {
    const list: Awaited<ReturnType<SqliteHistory['events']>> = await history.events({
      ...query,
      limit,
      ...(before === null ? {} : { before }),
    });
    expect(list.events.length).toBeLessThanOrEqual(limit);
    found.push(...list.events);
    before = list.next;
  } while (before !== null);
  return found;
}

describe('a question for events', () => {
  it('gives what a look at every event would give, over its pages', async () => {
    const draw = drawer(11);
    const some = (): HistoryEvent => events[Math.floor(draw() * events.length)] as HistoryEvent;
    const parts: readonly (() => Partial<EventQuery>)[] = [
      () => ({ jail: some().jail }),
      () => ({ kinds: [some().kind] }),
      () => ({ kinds: ['already-banned', 'restore-ban', 'ignore'] }),
      () => ({ kinds: ['ban', 'unban'] }),
      () => ({ id: some().id }),
      () => ({
        range: some()
          .id.replace(/\.\d+$/, '.0/24')
          .replace(/::.*$/, '::/64'),
      }),
      () => ({ range: `${some().id.split('.')[0]}.0.0.0/8` }),
      () => ({ country: some().country ?? 'XX' }),
      () => ({ asn: some().asn ?? 1 }),
      () => ({ text: some().id.slice(2, 7) }),
      () => ({ text: 'SSH' }),
      () => ({ from: END - 20 * DAY * draw() }),
      () => ({ to: END - 20 * DAY * draw() }),
    ];
    let seen = 0;
    for (let round = 0; round < 60; round++) {
      const query = Object.assign(
        {},
        ...Array.from({ length: 1 + Math.floor(draw() * 3) }, () => parts[Math.floor(draw() * parts.length)]?.()),
      );
      if (query.range !== undefined && parseAddress(query.range) === null) continue;
      const wanted = expected(query);
      seen += wanted.length > 0 ? 1 : 0;
      expect({ query, found: await all(query, 400) }).toEqual({ query, found: wanted });
    }
    expect(seen).toBeGreaterThan(30);
  });

  it('looks at a bounded number of events in one call, and says where to go on', async () => {
    const first = await history.events({ text: 'nobody at all', limit: 10 });
    expect(first.events).toEqual([]);
    expect(first.next).not.toBeNull();
    expect(await history.events({ text: 'nobody at all', limit: 10, before: first.next ?? '' })).toEqual({ events: [], next: null });
  });

  it.each<Partial<EventQuery>>([
    { jail: 'no such jail' },
    { id: '203.0.113.200' },
    { range: 'no range' },
    { before: "'; DROP TABLE events" },
    { kinds: [] },
    { text: 'x'.repeat(5000) },
    { country: "DE' OR 1=1" },
  ])('gives nothing for %j', async (query) => {
    expect(await history.events({ ...query, limit: 10 })).toEqual({ events: [], next: null });
  });

  it('finds an address in any spelling', async () => {
    await history.add([{ time: END + 5, jail: 'sshd', kind: 'ban', id: '2001:db8::a', country: null, asn: null }], [], END);
    expect((await history.events({ id: '2001:0DB8:0::A', limit: 1 })).events).toHaveLength(1);
  });
});

test('events of one millisecond all have a place, more than it has numbers too', async () => {
  const crowd = await openHistory(':memory:', systemClock, silentLogger);
  const event = (id: number): HistoryEvent => ({ time: END, jail: 'sshd', kind: 'unban', id: `id-${id}`, country: null, asn: null });
  await crowd.add(
    Array.from({ length: 3000 }, (_, at) => event(at)),
    [],
    END,
  );
  await crowd.add(
    Array.from({ length: 3000 }, (_, at) => event(3000 + at)),
    [],
    END,
  );
  const ids = new Set<string>();
  for await (const { id, time } of crowd.eachEvent({})) {
    ids.add(id);
    expect(Math.abs(time - END)).toBeLessThan(0.004);
  }
  expect(ids.size).toBe(6000);
  expect(await crowd.extent()).toMatchObject({ events: 6000, oldest: END });
  await crowd.close();
});
