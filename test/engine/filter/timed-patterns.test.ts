/** The stopwatches of a filter's regexes, on a clock that tells what the test wants. */
import type { FilterConfig } from '../../../src/engine/filter/compile-filter';
import { type TimedPatterns, timedPatterns } from '../../../src/engine/filter/timed-patterns';
import { defaultJailConfig } from '../../../src/model/jail-config';

const CONFIG: FilterConfig = { ...defaultJailConfig('door'), failregex: ['^knock from <HOST>$'], usedns: 'no' };
const LINE = 'knock from 192.0.2.1';

interface Trial {
  readonly patterns: TimedPatterns;
  /** Seconds of the tries that were told at once. */
  readonly told: number[];
  /** Tries that were measured, those made again included. */
  measured(): number;
}

/** A filter whose tries last as long as `lasts` says, one after the other; the last goes on for ever. */
function trial(...lasts: readonly number[]): Trial {
  let [time, asked] = [0, 0];
  const told: number[] = [];
  const clock = {
    monotonic: () => {
      if (asked++ % 2 === 1) time += lasts[Math.min(lasts.length - 1, (asked >> 1) - 1)]!;
      return time;
    },
  };
  const patterns = timedPatterns(CONFIG, { clock, line: 1, onSlow: (_regex, seconds) => void told.push(seconds) });
  return { patterns, told, measured: () => asked / 2 };
}

test('a try that was slow because the machine was busy is made again, and is not slow', () => {
  const { patterns, told, measured } = trial(0.9, 0.00002);
  expect(patterns.failregex[0]!.search(LINE)?.start).toBe(0);
  expect(patterns.tested()).toMatchObject([{ tries: 1, slow: false, microseconds: 20, longest: 20, longestLine: 1 }]);
  expect([told, measured()]).toEqual([[], 2]);
});

test('a try that is slow each time is slow: on average, or once', () => {
  const always = trial(0.001);
  always.patterns.failregex[0]!.test(LINE);
  expect(always.patterns.tested()).toMatchObject([{ tries: 1, slow: true, microseconds: 1000 }]);
  const once = trial(0.2, 0.2, 0.2, 0);
  for (let count = 0; count < 1000; count++) once.patterns.failregex[0]!.test(LINE);
  expect(once.patterns.tested()).toMatchObject([{ tries: 1000, slow: true, microseconds: 200, longest: 200_000, longestLine: 1 }]);
});

test('tries made again have an end, however slow a regex is', () => {
  const { patterns, told, measured } = trial(0.6);
  for (let count = 0; count < 10; count++) patterns.failregex[0]!.test(LINE);
  expect([told.length, told.every((seconds) => Math.abs(seconds - 0.6) < 1e-6)]).toEqual([10, true]);
  expect(measured()).toBe(12);
});
