/** Whatever text stands in the files, the readers answer with Problems: they never throw, hang or grow without end. */
import path from 'node:path';
import * as fc from 'fast-check';
import { formatCommands, readConfiguration } from '../../../src/contracts/files/configuration';
import { parseIni } from '../../../src/contracts/files/ini';
import { OptionListError, parseOptionList, splitActions } from '../../../src/contracts/files/option-list';
import { shellWords } from '../../../src/contracts/files/option-value';
import { SubstitutionError, substituteTags } from '../../../src/contracts/files/substitute';
import { checkConfiguration } from '../../../src/contracts/files/validate';
import { formatProblem } from '../../../src/model/problem';
import { temporaryFolder } from '../../support/folder';
import { writeTree } from '../../support/stock-config';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let trees = 0;

/** Lines as a hostile or careless hand might write them. */
const line = fc.oneof(
  fc.constantFrom(
    '[a]',
    '[b]',
    '[DEFAULT]',
    '[INCLUDES]',
    '[Definition]',
    '[Init]',
    '[Init?family=inet6]',
    '[KNOWN/a]',
    '[',
    '[]',
    '',
    '  ',
    '# c',
    '; c',
  ),
  fc.constantFrom(
    'enabled = yes',
    'filter = f[x=1]',
    'action = f[a="',
    'action = f',
    'before = a.conf',
    'after = jail.conf',
    'failregex = ^(<HOST>',
    ' indented',
    '= x',
    'x',
  ),
  fc
    .tuple(
      fc.constantFrom('a', 'b', 'x', 'known/a', 'failregex', 'actionban', 'logpath', 'maxretry', 'ignoreip', 'bantime'),
      fc.constantFrom(' = ', ':', ' '),
    )
    .chain(([key, delimiter]) =>
      fc
        .string({
          unit: fc.oneof(
            fc.constantFrom(
              '%(a)s',
              '%(b)s',
              '%(known/a)s',
              '%(a/b)s',
              '%%',
              '%',
              '<a>',
              '<b>',
              '<x',
              '>',
              '[',
              ']',
              '"',
              "'",
              '\\',
              ';',
              ' ;',
            ),
            fc.string({ maxLength: 2 }),
          ),
          maxLength: 8,
        })
        .map((value) => key + delimiter + value),
    ),
);
const text = fc.array(line, { maxLength: 25 }).map((lines) => lines.join('\n'));

test('no configuration makes the reader or the checks throw', () => {
  fc.assert(
    fc.property(text, text, text, (jail, filter, main) => {
      const files = {
        'jail.conf': `[a]\nenabled = yes\nfilter = f\naction = f\n${jail}`,
        'filter.d/f.conf': filter,
        'action.d/f.conf': filter,
        'fail2ban.conf': main,
      };
      const config = readConfiguration(writeTree(path.join(folder.path, `t${++trees}`), files));
      const problems = checkConfiguration(config);
      expect(formatCommands(config.commands)).toEqual(expect.any(String));
      expect(problems.map(formatProblem)).toEqual(problems.map(() => expect.any(String)));
      expect(config.broken.every((name) => problems.some((problem) => problem.jail === name && problem.severity === 'error'))).toBe(true);
    }),
    { numRuns: 250 },
  );
});

test('no text makes the INI reader throw, and each of its options stands at its line', () => {
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ unit: 'binary', maxLength: 300 })), (content) => {
      const ini = parseIni(content, 'f');
      const lines = content.split(/\r\n|\n|\r/);
      for (const options of [ini.defaults, ...ini.sections.values()]) {
        for (const [key, option] of options) expect((lines[option.line - 1] ?? '').toLowerCase()).toContain(key);
      }
    }),
  );
});

test('signs that end a line for some stand in the name of a section as any other', () => {
  for (const sign of ['\u2028', '\u2029', '\x85', '\v']) {
    const { sections, mistakes } = parseIni(`[a${sign}b]\nx = 1\n`, 'file');
    expect([[...sections.keys()], mistakes]).toEqual([[`a${sign}b`], []]);
  }
});

test('a list of options is read or refused', () => {
  const pieces = fc.constantFrom('a', '=', ',', '"', "'", '[', ']', ' ', 'x=1', '\n', '?', '\\');
  fc.assert(
    fc.property(fc.string({ unit: pieces, maxLength: 40 }), (content) => {
      for (const item of splitActions(content)) {
        try {
          expect(parseOptionList(item).name).not.toBe('');
        } catch (error) {
          expect(error).toBeInstanceOf(OptionListError);
        }
      }
      expect(shellWords(content)).toEqual(expect.any(Array));
    }),
  );
});

test('tags are replaced or refused, and the result has no tag left that is known', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd');
  const value = fc.string({ unit: fc.constantFrom('<a>', '<b>', '<c>', '<d>', '<', '>', 'a', ' ', '<z>'), maxLength: 10 });
  fc.assert(
    fc.property(fc.array(fc.tuple(names, value)), (pairs) => {
      try {
        const result = substituteTags(new Map(pairs), new Set(), () => undefined);
        for (const name of result.keys()) expect([...result.values()].some((one) => one.includes(`<${name}>`))).toBe(false);
      } catch (error) {
        expect(error).toBeInstanceOf(SubstitutionError);
      }
    }),
  );
});

test('a long row of options, blanks or wildcards takes no time worth naming', () => {
  const started = process.cpuUsage();
  splitActions(`act[${'a="x",'.repeat(5000)}`);
  splitActions(`act[${'a=b=c'.repeat(5000)}`);
  splitActions(`act${' '.repeat(20000)}[`);
  parseIni(`[a]\nx = ${' '.repeat(50000)}y\nz = ${' ;'.repeat(10000)}`, 'f');
  parseIni('a\n'.repeat(20000), 'f');
  expect(process.cpuUsage(started).user / 1e6).toBeLessThan(5);
});

test('values that double at every step end as a Problem', () => {
  const doubling = Array.from(
    { length: 10 },
    (_, at) => `x${at} = %(x${at + 1})s%(x${at + 1})s%(x${at + 1})s%(x${at + 1})s%(x${at + 1})s`,
  ).join('\n');
  const tags = Array.from({ length: 20 }, (_, at) => `y${at} = <y${at + 1}><y${at + 1}><y${at + 1}>`).join('\n');
  const files = {
    'fail2ban.conf': '[Definition]\n',
    'jail.conf': `[a]\nenabled = yes\nlogpath = %(x0)s\n${doubling}\nx10 = ${'z'.repeat(500)}\n[b]\nenabled = yes\nfilter = f\n`,
    'filter.d/f.conf': `[Definition]\nfailregex = <y0>\n${tags}\ny20 = ${'z'.repeat(500)}\n`,
  };
  const config = readConfiguration(writeTree(path.join(folder.path, 'doubling'), files));
  expect(config.broken).toEqual(['a', 'b']);
});

test('a long value in the place of many tags is refused before it is made', () => {
  const options = new Map([
    ['a', '<b>'.repeat(300_000)],
    ['b', 'z'.repeat(1_000_000)],
  ]);
  expect(() => substituteTags(options, new Set(), () => undefined)).toThrow(SubstitutionError);
  expect(() => substituteTags(options, new Set(), () => undefined)).toThrow(/more than a million/);
});
