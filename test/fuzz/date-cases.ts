/** Makes the cases of the fuzzer of dates from a seed: a datepattern, a zone, a moment, and lines with dates of many shapes. */
import { DEFAULT_PATTERNS } from '../../src/engine/filter/date-templates';
import { formatAs, type Parts } from './date-format';
import { drawControl, drawDate } from './drawn-values';
import { fuzzWorld } from './filter-cases';
import { mutate, type Seed } from './line-mutations';
import { type Random, randomOf, shuffled } from './random';

export interface DateCase {
  readonly number: number;
  readonly datepattern: string | null;
  readonly logtimezone: string | null;
  readonly lines: readonly string[];
  /** Seconds since the epoch at which each line is read. */
  readonly times: readonly number[];
}

export interface DateWorld {
  /** The datepatterns of the stock filters. */
  readonly patterns: readonly string[];
  readonly seeds: readonly Seed[];
  readonly tails: readonly string[];
}

export function dateWorld(): DateWorld {
  const { sets, seeds, pool } = fuzzWorld();
  const patterns = new Set(sets.flatMap(({ datepattern }) => (datepattern === null ? [] : [datepattern])));
  return { patterns: [...patterns], seeds: seeds.flat(), tails: pool.tails };
}

/** Lines of a case: detectors are made afresh for each. */
const LINES = 100;
/** Seconds that a case lasts at most: the original moves its templates by the real clock, we by the time given. */
const SESSION = 280;

/** Moments at which calendars and clocks turn, in Europe/Berlin. */
const MOMENTS = [
  '2026-11-22T12:00:00Z',
  '2025-12-31T22:59:50Z',
  '2025-12-31T23:00:30Z',
  '2026-01-01T00:30:00Z',
  '2026-03-29T00:59:30Z',
  '2026-10-25T00:30:00Z',
  '2026-10-25T01:30:00Z',
  '2028-02-29T11:00:00Z',
  '2027-02-28T22:30:00Z',
  '2027-03-01T08:00:00Z',
  '2026-07-01T22:10:00Z',
].map((text) => Date.parse(text) / 1000);

const WHOLE = [
  '{DEFAULT}',
  '{^LN-BEG}',
  '{NONE}',
  'EPOCH',
  '{^LN-BEG}EPOCH',
  '^EPOCH',
  'LEPOCH',
  '{^LN-BEG}LEPOCH',
  'TAI64N',
  '^TAI64N',
  '{DATE}',
  '^{DATE}',
  '\\[{DATE}\\]',
  '^\\W{0,2}({DATE})',
  'time={EPOCH}',
  '^t:({LEPOCH})',
  '{UNB}%Y%m%d%H%M%S',
] as const;
/** Of each row a pattern has one token, seldom two. */
const TOKENS = [
  ['Y', 'y', 'ExY', 'Exy', 'c', 'x'],
  ['m', 'Exm', 'b', 'B'],
  ['d', 'Exd'],
  ['H', 'k', 'I', 'l', 'Exk', 'Exl', 'ExH', 'X'],
  ['M', 'ExM'],
  ['S', 'ExS'],
  ['z', 'Z', 'Exz', 'ExZ'],
  ['a', 'A', 'w'],
  ['j', 'U', 'W'],
  ['f'],
  ['p'],
  ['G'],
  ['V'],
  ['u'],
  ['%'],
] as const;
const SHAPES = [
  '%Y-%m-%d',
  '%d.%m.%Y',
  '%m/%d/%y',
  '%b %d',
  '%d %B %Y',
  '%A, %d-%b-%y',
  '%Y %j',
  '%Y %U %a',
  '%W %w %Y',
  '%ExY%Exm%Exd',
  '%b %Y',
  '%d',
] as const;
const CLOCKS = ['%H:%M:%S', '%k:%M:%S', '%I:%M:%S %p', '%l:%M %p', '%H%M%S', '%ExH:%ExM:%ExS(?:[.,]%f)?', '%X', '%H:%M', ''] as const;
const ZONES = ['', '', '', ' ?%z', '(?:\\s*%z)?', ' %Z', ' %Exz', '(?: %ExZ)?'] as const;

function drawPattern(random: Random, { patterns }: DateWorld): string | null {
  const one = (): string => {
    switch (random.below(6)) {
      case 0:
        return random.pick(WHOLE);
      case 1:
        return random.pick(patterns);
      case 2:
        return random.pick(['', '', '{^LN-BEG}', '^', '{UNB}', '^\\[']) + random.pick(DEFAULT_PATTERNS).replace(/^(?:\{\^LN-BEG\}|\^)/, '');
      case 3:
        return shuffled(random, TOKENS)
          .slice(0, 2 + random.below(6))
          .flatMap((row) => Array.from({ length: random.chance(0.1) ? 2 : 1 }, () => random.pick<string>(row)))
          .map((token) => `%${token}${random.pick(['', ' ', ':', '-', '/', '[T ]', ', '])}`)
          .join('');
      default: {
        const parts = random.chance(0.8)
          ? [random.pick(SHAPES), random.pick(['T', ' ', '[ T:]', '-', ' +']), random.pick(CLOCKS)]
          : [random.pick(CLOCKS), ' ', random.pick(SHAPES)];
        return (
          random.pick(['', '', '', '{^LN-BEG}', '^', '**', '\\[']) +
          parts.join('') +
          random.pick(ZONES) +
          random.pick(['', '', '', '$', '**', '\\]'])
        );
      }
    }
  };
  if (random.chance(0.35)) return null;
  const first = one();
  if (random.chance(0.85)) return first;
  // Beside others the original takes no notice of {DEFAULT} (docs/deviations.md, default-beside-others).
  return `${first}\n${one()}`.replace(/\{DEFAULT\}/g, '{^LN-BEG}%Y-%m-%d');
}

