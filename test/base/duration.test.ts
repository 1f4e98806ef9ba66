/** Time values and durations, compared with the original's. */
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { DurationError, formatDuration, parseDuration } from '../../src/base/duration';

/** What the installed original makes of each value. */
function original(expression: string, values: readonly unknown[]): unknown {
  const code = `import sys, json\nfrom fail2ban.server.mytime import MyTime\nprint(json.dumps([${expression} for x in json.loads(sys.argv[1])]))`;
  const done = spawnSync('/usr/bin/python3', ['-c', code, JSON.stringify(values)], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout);
}

test.each([
  ['600', 600],
  ['1d12h', 129600],
  ['1mo', 2629800],
  ['1y6mo', 47336400],
  ['1h 30m', 5400],
  ['10 m', 600],
  ['-1', -1],
  ['1h-10m', 3000],
  ['2*3h', 21600],
  ['1.5h', 5400],
  ['1M', 60],
  ['1year-6mo', 15778800],
  ['1_000', 1000],
  ['(1h+2)*2', 7204],
  ['1week2days', 777600],
  ['--5', 5],
  [' 1h ', 3600],
])('%j is %d seconds', (text, seconds) => {
  expect(parseDuration(text)).toBeCloseTo(seconds, 6);
});

test('a number is itself', () => {
  expect(parseDuration(-1)).toBe(-1);
  expect(() => parseDuration(Number.NaN)).toThrow(DurationError);
});

test.each([
  ['', 'it is empty'],
  ['abc', "'abc' is not a unit of time"],
  ['10 minuts', "'minuts' is not a unit of time"],
  ['1e3', "'e' is not a unit of time"],
  ['0x10', "'x' is not a unit of time"],
  ['010', "unexpected '010'"],
  ['1/0', 'the result is not a number'],
  ['(1', "a ')' is missing"],
  ['1+', 'a number is missing at the end'],
  ['1h)', "unexpected ')'"],
  ['__import__("os")', "unexpected '__'"],
  ['('.repeat(100), 'its parentheses are too deep'],
  ['1'.repeat(300), 'it is longer than 200 characters'],
])('%j is refused with its reason', (text, reason) => {
  expect(() => parseDuration(text)).toThrow(reason);
});

test('no text makes the parser fail otherwise than with a DurationError', () => {
  const text = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'0123456789 smhdwyo+-*/().e_'.split('')), maxLength: 40 }));
  fc.assert(
    fc.property(text, (value) => {
      try {
        expect(Number.isFinite(parseDuration(value))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(DurationError);
      }
    }),
  );
});

test('every unit word and mixture is as many seconds as the original says', () => {
  const words = 'day days da d dd week weeks wee we w ww month months mo mon year years ye yea y yy second seconds sec se s ss';
  const texts = `${words} minute minutes min mi m mm hour hours hou ho h hh`.split(' ').map((word) => `2${word}`);
  texts.push('1 2', '1d2h3', '5 m 3', '1m1', '1mo1m', '1 m m', '1h30m20s', '1_000.5', '.5h', '1.', '00', '1h/7', '1h30');
  expect(texts.map(parseDuration)).toEqual(original('float(MyTime.str2seconds(x))', texts));
});

test.each([
  [0, '0'],
  [6, '6s'],
  [61, '1m 1s'],
  [600, '10m'],
  [3590, '59m 50s'],
  [3595, '1h'],
  [3606, '1h'],
  [86399, '24h'],
  [86430, '1d'],
  [86431, '1d 1m'],
  [198900, '2d 7h 15m'],
  [604770, '7d'],
  [709200, '1w 1d 5h'],
  [606600, '1w'],
  [31536000, '1y'],
  [33696000, '1y 3w 4d'],
  [-5, '-5s'],
])('%d seconds are written %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text);
});

test('durations are written as the original writes them', () => {
  const values = fc.sample(fc.oneof(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 0, max: 2_000_000_000 })), {
    numRuns: 500,
    seed: 7,
  });
  expect(values.map(formatDuration)).toEqual(original('str(MyTime.seconds2str(x))', values));
});
