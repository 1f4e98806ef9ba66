/** What is dangerous about a pattern: where it stands, and that the line named does show it, while one round less does not. */
import { AppError } from '../../src/base/errors';
import { compilePattern } from '../../src/regex/compile';
import { findDanger } from '../../src/regex/danger';
import { dangerMessage } from '../../src/regex/danger-message';
import { expandTags } from '../../src/regex/tags';
import { stockPatterns } from '../support/stock-patterns';

const spends = (pattern: string, line: string, budget: number): boolean => {
  try {
    compilePattern(pattern, { way: 'own', budget }).test(line);
    return false;
  } catch (error) {
    if (error instanceof AppError && error.code === 'REGEX_BUDGET') return true;
    throw error;
  }
};

test.each([
  [String.raw`^(?:a|ab|b)*c`, 1],
  [String.raw`^user (?:\w+\s?)*$`, 6],
  [String.raw`from (?P<user>(?:[a-z]+)*x)+y`, 5],
  [String.raw`^(?:(?:a|aa)+)$`, 4],
  [String.raw`^(?:[^,]*,?)*z$`, 1],
])('%s is explosive, at column %i, and the line named shows it', (pattern, column) => {
  const danger = findDanger(pattern);
  expect(danger).toMatchObject({ kind: 'explosive', column });
  const { text, length, steps } = danger?.line ?? { text: '', length: 0, steps: 0 };
  expect(length).toBe(text.length);
  expect(length).toBeLessThan(60);
  expect(spends(pattern, text, steps)).toBe(true);
  expect(spends(pattern, text.slice(0, -3) + text.slice(-1), steps)).toBe(false);
});

test('two loops side by side are slow, on a line that is long', () => {
  const danger = findDanger('^x.*.*y');
  expect(danger).toMatchObject({ kind: 'slow', column: 2 });
  const { text, length, steps } = danger?.line ?? { text: '', length: 0, steps: 0 };
  expect(text).toBe(`x${'a'.repeat(199)}`);
  expect(length).toBeGreaterThan(200);
  expect(spends('^x.*.*y', `x${'a'.repeat(length - 2)}\u0001`, steps)).toBe(true);
});

test.each([String.raw`^\S+ fail from \S+$`, '(a*)*b', '^(?:a|b)*$', String.raw`^(?:\d{1,3}\.){3}\d{1,3}$`, '^.*foo.*$'])(
  '%s is harmless',
  (pattern) => {
    expect(findDanger(pattern)).toBeNull();
  },
);

test('the steps of all tries are bounded', () => {
  const allowance = { steps: 100_000 };
  expect(findDanger(String.raw`^(?:\w+\s?)*$`, {}, allowance)?.kind).toBe('explosive');
  expect(allowance.steps).toBeGreaterThanOrEqual(0);
  const none = { steps: 10 };
  expect(findDanger(String.raw`^(?:\w+\s?)*$`, {}, none)).toMatchObject({ kind: 'explosive', line: null });
  expect(none.steps).toBe(10);
});

test('few of the stock patterns are called dangerous, and each explosive one runs with a budget', () => {
  const patterns = stockPatterns().map(({ regex }) => expandTags(regex));
  const flagged = patterns.flatMap((pattern) => {
    const danger = findDanger(pattern);
    return danger === null ? [] : [{ pattern, danger }];
  });
  expect(patterns.length).toBeGreaterThan(100);
  expect(flagged.length).toBeLessThan(patterns.length / 10);
  for (const { pattern, danger } of flagged) {
    if (danger.kind === 'explosive') expect(compilePattern(pattern, { namedOnly: true }).way).toBe('own');
  }
});

test('the message says what to do and shows the line', () => {
  const danger = findDanger(String.raw`^(?:\w+\s?)*$`);
  expect(danger === null ? '' : dangerMessage(danger)).toMatch(/^this loop .* has 14 characters: "a{13}\\u0001"$/);
  expect(dangerMessage({ kind: 'slow', column: 0, line: null })).toMatch(/make one loop of them$/);
});
