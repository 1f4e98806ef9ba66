/** Hostile lines against a filter's regexes: the time is bounded, the slow regex is told and counted from then on, other lines are found as ever. */
import { createLogger, type LogRecord } from '../../../src/base/logger';
import { BoundedMatching, FEW_LINES, type Waiting } from '../../../src/engine/filter/bounded-matching';
import { compileFilter } from '../../../src/engine/filter/compile-filter';
import { createLineFilter } from '../../../src/engine/filter/create-filter';
import { createDateStream } from '../../../src/engine/filter/date-reader';
import type { LineParts } from '../../../src/engine/filter/line-buffer';
import { LineMatcher } from '../../../src/engine/filter/match-line';
import { defaultJailConfig, type JailConfig } from '../../../src/model/jail-config';
import type { Pattern } from '../../../src/regex/pattern';
import { bounded, stepsOf } from '../../../src/regex/bound';
import { parsePattern } from '../../../src/regex/parse';
import { pumped } from '../../fuzz/redos-lines';
import { type StockPattern, stockPatterns } from '../../support/stock-patterns';
import { DEFAULT_BUDGET } from '../../../src/regex/matcher';

const NOW = 1_700_000_000;
let stock: readonly StockPattern[];

beforeAll(() => {
  stock = stockPatterns();
}, 60_000);

function world(changed: Partial<JailConfig>) {
  const records: LogRecord[] = [];
  const logger = createLogger((record) => void records.push(record));
  const config: JailConfig = { ...defaultJailConfig('j'), usedns: 'no', backend: 'systemd', ...changed };
  const created = createLineFilter(config, { logger });
  if (created.filter === null) throw new Error(created.problems[0]?.message);
  const { filter } = created;
  const dates = createDateStream(config, NOW, logger);
  return {
    slow: filter.slow,
    warnings: () => records.filter(({ level }) => level === 'WARNING').map(({ message }) => message),
    errors: () => records.filter(({ level }) => level === 'ERROR').map(({ message }) => message),
    /** Who failed in these lines, dated now. */
    found(...lines: readonly string[]) {
      const batch = { source: 'systemd-journal', lines, inOperation: true, times: lines.map(() => NOW) };
      return filter.process(batch, createDateStream(config, NOW, logger).open(batch, NOW), NOW).map(({ id }) => id);
    },
    /** The same for lines with dates of their own. */
    dated(...lines: readonly string[]) {
      const batch = { source: 'log', lines, inOperation: false };
      return filter.process(batch, dates.open(batch, NOW), NOW).map(({ id }) => id);
    },
  };
}

/** The installed regexes of a stock filter. */
const regexesOf = (name: string, kind: 'prefregex' | 'failregex'): readonly string[] =>
  stock.filter(({ filter, kind: own }) => filter === name && own === kind).map(({ regex }) => regex);

test('a regex of polynomial time holds up the engine once: it is told, counted from then on, and finds others as ever', () => {
  const { found, warnings, errors, slow } = world({ failregex: ['^x.*.*.*y from <HOST>$', '^bad <HOST>$'] });
  expect(slow).toEqual([]);
  const hostile = `x${'ay from '.repeat(4000)}`;
  expect(found('xy from 192.0.2.1', 'bad 192.0.2.2', hostile, 'xaay from 192.0.2.3', 'bad 192.0.2.4')).toEqual([
    '192.0.2.1',
    '192.0.2.2',
    '192.0.2.3',
    '192.0.2.4',
  ]);
  expect(warnings()).toEqual([expect.stringContaining('[j] A regex took too long and runs with a limit of steps from now on')]);
  expect(errors()).toEqual([expect.stringContaining('a regular expression took more than')]);
  expect(found(...Array.from({ length: 100 }, () => hostile), 'xaay from 192.0.2.5')).toEqual(['192.0.2.5']);
  expect(warnings()).toHaveLength(1);
  expect(errors()).toHaveLength(101);
  expect(slow).toEqual([expect.stringMatching(/^\^x\.\*\.\*\.\*y from /)]);
});

test('a failregex that takes too many steps on a line does not keep the others from it', () => {
  const { found, errors } = world({ failregex: ['^x.*.*.*y from <HOST>!$', 'y from <HOST>$'] });
  const hostile = `x${'ay from '.repeat(4000)}y from `;
  expect(found(`${hostile}192.0.2.1`, `${hostile}192.0.2.2`)).toEqual(['192.0.2.1', '192.0.2.2']);
  expect(errors()).toEqual([]);
});

test('one of exponential shape counts its steps from the start', () => {
  const { found, warnings, errors } = world({ failregex: ['^(?:[^"]*"[^"]*)*x from <HOST>$'] });
  expect(found(`${'"aaaa'.repeat(40)}y from x from `, '"x from 192.0.2.3')).toEqual(['192.0.2.3']);
  expect([warnings(), errors()]).toEqual([[], [expect.stringContaining('a regular expression took more than')]]);
});

