/** What the filter editor is told while somebody types: places, dangers and mistakes of a text that is not saved. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkFilter } from '../../../src/contracts/files/check-filter';
import { temporaryFolder } from '../../support/folder';

const folder = temporaryFolder();
const dir = folder.path;

function problemsOf(text: string, more: Partial<Parameters<typeof checkFilter>[0]> = {}): ReturnType<typeof checkFilter> {
  return checkFilter({ dir, filter: 'door', texts: new Map([['filter.d/door.conf', text]]), ...more });
}

const DOOR = path.join(dir, 'filter.d/door.conf');

afterAll(() => folder.remove());

beforeAll(() => {
  fs.mkdirSync(path.join(dir, 'filter.d'));
  fs.writeFileSync(path.join(dir, 'filter.d/common.conf'), '[DEFAULT]\nline = door\\[\\d+\\]:\n');
});

test('a good filter has no problems; its includes are those of the folder, although it is not saved there', () => {
  const text = '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^%(line)s fail from <HOST>$\n';
  expect(problemsOf(text)).toEqual([]);
  expect(fs.existsSync(DOOR)).toBe(false);
});

test('mistakes stand at their line and column', () => {
  const text = [
    '[Definition]',
    'failregex = ^fail from <HOST>$',
    '            ^oops (from <HOST>$',
    '            ^nobody$',
    'ignoreregex = [z-a]',
  ].join('\n');
  expect(problemsOf(text)).toMatchObject([
    { severity: 'error', option: 'failregex', file: DOOR, line: 3, column: 7, message: expect.stringContaining('unterminated subpattern') },
    {
      severity: 'error',
      option: 'failregex',
      file: DOOR,
      line: 4,
      message: expect.stringContaining('put <HOST> where the address stands'),
    },
    { severity: 'error', option: 'ignoreregex', file: DOOR, line: 5, message: expect.stringContaining('bad character range') },
  ]);
});

test('a dangerous regex is named with its line, its column as written and the shortest line that shows it', () => {
  const text = '[Definition]\nfailregex = ^ok <HOST>$\n            ^<F-USER>x</F-USER> (?:\\w+\\s?)* from <HOST>$\n';
  const problems = problemsOf(text);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ severity: 'warning', option: 'failregex', file: DOOR, line: 3, column: 21 });
  expect(problems[0]?.message).toMatch(/double the time.*The shortest line found .* "x a+/);
  expect(problems[0]).not.toHaveProperty('jail');
});

test('options that nobody reads, a file without a section, one that cannot be read', () => {
  expect(problemsOf('[Definition]\nfailregx = ^x <HOST>$\nfailregex = ^y <HOST>$\n')).toEqual([
    { severity: 'warning', option: 'failregx', message: "nobody reads this option; did you mean 'failregex'?", file: DOOR, line: 2 },
  ]);
  expect(problemsOf('[Definition]\nfailregx = ^x <HOST>$\nfailregex = %(failregx)s\n')).toEqual([]);
  expect(problemsOf('[Other]\nfailregex = ^x <HOST>$\n')).toMatchObject([
    { severity: 'warning', message: expect.stringContaining('no failregex') },
    { severity: 'error', message: expect.stringContaining('no section [Definition]'), file: DOOR, line: 1 },
  ]);
  expect(problemsOf('failregex = ^x <HOST>$\n')).toMatchObject([{ severity: 'error', file: DOOR, line: 1 }, { severity: 'error' }]);
  expect(checkFilter({ dir, filter: 'nosuch' })).toMatchObject([{ severity: 'error', message: expect.stringContaining('nosuch') }]);
});

test('a filter with options is checked with them', () => {
  const text = '[Definition]\nmdre-easy = ^a <HOST>$\nmdre-hard = ^b (<HOST>$\nfailregex = <mdre-<mode>>\n[Init]\nmode = easy\n';
  expect(problemsOf(text)).toEqual([]);
  expect(problemsOf(text, { filter: 'door[mode=hard]' })).toMatchObject([{ severity: 'error', line: 3, column: 4 }]);
});

test('a regex that is too long, and one for which there is no time left, are not looked at', () => {
  const text = `[Definition]\nfailregex = ^(?:${'x'.repeat(500)} <HOST>$\n`;
  expect(problemsOf(text, { longest: 400 })).toMatchObject([
    { severity: 'warning', line: 2, message: expect.stringContaining('is not checked') },
  ]);
  const many = `[Definition]\nfailregex = ${Array.from({ length: 9 }, (_none, at) => `^${at} (?:a|aa)*b <HOST>$`).join('\n            ')}\n`;
  let asked = 0;
  const problems = problemsOf(many, { goOn: () => ++asked <= 2 });
  expect(problems).toMatchObject([{ line: 2 }, { line: 3 }, { message: expect.stringContaining('7 regex(es) were not looked at') }]);
});

test('hostile texts end soon', () => {
  const began = performance.now();
  const nested = `${'(?:'.repeat(490)}a*${'b)*'.repeat(490)}`;
  const text = `[Definition]\nfailregex = ${Array.from({ length: 400 }, (_none, at) => `^${at}${nested}<HOST>`).join('\n            ')}\n`;
  const problems = problemsOf(text, { longest: 4000, goOn: () => performance.now() - began < 1000 });
  expect(problems.at(-1)?.message).toMatch(/were not looked at/);
  expect(performance.now() - began).toBeLessThan(20_000);
});
