/** Edits of hand-made files: what was written reads back as what was meant, and every line that the edit does not own stays byte for byte. */
import fc from 'fast-check';
import { parseIni, type IniFile } from '../../../src/contracts/files/ini';
import {
  IniEditError,
  removeOption,
  removeSection,
  renameOption,
  replaceSection,
  sectionText,
  setOption,
  tidyValue,
} from '../../../src/contracts/files/ini-edit';

const HAND_MADE = [
  '# my servers; do not touch',
  '[DEFAULT]',
  'ignoreip=127.0.0.1   ; the machine itself',
  '',
  '; --- ssh ---',
  '[sshd]',
  '  enabled : yes',
  '  logpath = /var/log/auth.log',
  '        # the old one',
  '',
  '        /var/log/secure',
  '  ; maxretry = 7',
  '',
  '# the shop',
  '[shop]',
  'enabled = false',
].join('\r\n');

describe('setting an option', () => {
  test('keeps the spelling of its line, its comment and the ends of lines', () => {
    expect(setOption(HAND_MADE, 'DEFAULT', 'ignoreip', '127.0.0.1 ::1')).toBe(
      HAND_MADE.replace('ignoreip=127.0.0.1 ', 'ignoreip=127.0.0.1 ::1 '),
    );
    expect(setOption(HAND_MADE, 'sshd', 'Enabled', 'no')).toBe(HAND_MADE.replace('enabled : yes', 'enabled : no'));
  });

  test('replaces a value of several lines with the comment in it kept', () => {
    const wanted = HAND_MADE.replace(
      /logpath = [^#]+(# the old one\r\n)\r\n +\/var\/log\/secure\r\n/,
      'logpath = /a.log\r\n        /b.log\r\n        $1',
    );
    expect(setOption(HAND_MADE, 'sshd', 'logpath', '/a.log\n/b.log')).toBe(wanted);
    expect(setOption(HAND_MADE, 'sshd', 'logpath', '')).toContain('\r\n  logpath =\r\n        # the old one\r\n  ; maxretry');
  });

  test('adds below the last option, indented as that is', () => {
    expect(setOption(HAND_MADE, 'sshd', 'port', '22')).toBe(HAND_MADE.replace('secure\r\n', 'secure\r\n  port = 22\r\n'));
    expect(setOption(HAND_MADE, 'DEFAULT', 'bantime', '1h')).toBe(HAND_MADE.replace('itself\r\n', 'itself\r\nbantime=1h\r\n'));
  });

  test('adds at the end of a file without a last newline, which stays so', () => {
    expect(setOption(HAND_MADE, 'shop', 'maxretry', '3')).toBe(`${HAND_MADE}\r\nmaxretry = 3`);
    expect(setOption(HAND_MADE, 'new', 'action', 'a\nb')).toBe(`${HAND_MADE}\r\n\r\n[new]\r\naction = a\r\n    b`);
    expect(setOption('', 'new', 'enabled', 'true')).toBe('[new]\nenabled = true\n');
  });

  test.each([
    ['a blank and a semicolon', 'a ; b', /begins a comment/],
    ['a further line that is a comment', 'a\n# b', /is a comment/],
    ['a NUL', 'a\0b', /NUL/],
  ])('refuses %s', (_, value, message) => {
    expect(() => setOption(HAND_MADE, 'shop', 'failregex', value)).toThrow(message);
  });

  test('writes values that look like sections or options as further lines of theirs', () => {
    const text = setOption(HAND_MADE, 'shop', 'failregex', '[x]\n[sshd]\nenabled = no\n\n%%');
    expect(parseIni(text, '').sections.get('shop')?.get('failregex')?.value).toBe('[x]\n[sshd]\nenabled = no\n\n%%');
    expect(parseIni(text, '').sections.get('sshd')?.get('enabled')?.value).toBe('yes');
  });

  test.each(['', 'a b', '[x', 'a=b', '#x', 'ü\n', '../x'])('refuses the name %j', (name) => {
    expect(() => setOption(HAND_MADE, 'shop', name, '1')).toThrow(IniEditError);
  });

  test.each([']\n[sshd', 'a\nb', ''])('refuses the section %j', (name) => {
    expect(() => setOption(HAND_MADE, name, 'x', '1')).toThrow(IniEditError);
  });

  test('leaves alone what is set twice, and sections that stand twice, and text before any section', () => {
    expect(() => setOption('[a]\nx = 1\nx = 2\n', 'a', 'x', '3')).toThrow(/already exists/);
    expect(() => setOption('[a]\nx = 1\n[b]\n[a]\ny = 2\n', 'a', 'x', '3')).toThrow(/already exists/);
    expect(() => setOption('\ufeff[a]\nx = 1\n', 'a', 'x', '3')).toThrow(/before the first section/);
    expect(setOption('[a]\nx = 1\nx = 2\n[b]\n', 'b', 'x', '3')).toBe('[a]\nx = 1\nx = 2\n[b]\nx = 3\n');
  });
});

describe('sections', () => {
  test('one is taken away with its own comments, the next one keeps those above it', () => {
    expect(removeSection(HAND_MADE, 'sshd')).toBe(HAND_MADE.replace(/\[sshd\][\s\S]+maxretry = 7\r\n\r\n/, ''));
    expect(removeSection(setOption(HAND_MADE, 'new', 'a', 'b'), 'new')).toBe(`${HAND_MADE}\r\n`);
    expect(removeSection(HAND_MADE, 'missing')).toBe(HAND_MADE);
  });

  test('one is read as it is written, and written as it was read', () => {
    const raw = sectionText(HAND_MADE, 'sshd');
    expect(raw).toEqual({ line: 6, text: expect.stringMatching(/^\[sshd\]\r\n[\s\S]+; maxretry = 7\r\n$/) as string });
    expect(replaceSection(HAND_MADE, 'sshd', raw?.text ?? '')).toBe(HAND_MADE);
    expect(replaceSection(HAND_MADE, 'sshd', '[sshd]\nport = 22\n\n')).toBe(
      HAND_MADE.replace(/\[sshd\][\s\S]+maxretry = 7\r\n/, '[sshd]\r\nport = 22\r\n'),
    );
  });

  test.each([
    ['another section', '[sshd]\nx = 1\n[shop]\n', /only the section/],
    ['no section', '# nothing', /the one header/],
    ['an option twice', '[sshd]\nx = 1\nx = 2', /already exists/],
    ['text before it', 'x = 1\n[sshd]', /before the first/],
  ])('a raw text with %s is refused', (_, raw, message) => {
    expect(() => replaceSection(HAND_MADE, 'sshd', raw)).toThrow(message);
  });
});

test('an option that is renamed and back again is byte for byte what it was', () => {
  const away = renameOption(HAND_MADE, 'sshd', 'logpath', 'kept');
  expect(away).toBe(HAND_MADE.replace('logpath', 'kept'));
  expect(renameOption(away, 'sshd', 'kept', 'logpath')).toBe(HAND_MADE);
  expect(() => renameOption(HAND_MADE, 'sshd', 'logpath', 'enabled')).toThrow(IniEditError);
});

// Random files: sections with options in many spellings, comments and empty lines between them.
const NAMES = ['DEFAULT', 'sshd', 'a b', 'x-y', 'Definition'];
const KEYS = ['enabled', 'logpath', 'Action', 'bantime.increment', 'x'];
const word = fc.constantFrom('1', 'true', '/var/log/*.log', '%(a)s', '%%', '[x]', 'a=b', 'ä ö', 'a;b', 'x # y', '^<HOST> .*"$', 'a  b');
const filler = fc.constantFrom('', '   ', '# note', '   # note', '; off = 1', '\t;x');
const option = fc.record({
  key: fc.constantFrom(...KEYS),
  delimiter: fc.constantFrom('=', ' = ', ':', ' : ', '\t=\t'),
  lines: fc.array(fc.oneof({ weight: 4, arbitrary: word }, { weight: 1, arbitrary: filler }), { minLength: 1, maxLength: 4 }),
  comment: fc.constantFrom('', '', ' ; why', '   '),
  after: fc.array(filler, { maxLength: 2 }),
});
const end = fc.constantFrom('\n', '\n', '\r\n', '\r');
const file = fc
  .record({
    head: fc.array(filler, { maxLength: 2 }),
    sections: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom(...NAMES),
        indent: fc.constantFrom('', '', '  '),
        rest: fc.constantFrom('', ' text', ' ; note'),
        options: fc.uniqueArray(option, { selector: ({ key }) => key.toLowerCase(), maxLength: 4 }),
      }),
      { selector: ({ name }) => name, maxLength: 4 },
    ),
    end,
    odd: fc.option(fc.constantFrom('\n', '\r\n')),
    last: fc.boolean(),
  })
  .map(({ head, sections, end: mostly, odd, last }) => {
    const lines: string[] = [...head];
    for (const { name, indent, rest, options } of sections) {
      lines.push(`[${name}]${rest}`);
      for (const {
        key,
        delimiter,
        lines: [first = '', ...more],
        comment,
        after,
      } of options) {
        lines.push(`${indent}${key}${delimiter}${first}${comment}`);
        lines.push(...more.map((line) => (line.trim() === '' ? line : `${indent}   ${line.trimStart()}`)), ...after);
      }
    }
    const text = lines.map((line, index) => line + (odd !== null && mostly !== '\r' && index % 3 === 2 ? odd : mostly)).join('');
    return last ? text : text.replace(/(?:\r\n|\n|\r)$/, '');
  });
