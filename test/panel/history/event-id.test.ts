import {
  firstIdFrom,
  kindOfNumber,
  LAST_MILLISECOND,
  millisecondOf,
  numberOfKind,
  PER_MILLISECOND,
  timeOfId,
} from '../../../src/panel/history/event-id';
import type { HistoryKind } from '../../../src/panel/history/history';

test('a number gives the time back, to the millisecond, and grows with it', () => {
  for (const time of [0, 1.1, 1_795_000_000.001, 1_795_000_000.999, 4_000_000_000.5]) {
    const id = millisecondOf(time) * PER_MILLISECOND + 7;
    expect(timeOfId(id)).toBe(time);
    expect(firstIdFrom(time)).toBeLessThanOrEqual(id);
    expect(firstIdFrom(time)).toBe(millisecondOf(time) * PER_MILLISECOND);
    expect(firstIdFrom(time + 0.001)).toBeGreaterThan(id);
  }
});

test('times that no clock should have stay within exact numbers', () => {
  expect(millisecondOf(-5)).toBe(0);
  expect(millisecondOf(253_402_300_799)).toBe(LAST_MILLISECOND);
  expect(Number.isSafeInteger((LAST_MILLISECOND + 1) * PER_MILLISECOND)).toBe(true);
  expect(firstIdFrom(Infinity)).toBe((LAST_MILLISECOND + 1) * PER_MILLISECOND);
});

test('every kind has a number of its own', () => {
  const kinds: HistoryKind[] = ['found', 'ban', 'unban', 'restore-ban', 'ignore', 'already-banned'];
  expect(kinds.map(numberOfKind).map(kindOfNumber)).toEqual(kinds);
});
