/** Events since a cursor, from a ring that forgets, and the counting of the last minute. */
import fc from 'fast-check';
import { EventRing } from '../../../src/engine/server/event-ring';
import { RateMeter } from '../../../src/engine/server/rate-meter';

const ring = (events: number, most = 5, page = 3): EventRing => {
  const made = new EventRing('run1', most, page);
  for (let number = 0; number < events; number++) made.add({ kind: 'ban', jail: 'j', id: String(number) }, 100 + number);
  return made;
};
const ids = (page: ReturnType<EventRing['since']>): (string | null)[] => page.events.map(({ id }) => id);

test('without a cursor come all that are kept, page by page', () => {
  const events = ring(4);
  const first = events.since(null);
  expect([ids(first), first.more, first.lost]).toEqual([['0', '1', '2'], true, false]);
  const second = events.since(first.cursor);
  expect([ids(second), second.more, second.lost]).toEqual([['3'], false, false]);
  expect(events.since(second.cursor)).toEqual({ cursor: second.cursor, lost: false, more: false, events: [] });
});

test('events that the ring has forgotten are told as lost', () => {
  const events = ring(1);
  const { cursor } = events.since(null);
  for (let number = 1; number < 8; number++) events.add({ kind: 'unban', jail: 'j', id: String(number) }, 0);
  expect(events.since(cursor)).toMatchObject({ lost: true });
  expect(ids(events.since(cursor))).toEqual(['3', '4', '5']);
});

test.each(['run0-3', 'run1-9', 'run1-', 'run1-x', '', 'run1--1'])(
  'the cursor %j of another run, or of nobody, has lost something',
  (cursor) => {
    expect(ring(2).since(cursor)).toMatchObject({ lost: true, events: [{ id: '0' }, { id: '1' }] });
  },
);

test('an event keeps what it says beside jail and id; long texts are cut', () => {
  const events = new EventRing('r');
  events.add({ kind: 'increase-ban', jail: 'j', id: 'a', bancount: 2, bantime: 60, end: 7 }, 1.5);
  events.add({ kind: 'action-failed', jail: 'j', action: 'act', operation: 'start', message: 'x'.repeat(9999) }, 2);
  const [first, second] = events.since(null).events;
  expect(first).toEqual({ time: 1.5, jail: 'j', kind: 'increase-ban', id: 'a', data: { bancount: 2, bantime: 60, end: 7 } });
  expect([second?.id, String(second?.data['message']).length]).toEqual([null, 2000]);
});

test('failures among other events are told with their own time, also in places that something else had', () => {
  const events = new EventRing('r', 3);
  events.add({ kind: 'ban', jail: 'a', id: '1' }, 10);
  events.add({ kind: 'found', jail: 'b', id: '2', time: 11.5 }, 12);
  events.add({ kind: 'started', jail: 'c' }, 13);
  events.add({ kind: 'found', jail: 'd', id: '3', time: 14 }, 15);
  events.add({ kind: 'unban', jail: 'e', id: '4' }, 16);
  expect(events.since(null).events).toEqual([
    { time: 13, jail: 'c', kind: 'started', id: null, data: {} },
    { time: 15, jail: 'd', kind: 'found', id: '3', data: { time: 14 } },
    { time: 16, jail: 'e', kind: 'unban', id: '4', data: {} },
  ]);
});

test('nothing is told twice, nothing is left out without a word', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(6), { maxLength: 12 }), (bursts) => {
      const events = new EventRing('r', 5, 3);
      let [cursor, number, seen]: [string | null, number, number] = [null, 0, 0];
      for (const burst of bursts) {
        for (let added = 0; added < burst; added++) events.add({ kind: 'ban', jail: 'j', id: String(number++) }, 0);
        const page = events.since(cursor);
        const got = ids(page).map(Number);
        if (!page.lost && cursor !== null && got.length > 0) expect(got[0]).toBe(seen);
        if (got.length > 0) expect(got).toEqual(got.map((_one, index) => (got[0] ?? 0) + index));
        seen = got.length > 0 ? (got.at(-1) ?? 0) + 1 : seen;
        cursor = page.cursor;
      }
    }),
  );
});

test('the last minute is counted, and no more', () => {
  const meter = new RateMeter();
  expect(meter.perMinute(1000)).toBe(0);
  meter.add(3, 1000);
  meter.add(4, 1030);
  expect(meter.perMinute(1031)).toBe(7);
  expect(meter.perMinute(1061)).toBe(4);
  expect(meter.perMinute(1500)).toBe(0);
  meter.add(1, 1501);
  expect(meter.perMinute(1501)).toBe(1);
});