function drawParts(random: Random, now: number): Parts {
  const spans = [120, 4000, 90_000, 86_400 * 40, 86_400 * 700];
  const at = new Date((now + (random.chance(0.3) ? 1 : -1) * random.below(random.pick(spans))) * 1000);
  const parts = {
    year: at.getFullYear(),
    month: at.getMonth() + 1,
    day: at.getDate(),
    hour: at.getHours(),
    minute: at.getMinutes(),
    second: at.getSeconds(),
  };
  if (random.chance(0.85)) return parts;
  const odd: Partial<Parts> = random.pick([
    { day: 29, month: 2 },
    { day: 31, month: 4 },
    { day: random.below(33) },
    { month: random.below(14) },
    { hour: 24, minute: 0, second: 0 },
    { hour: 12 },
    { hour: 0 },
    { second: 60 },
    { second: 61 },
    { minute: 60 },
    { year: random.pick([0, 1, 69, 99, 1899, 1969, 1970, 1999, 2000, 2001, 2037, 2038, 2100, 9999]) },
    { year: 9999, month: 12, day: 31, hour: 23 },
    { year: 1, month: 1, day: 1, hour: 0 },
    { day: 31, month: 12, hour: 23, minute: 59 },
    { day: 1, month: 1, hour: 0 },
    { day: 29, month: 3, hour: 2 },
    { day: 25, month: 10, hour: 2 },
  ]);
  return { ...parts, ...odd };
}

function drawText(random: Random, datepattern: string | null, now: number): string {
  if (random.chance(0.3)) return drawDate(random, now);
  const patterns = datepattern === null || random.chance(0.2) ? DEFAULT_PATTERNS : datepattern.split('\n');
  const pattern = random.pick(patterns).replace(/\{DATE\}|^\{DEFAULT\}$|^\{\^LN-BEG\}$/i, () => random.pick(DEFAULT_PATTERNS));
  const epoch = (long: boolean): string =>
    String(now - random.below(1e6)) + random.pick(long ? ['', '123', '123456', '123.5'] : ['', '.123', '.123456', '.1']);
  return formatAs(random, pattern, drawParts(random, now))
    .replace(/\{?(L?)EPOCH\}?/i, (_all, long: string) => epoch(long !== ''))
    .replace(/TAI64N/i, () => `@40000000${(now + 10 - random.below(1e6)).toString(16)}${random.below(1e9).toString(16).padStart(8, '0')}`);
}

function damaged(random: Random, text: string): string {
  const at = random.below(text.length + 1);
  switch (random.below(6)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1);
    case 1:
      return text.slice(0, at) + random.pick([...'0123456789 :-/.,TZ+']) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + random.pick([...'0123456789 :-/.,TZ+٣߃']) + text.slice(at);
    case 3:
      return text.slice(0, at) + drawControl(random) + text.slice(at);
    case 4:
      return text.slice(0, at);
    default:
      return text.slice(0, at) + text.slice(at).toUpperCase();
  }
}

const BEFORE = [
  '',
  '',
  '',
  '',
  '[',
  '(',
  '<',
  '((',
  '(((',
  ' ',
  '  ',
  '\t',
  'x',
  'x ',
  '1',
  '192.0.2.1 - - [',
  'host ',
  'type=X msg=audit(',
  'time=',
  't:',
  '"',
  'é',
  '-',
  'T',
] as const;
const BEHIND = [
  '',
  ' ',
  ' x',
  '] x',
  ') x',
  '> x',
  ': ',
  ' host sshd[1]: fail',
  '1',
  'x',
  '_',
  '.',
  ',5',
  ' CET x',
  ' +0100 x',
  ' 2026 x',
  '+01:00',
  'Z',
  ' AM',
  '"',
  ' (',
  'é',
  '\u00a0x',
] as const;

function drawLine(random: Random, { seeds, tails }: DateWorld, datepattern: string | null, now: number): string {
  if (random.chance(0.25)) return mutate(random, random.pick(seeds), { tails, now });
  let text = drawText(random, datepattern, now);
  if (random.chance(0.2)) text = damaged(random, text);
  const line = random.pick(BEFORE) + text + random.pick(BEHIND);
  return random.chance(0.1) ? `${line} ${drawText(random, datepattern, now)}` : line;
}

/** Case `number` of the run with this seed. */
export function drawDateCase(world: DateWorld, seed: number, number: number): DateCase {
  const random = randomOf(seed, number);
  const datepattern = drawPattern(random, world);
  const logtimezone = random.chance(0.6) ? null : random.pick(['UTC', 'UTC+0200', '-0500', 'CET', 'GMT+0530', 'Z', '+14:00', '']);
  const start = random.pick(MOMENTS);
  let time = start;
  const times = Array.from(
    { length: LINES },
    () => (time = Math.min(start + SESSION, time + (random.chance(0.15) ? random.below(80) : 0))),
  );
  // Logs have lines of few shapes.
  const shapes = Array.from({ length: 3 }, () => drawLine(random, world, datepattern, start));
  const lines = times.map((now) =>
    (random.chance(0.15) ? random.pick(shapes) : drawLine(random, world, datepattern, now)).replace(/[\r\n]|^$/g, ' '),
  );
  return { number, datepattern, logtimezone, lines, times };
}