const value = fc
  .array(fc.oneof(word, fc.constantFrom('', '  spaced  ', '[sshd]', 'enabled = no')), { minLength: 1, maxLength: 4 })
  .map((l) => l.join('\n'));

function contents(text: string): Map<string, Map<string, string>> {
  const ini: IniFile = parseIni(text, '');
  expect(ini.mistakes).toEqual([]);
  const all = new Map(
    [...ini.sections].map(([name, options]) => [name, new Map([...options].map(([key, one]) => [key, one.value]))] as const),
  );
  if (text.includes('[DEFAULT]')) all.set('DEFAULT', new Map([...ini.defaults].map(([key, one]) => [key, one.value])));
  return all;
}

const physical = (text: string): string[] => text.match(/[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+$/g) ?? [];

/** Every line of `before` that is not in `own` stands in `after`, in order and byte for byte (a last line without an end may be given one). */
function expectKept(before: string, after: string, own: ReadonlySet<number>): void {
  const lines = physical(after);
  let at = 0;
  physical(before).forEach((line, index) => {
    if (own.has(index + 1)) return;
    const found = lines.findIndex(
      (other, place) =>
        place >= at &&
        (other === line || (!/[\r\n]$/.test(line) && /^(?:\r\n|\n|\r)$/.test(other.slice(line.length)) && other.startsWith(line))),
    );
    if (found < 0)
      throw new Error(`line ${index + 1} is gone: ${JSON.stringify(line)}\n${JSON.stringify(before)}\n${JSON.stringify(after)}`);
    at = found + 1;
  });
}

/** Numbers of the lines of an option, comments within not counted. */
function linesOf(text: string, section: string, key: string): Set<number> {
  const ini = parseIni(text, '');
  const known = (section === 'DEFAULT' ? ini.defaults : ini.sections.get(section))?.get(key.toLowerCase());
  return new Set(known?.lines.slice(0, known.value.split('\n').length));
}

describe('random files', () => {
  const runs = { numRuns: 2000 };

  test('an option that is set reads back, and nothing else has changed', () => {
    let refused = 0;
    fc.assert(
      fc.property(file, fc.constantFrom(...NAMES), fc.constantFrom(...KEYS), value, (text, section, key, wanted) => {
        const before = contents(text);
        let after: string;
        try {
          after = setOption(text, section, key, wanted);
        } catch (error) {
          if (!(error instanceof IniEditError)) throw error;
          refused++;
          return;
        }
        before.set(section, (before.get(section) ?? new Map<string, string>()).set(key.toLowerCase(), tidyValue(wanted)));
        expect(contents(after)).toEqual(before);
        expectKept(text, after, linesOf(text, section, key));
        const own = linesOf(text, section, key).size;
        const added = own > 0 ? 0 : contents(text).has(section) ? 0 : 2;
        const more = physical(after).length - physical(text).length + own - tidyValue(wanted).split('\n').length;
        expect(more).toBeGreaterThanOrEqual(Math.max(0, added - 1));
        expect(more).toBeLessThanOrEqual(added);
        if (text === '' || /[\r\n]$/.test(text)) expect(after).toMatch(/[\r\n]$/);
      }),
      runs,
    );
    // Only files that cannot take it at all.
    expect(refused).toBeLessThan(runs.numRuns / 50);
  });

  test('an option that is taken away is gone, and nothing else', () => {
    fc.assert(
      fc.property(file, fc.constantFrom(...NAMES), fc.constantFrom(...KEYS), (text, section, key) => {
        const before = contents(text);
        const after = removeOption(text, section, key);
        before.get(section)?.delete(key.toLowerCase());
        expect(contents(after)).toEqual(before);
        expectKept(text, after, linesOf(text, section, key));
        expect(physical(after).length).toBe(physical(text).length - linesOf(text, section, key).size);
      }),
      runs,
    );
  });

  test('a section that is taken away is gone, and no comment or option of another', () => {
    fc.assert(
      fc.property(file, fc.constantFrom(...NAMES), (text, section) => {
        const before = contents(text);
        const after = removeSection(text, section);
        before.delete(section);
        expect(contents(after)).toEqual(before);
        const raw = sectionText(text, section);
        const length = raw === null ? 0 : physical(raw.text).length;
        const own = new Set(Array.from({ length }, (_, index) => index + (raw?.line ?? 0)));
        physical(text).forEach((line, index) => {
          if (line.trim() === '') own.add(index + 1);
        });
        expectKept(text, after, own);
      }),
      runs,
    );
  });

  test('a section that is replaced by its own text stays byte for byte', () => {
    fc.assert(
      fc.property(file, fc.constantFrom(...NAMES), (text, section) => {
        const raw = sectionText(text, section);
        if (raw === null || new Set(text.match(/\r\n|\n|\r/g)).size > 1) return;
        expect(replaceSection(text, section, raw.text)).toBe(text);
      }),
      runs,
    );
  });
});
