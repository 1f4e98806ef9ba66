/** Counting by rate: the window of findtime is estimated, as the original does. */
import * as fc from 'fast-check';
import { FailureCounter } from '../../../src/engine/jail/failure-counter';
import { failTicket } from '../../support/tickets';
import { roundHalfEven } from '../../../src/base/rounding';
import type { CountedFailures } from '../../../src/model/ticket';

const A = '192.0.2.1';
const counterOf = (maxRetry = 3, findTime = 600, maxMatches = 5, capacity?: number): FailureCounter =>
  new FailureCounter({ maxRetry, findTime, maxMatches }, capacity);

/** Attempts after failures at these times. */
function attempts(times: readonly number[], findTime = 600): number[] {
  const counter = counterOf(1000, findTime);
  return times.map((time) => counter.add(failTicket(A, time)));
}

test.each([
  [0.5, 0],
  [1.5, 2],
  [2.5, 2],
  [-0.5, 0],
  [1.49, 1],
  [1.51, 2],
])('%d is rounded to %d', (value, rounded) => {
  expect(roundHalfEven(value) + 0).toBe(rounded);
});

test.each([
  ['within findtime every failure counts', [0, 1, 599, 600], [1, 2, 3, 4]],
  ['beyond it the count is what the same rate makes in findtime', [0, 500, 1000, 1500], [1, 2, 2, 2]],
  ['a half is rounded to the even number, up', [0, 400, 800], [1, 2, 3]],
  ['a half is rounded to the even number, down', [0, 0, 0, 0, 0, 1200], [1, 2, 3, 4, 5, 3]],
  ['a failure that comes late counts, but does not turn the clock back', [100, 50, 700], [1, 2, 3]],
])('%s', (_name, times, expected) => {
  expect(attempts(times)).toEqual(expected);
});

test('the ticket bears the last time, all attempts, the last lines and what the first line captured', () => {
  const counter = counterOf(3, 600, 2);
  counter.add(failTicket(A, 10, { matches: ['a'], captured: { user: 'root' } }));
  counter.add(failTicket(A, 30, { matches: ['b', 'c'], captured: { user: 'admin' } }));
  expect(counter.take(A)).toBeNull();
  counter.add(failTicket(A, 20, { matches: ['d'], failures: 2 }));
  expect(counter.take(A)).toEqual({ id: A, time: 30, data: { failures: 4, matches: ['c', 'd'], captured: { user: 'root' } } });
  expect(counter.size).toBe(0);
  expect(counter.total).toBe(3);
});

test('whenever the lines are asked for, they are the last in their order, and those that were handed out stay as they were', () => {
  const handedOut = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 30 });
  fc.assert(
    fc.property(handedOut, fc.integer({ min: 0, max: 4 }), (steps, most) => {
      const counter = counterOf(1000, 600, most);
      const lines = ['first'];
      counter.addOne(A, { time: 1, matches: ['first'], data: {} });
      const seen: [readonly unknown[], readonly string[]][] = [];
      for (const [count, ask] of steps) {
        const more = Array.from({ length: count }, (_, at) => `${lines.length + at}`);
        counter.addOne(A, { time: 2, matches: more, data: {} });
        lines.push(...more);
        if (ask) seen.push([counter.takeChanges()?.counted[0]?.data.matches ?? [], most === 0 ? [] : lines.slice(-most)]);
      }
      for (const [matches, expected] of seen) expect(matches).toEqual(expected);
    }),
  );
});

test('maxmatches 0 keeps no lines of further failures', () => {
  const counter = counterOf(2, 600, 0);
  counter.add(failTicket(A, 1, { matches: ['a'] }));
  counter.add(failTicket(A, 2, { matches: ['b'] }));
  expect(counter.take(A)?.data.matches).toEqual([]);
});

test('a failure can stand for several attempts', () => {
  const counter = counterOf();
  expect(counter.add(failTicket(A, 1), 3)).toBe(3);
  expect(counter.take(A)?.data.failures).toBe(1);
  expect(counter.add(failTicket(A, 1, { failures: 7 }))).toBe(7);
});

test('only an id that is counted already can be weighed', () => {
  const counter = counterOf();
  expect(counter.weigh(A, 1, 5)).toBe(0);
  expect(counter.size).toBe(0);
  counter.add(failTicket(A, 1));
  expect(counter.weigh(A, 1, 2)).toBe(3);
  expect(counter.take(A)?.data.failures).toBe(2);
});