test.each(['prefregex', 'ignoreregex'] as const)('and one that stands in %s', (option) => {
  const slow = option === 'prefregex' ? '^(?:x.*.*.*.*y )?<F-CONTENT>bad.*</F-CONTENT>$' : 'x.*.*.*.*y$';
  const { found, warnings } = world({ failregex: ['^bad <HOST>'], [option]: option === 'prefregex' ? slow : [slow] });
  const hostile = option === 'prefregex' ? `x${'a'.repeat(5000)}bad 1` : `bad 192.0.2.1 x${'a'.repeat(5000)}`;
  expect(found(hostile, 'bad 192.0.2.2')).toEqual(['192.0.2.2']);
  expect(warnings()).toHaveLength(1);
});

test('a line of several that is tried once more is there once', () => {
  const { found } = world({ failregex: ['^begin x<SKIPLINES>x.*.*.*y from <HOST>$'], maxlines: 2 });
  const hostile = `begin x\nx${'a'.repeat(5000)}`.split('\n');
  expect(found(...hostile, 'begin x', 'xaay from 192.0.2.3')).toEqual(['192.0.2.3']);
});

// GHSA-33wh-ccjc-p397: a user name of many short parts hung the original for hours.
test('the published case of dovecot', () => {
  const { found, errors } = world({ failregex: regexesOf('dovecot', 'failregex') });
  const login = (user: string): string =>
    `Disconnected: Connection closed${user} (auth failed, 1 attempts in 2 secs): user=<x>, method=PLAIN, rip=192.0.2.1, lip=198.51.100.1`;
  const hostile = Array.from({ length: 20 }, (_, i) => `Disconnected${': a'.repeat(1000 + i)}`);
  expect(found(login(''), ...hostile, login(': a'))).toEqual(['192.0.2.1', '192.0.2.1']);
  expect(errors()).toHaveLength(20);
});

test('the published case of domino', () => {
  const { found, errors } = world({ failregex: regexesOf('domino-smtp', 'failregex') });
  const login = (user: string): string => `smtp: ${user} [192.0.2.1] authentication failure using internet password`;
  const hostile = Array.from({ length: 20 }, (_, i) => `smtp: ${'A '.repeat(1000 + i)}x authentication failure using internet password`);
  expect(found(login('A A'), ...hostile, login('A A'))).toEqual(['192.0.2.1', '192.0.2.1']);
  expect(errors()).toHaveLength(20);
});

/** Characters of a pumped line. */
const LONG = 4000;

test('no stock regex is held up by lines made from its own loops: each is slow once at most, and counted from then on', () => {
  const unbounded: string[] = [];
  let slow = 0;
  for (const { regex, multiline } of stock) {
    const config = { name: 'j', prefregex: '', failregex: [regex], ignoreregex: [], maxlines: multiline ? 2 : 1, usedns: 'no' as const };
    const { patterns } = compileFilter({ ...config, failregex: [], prefregex: regex });
    const pattern: Pattern | null = patterns?.prefregex ?? null;
    if (pattern === null) throw new Error(regex);
    const matcher = new LineMatcher({ prefregex: null, failregex: [pattern], ignoreregex: [], maxlines: config.maxlines, usedns: 'no' });
    let told = 0;
    const matching = new BoundedMatching<Waiting, null>({
      matcher,
      search: ({ line }) => (matcher.match(line, NOW), null),
      take: () => undefined,
      onError: () => undefined,
      onSlow: () => (told += 1),
    });
    const own = bounded(pattern);
    for (const text of pumped(parsePattern(pattern.source, { multiline }).root, LONG)) {
      const line: LineParts = ['', '', text];
      stepsOf(own);
      const lines = [{ line }];
      matching.run(() => lines.pop() ?? null);
      if (stepsOf(own) > DEFAULT_BUDGET + 1) unbounded.push(`${regex} on ${text.slice(0, 200)}`);
    }
    if (told > 1) unbounded.push(regex);
    slow += told;
  }
  expect(unbounded).toEqual([]);
  expect(slow).toBeGreaterThan(0);
}, 300_000);

