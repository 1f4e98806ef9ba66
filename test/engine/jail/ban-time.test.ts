/** Growing ban times: the vectors of the original, and expressions that are nothing but arithmetic. */
import * as fc from 'fast-check';
import { compileFormula } from '../../../src/engine/jail/formula';
import { FormulaError } from '../../../src/engine/jail/formula-lexer';
import { planBanTime } from '../../../src/engine/jail/ban-time';
import type { BanIncrement } from '../../../src/model/jail-config';

const COUNTS = [1, 2, 3, 4, 5, 10, 20, 21];
const increment = (fields: Partial<BanIncrement> = {}): BanIncrement => ({
  ...{ increment: true, factor: null, formula: null, multipliers: null, maxtime: null, rndtime: null, overalljails: false },
  ...fields,
});
const times = (fields: Partial<BanIncrement>, time = 600, counts = COUNTS): number[] => {
  const { rule, problems } = planBanTime(increment(fields), () => 0.5);
  expect(problems).toEqual([]);
  return counts.map((count) => rule(time, count));
};
const DOUBLED = [1200, 2400, 4800, 9600, 19200, 614400, 629145600, 629145600];
const EXPONENTIAL = 'ban.Time * math.exp(float(ban.Count+1)*banFactor)/math.exp(1*banFactor)';

test.each([
  ['doubling', {}, DOUBLED],
  ['doubling with a factor', { factor: '2' }, DOUBLED.map((time) => time * 2)],
  ['the formula of jail.conf', { formula: 'ban.Time * (1<<(ban.Count if ban.Count<20 else 20)) * banFactor' }, DOUBLED],
  ['multipliers', { multipliers: '1 2 4 8 16 32 64' }, [1200, 2400, 4800, 9600, 19200, 38400, 38400, 38400]],
  ['maxtime', { maxtime: 86400 }, [1200, 2400, 4800, 9600, 19200, 86400, 86400, 86400]],
  ['rndtime after maxtime', { maxtime: 2000, rndtime: 100 }, [1250, 2050, 2050, 2050, 2050, 2050, 2050, 2050]],
  ['never less than the jail’s', { factor: '0.1' }, [600, 600, 600, 960, 1920, 61440, 62914560, 62914560]],
  ['a formula that is no number', { formula: 'math.log(0-1)' }, COUNTS.map(() => 600)],
])('%s', (_name, fields, expected) => {
  expect(times(fields)).toEqual(expected);
});

test('multipliers with a factor may be shorter than the jail’s ban time', () => {
  expect(times({ multipliers: '1 5 30 60 300 720 1440 2880', factor: '0.5' }, 60, [1, 2, 3, 4, 5, 6])).toEqual([
    150, 900, 1800, 9000, 21600, 43200,
  ]);
  expect(times({ multipliers: '1, 1', factor: '0.5' }, 60, [1])).toEqual([30]);
});

test('the exponential formula of jail.conf', () => {
  const grown = times({ formula: EXPONENTIAL, factor: '2.0 / 2.885385' }, 600, [1, 2, 3]);
  for (const [at, time] of [1200.0014649, 2400.0058597, 4800.0175793].entries()) expect(grown[at]).toBeCloseTo(time, 6);
});

test.each([
  ['formula', 'ban.Time * * 2', 12],
  ['formula', '__import__("os")', 12],
  ['formula', 'ban.__class__', 1],
  ['formula', 'ban.Time if 1', 14],
  ['formula', 'math.exp()', 1],
  ['factor', 'two', 1],
  ['factor', '1/0', 1],
  ['multipliers', '1 2 x', 5],
])('%s = %s is a problem at column %d, and bans go on without it', (option, text, column) => {
  const { rule, problems } = planBanTime(increment({ [option]: text }), () => 0, 'sshd');
  expect(problems).toEqual([{ severity: 'error', jail: 'sshd', option: `bantime.${option}`, column, message: expect.any(String) }]);
  expect(rule(600, 1)).toBe(1200);
});

const evaluate = (text: string): number => compileFormula(text)({ time: 600, count: 3, factor: 2, random: () => 0.25 });

test.each([
  ['1 + 2 * 3', 7],
  ['(1 + 2) * 3', 9],
  ['2 ** 3 ** 2', 512],
  ['-2 ** 2', -4],
  ['2 ** -1', 0.5],
  ['7 // 2', 3],
  ['-7 // 2', -4],
  ['-7 % 3', 2],
  ['7 % -3', -2],
  ['1 << 40', 1099511627776],
  ['1 + 1 << 3', 16],
  ['100 >> 3', 12],
  ['1 < 2 < 3', 1],
  ['1 < 3 < 2', 0],
  ['1 if ban.Count >= 3 and not 0 else 2', 1],
  ['1 if 0 else 2 if 0 else 3', 3],
  ['0 or 5', 5],
  ['min(3, 1, 2) + max(1, 9)', 10],
  ['round(2.5) + round(3.5) + int(-2.7)', 4],
  ['math.floor(math.sqrt(17)) + float(1)', 5],
  ['math.log(8, 2)', 3],
  ['random.random() * banFactor', 0.5],
  ['.5e1 + 1.', 6],
  ['  ban.Time\n * ban . Count ', 1800],
])('%s is %d', (text, value) => {
  expect(evaluate(text)).toBeCloseTo(value, 12);
});

test.each(['1/0', '1//0', '1 % 0', '1.5 << 1', '1 << -1'])('%s is what Python refuses', (text) => {
  expect(evaluate(text)).toBeNaN();
});

test.each([
  '',
  ' ',
  '1 +',
  '(1',
  '1)',
  '1 2',
  'x',
  'ban',
  'min',
  'math.exp',
  'a.b.c.d',
  '1 if 2',
  'f(1)',
  '$',
  '1;2',
  '`1`',
  '[1]',
  'lambda: 1',
])('%j is no expression', (text) => {
  expect(() => compileFormula(text)).toThrow(FormulaError);
});

test('an expression is neither long nor deep', () => {
  expect(() => compileFormula('1+'.repeat(600) + '1')).toThrow(/at most/);
  expect(() => compileFormula('('.repeat(200) + '1' + ')'.repeat(200))).toThrow(/too deep/);
  expect(() => compileFormula('2' + '**2'.repeat(200))).toThrow(/too deep/);
});

test('any text is an expression or a FormulaError, nothing else', () => {
  const words = fc.constantFrom(
    '1',
    '2.5',
    '+',
    '-',
    '*',
    '**',
    '/',
    '//',
    '%',
    '<<',
    '(',
    ')',
    'if',
    'else',
    'and',
    'not',
    'ban.Time',
    'min',
    ',',
    '.',
    'x',
    '<',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words, { maxLength: 30 }).map((list) => list.join(' ')),
      ),
      (text) => {
        try {
          expect(typeof evaluate(text)).toBe('number');
        } catch (error) {
          expect(error).toBeInstanceOf(FormulaError);
        }
      },
    ),
    { numRuns: 500 },
  );
});