test('who has not failed for findtime is forgotten', () => {
  const counter = counterOf();
  counter.add(failTicket(A, 100));
  counter.add(failTicket('b', 101));
  counter.cleanup(700);
  expect(counter.size).toBe(1);
  expect(counter.add(failTicket(A, 700))).toBe(1);
});

test('lower limits make more of them ripe', () => {
  const counter = counterOf();
  for (const id of ['a', 'b', 'b', 'c', 'c']) counter.add(failTicket(id, 1));
  expect(counter.takeAny()).toBeNull();
  counter.setLimits({ maxRetry: 2, findTime: 600, maxMatches: 5 });
  expect([counter.takeAny()?.id, counter.takeAny()?.id, counter.takeAny()]).toEqual(['b', 'c', null]);
});

test('a flood of addresses drives out the ones counted longest, never more than it holds', () => {
  const counter = counterOf(3, 600, 5, 100);
  for (let n = 0; n < 250; n++) counter.add(failTicket(`id-${n}`, n));
  expect(counter.size).toBe(100);
  expect(counter.total).toBe(250);
  expect(counter.add(failTicket('id-249', 250))).toBe(2);
  expect(counter.add(failTicket('id-100', 250))).toBe(1);
});

test('whatever comes: counts are at least 1, at most all attempts, and exact within findtime', () => {
  const failures = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 5000 })), { maxLength: 60 });
  fc.assert(
    fc.property(failures, (list) => {
      const counter = counterOf(1_000_000);
      const times = new Map<string, number[]>();
      for (const [id, time] of list) {
        const known = [...(times.get(id) ?? []), time];
        times.set(id, known);
        const count = counter.add(failTicket(id, time));
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(known.length);
        if (Math.max(...known) - Math.min(...known) <= 600) expect(count).toBe(known.length);
      }
      expect(counter.size).toBe(times.size);
      expect(counter.total).toBe(list.length);
    }),
  );
});

test('what changed is given out once, and again when it could not be written', () => {
  const counter = counterOf(2);
  expect(counter.takeChanges()).toBeNull();
  counter.add(failTicket(A, 100, { matches: ['x'], captured: { user: 'root' } }));
  counter.add(failTicket('b', 90));
  const counted = { id: A, time: 100, firstTime: 100, retry: 1, data: { failures: 1, matches: ['x'], captured: { user: 'root' } } };
  const first = counter.takeChanges()!;
  expect([first.anew, first.counted[0], first.counted.length, first.gone]).toEqual([false, counted, 2, []]);
  expect(counter.takeChanges()).toBeNull();
  counter.add(failTicket('b', 101));
  expect(counter.take('b')).not.toBeNull();
  counter.giveBack(first);
  expect(counter.takeChanges()).toEqual({ anew: false, counted: [counted], gone: ['b'] });
  counter.cleanup(5000);
  expect(counter.takeChanges()).toEqual({ anew: false, counted: [], gone: [A] });
});

test('changes that nobody takes are bounded: then all is written anew', () => {
  const counter = counterOf(3, 600, 5, 10);
  for (let n = 0; n < 50; n++) counter.add(failTicket(String(n), n));
  const changes = counter.takeChanges()!;
  expect([changes.anew, changes.counted.map(({ id }) => Number(id)), changes.gone]).toEqual([
    true,
    [40, 41, 42, 43, 44, 45, 46, 47, 48, 49],
    [],
  ]);
  counter.giveBack(changes);
  expect(counter.takeChanges()?.anew).toBe(true);
});

test('a counter that goes on from the changes of another counts as that one does, whatever came before', () => {
  const failures = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(900)), { maxLength: 30 });
  fc.assert(
    fc.property(failures, failures, fc.nat(30), (before, after, cut) => {
      const [one, other] = [counterOf(4), counterOf(4)];
      const step = (counter: FailureCounter, id: string, time: number) => [
        counter.add(failTicket(id, time, { matches: [id] })),
        counter.take(id),
      ];
      const known = new Map<string, CountedFailures>();
      before.forEach(([id, time], at) => {
        step(one, id, time);
        if (at !== cut) return;
        for (const counted of one.takeChanges()!.counted) known.set(counted.id, counted);
      });
      const rest = one.takeChanges();
      for (const id of rest?.gone ?? []) known.delete(id);
      for (const counted of rest?.counted ?? []) known.set(counted.id, counted);
      other.restore([...known.values()]);
      for (const [id, time] of after) expect(step(other, id, time)).toEqual(step(one, id, time));
    }),
  );
});