test('a datepattern of polynomial time is ended on a line, others are dated; when that happens often, it runs with counted steps', () => {
  const { warnings, errors, dated } = world({ failregex: ['^ bad <HOST>'], datepattern: '^x*x*x*x*!%Y-%m-%d', findtime: 200_000 });
  const day = new Date(NOW * 1000).toISOString().slice(0, 10);
  const hostile = `${'x'.repeat(3000)}?${day} bad 192.0.2.9`;
  expect(dated(`xx!${day} bad 192.0.2.1`, hostile, hostile, `x!${day} bad 192.0.2.2`)).toEqual(['192.0.2.1', '192.0.2.2']);
  const givenUp = expect.stringContaining('a regular expression took more than') as string;
  expect(errors()).toEqual([givenUp, givenUp]);
  expect(warnings()).toEqual([]);
  expect(dated(hostile, hostile, `xxx!${day} bad 192.0.2.3`)).toEqual(['192.0.2.3']);
  expect(warnings()).toEqual([expect.stringContaining('runs with a limit of steps from now on')]);
  expect(errors()).toEqual([givenUp, givenUp, givenUp, givenUp]);
});

test('a few short lines are dated with counted steps: no datepattern hangs on them', () => {
  const { errors, dated } = world({ failregex: ['^ bad <HOST>'], datepattern: '^x*x*x*x*x*x*x*!%Y-%m-%d', findtime: 200_000 });
  const day = new Date(NOW * 1000).toISOString().slice(0, 10);
  // V8 alone would be at it for longer than there are computers.
  expect(dated(`${'x'.repeat(400)}?${day} bad 192.0.2.9`, `x!${day} bad 192.0.2.2`)).toEqual(['192.0.2.2']);
  expect(errors()).toEqual([expect.stringContaining('a regular expression took more than')]);
});

describe('the first lines run with counted steps', () => {
  /** Many steps lead nowhere before the rest of the regex is tried; milliseconds for V8. */
  const heavy = `x${'a'.repeat(80)}`;
  const winding = 'x(?:a*a*a*b|a*)';

  test('what they find is what later ones find, sessions included', () => {
    const failregex = ['^x(?:a|ab)+(?:b|ba)*!? from <HOST>$', '^<F-MLFID>s\\d+</F-MLFID> (?:user <F-USER>\\S+</F-USER>|bad <HOST>)$'];
    const lines = ['xabab from 192.0.2.1', 's1 user root', 's1 bad 192.0.2.2', 's2 bad 192.0.2.3', 'xab from 192.0.2.4', 's1 user x'];
    const banned = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.2'];
    expect(world({ failregex }).found(...lines)).toEqual(banned);
    const others = Array.from({ length: FEW_LINES }, (_, at) => `xab from 198.51.100.${at}`);
    expect(
      world({ failregex })
        .found(...others, ...lines)
        .slice(FEW_LINES),
    ).toEqual(banned);
  });

  test('a line that needs more of them is found all the same, by the same regex, and told to nobody', () => {
    const { found, errors, warnings, slow } = world({ failregex: [`^${winding} from <HOST> by `, 'by <HOST>$'] });
    expect(found(`${heavy} from 192.0.2.7 by 192.0.2.9`, 'xa from 192.0.2.8 by 192.0.2.9')).toEqual(['192.0.2.7', '192.0.2.8']);
    expect([errors(), warnings(), slow]).toEqual([[], [], []]);
  });

  test.each([`^${winding} from`, `${winding} from 192.0.2.5`])('an ignoreregex or a prefregex that does: %s', (regex) => {
    const { found } = world({ failregex: ['from <HOST>$'], ignoreregex: [regex] });
    expect(found(`${heavy} from 192.0.2.5`, 'ya from 192.0.2.6')).toEqual(['192.0.2.6']);
    const { found: behind } = world({ failregex: ['from <HOST>$'], prefregex: `^${winding} <F-CONTENT>.+</F-CONTENT>` });
    expect(behind(`${heavy} from 192.0.2.7`)).toEqual(['192.0.2.7']);
  });

  test('behind a batch of many none do, behind one of few they do again', () => {
    const { found } = world({ failregex: ['^bad <HOST>$'] });
    const counted = jest.spyOn(LineMatcher.prototype, 'inFewSteps');
    const calls = (...lines: readonly string[]): number => {
      counted.mockClear();
      expect(found(...lines)).toHaveLength(lines.length);
      return counted.mock.calls.length;
    };
    const many = Array.from({ length: FEW_LINES + 1 }, (_, at) => `bad 198.51.100.${at}`);
    expect(calls(...many)).toBe(FEW_LINES);
    expect(calls(...many)).toBe(0);
    expect(calls('bad 192.0.2.1')).toBe(0);
    expect(calls('bad 192.0.2.1', 'bad 192.0.2.2')).toBe(2);
    counted.mockRestore();
  });

  test('of several lines together each is there once', () => {
    const { found } = world({ failregex: [`^begin<SKIPLINES>${winding} from <HOST>$`], maxlines: 3 });
    expect(found('begin', 'between', `${heavy} from 192.0.2.3`, `${heavy} from 192.0.2.4`)).toEqual(['192.0.2.3']);
  });
});
