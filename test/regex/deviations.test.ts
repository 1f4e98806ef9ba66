import * as fs from 'node:fs';
import * as path from 'node:path';
import { AppError } from '../../src/base/errors';
import { compilePattern } from '../../src/regex/compile';
import { askPython } from '../support/python-re';

const DOCUMENT = fs.readFileSync(path.join(__dirname, '../../docs/regex.md'), 'utf8');

function python(pattern: string, text: string): string {
  const [answer] = askPython([{ pattern, texts: [text] }]);
  return 'error' in answer! ? answer.error : JSON.stringify(answer!.matches[0]);
}

/** What both our ways say; they must agree. */
function ours(pattern: string, text: string): string {
  const [chosen, own] = [undefined, 'own' as const].map((way) => {
    try {
      const match = compilePattern(pattern, way === undefined ? { offsets: true } : { way }).search(text);
      return match === null ? 'null' : JSON.stringify([match.start, match.end]);
    } catch (error) {
      return error instanceof AppError ? error.code : (error as Error).message;
    }
  });
  expect(own).toBe(chosen);
  return chosen!;
}

/** One test for each row of the table in docs/regex.md, by its id. */
const ROWS: Readonly<Record<string, () => void>> = {
  'newer-unicode': () => {
    expect(python('\\w', '\u{10d50}')).toBe('null');
    expect(ours('\\w', '\u{10d50}')).toBe(/\p{L}/u.test('\u{10d50}') ? '[0,2]' : 'null');
  },
  'possessive-rest': () => {
    // Later versions of Python 3.11 say what we say, so Python is not asked.
    expect(ours('(?:[c]\\S\\n)?+(?:)', 'cbaaa')).toBe('[0,0]');
    expect(ours('(?:ab)?+', 'ac')).toBe('[0,0]');
  },
  'scoped-ascii-start': () => {
    expect(python('(?a:\\W)', 'é')).toBe('null');
    expect(python('x|(?a:\\W)', 'é')).toBe('[[0,1]]');
    expect(ours('(?a:\\W)', 'é')).toBe('[0,1]');
  },
  'open-condition': () => {
    expect(python('(()(?:a(?(1)x|b))*?)c', 'abc')).toBe('[[2,3],[2,2],[2,2]]');
    expect(python('((?:a(?(1)x|b))*?)c', 'abc')).toBe('[[0,3],[0,2]]');
    expect(ours('(()(?:a(?(1)x|b))*?)c', 'abc')).toBe('[0,3]');
  },
  'character-names': () => {
    expect(python('\\N{EM DASH}', '—')).toBe('[[0,1]]');
    expect(ours('\\N{EM DASH}', '—')).toBe("undefined character name 'EM DASH' at position 0");
  },
  'template-flag': () => {
    expect(python('(?t)a*', 'aa')).toMatch(/unsupported template operator/);
    expect(ours('(?t)a*', 'aa')).toBe('[0,2]');
  },
  'astral-class-case': () => {
    expect(python('(?i)[x𐐀]', '𐐨')).toBe('null');
    expect(ours('(?i)[x𐐀]', '𐐨')).toBe('[0,2]');
  },
  'unicode-digits': () => {
    expect(python('(?(١)a|b)(c)', 'bc')).toBe('[[0,2],[1,2]]');
    expect(ours('(?(١)a|b)(c)', 'bc')).toBe("bad character in group name '١' at position 3");
  },
  depth: () => {
    const nested = (depth: number) => `${'(?:'.repeat(depth)}a${')'.repeat(depth)}`;
    expect(ours(nested(400), 'a')).toBe('[0,1]');
    expect(ours(nested(600), 'a')).toMatch(/^too many nested groups/);
  },
  budget: () => {
    expect(ours('(?:a|aa)*b', 'a'.repeat(200))).toBe('REGEX_BUDGET');
  },
  'argument-errors': () => {
    expect(python('(?a)(?u)x', 'x')).toBe('ASCII and UNICODE flags are incompatible');
    expect(ours('(?a)(?u)x', 'x')).toBe('ASCII and UNICODE flags are incompatible');
    expect(python('a{4294967296}', 'x')).toBe('the repetition number is too large');
    expect(ours('a{4294967296}', 'x')).toBe('the repetition number is too large');
  },
};

describe('deviations from Python', () => {
  const table = [...DOCUMENT.matchAll(/^\| ([a-z-]+) \|/gm)].map((match) => match[1]!).filter((id) => id !== 'id');

  test('the document and the tests name the same', () => {
    expect(table.toSorted()).toEqual(Object.keys(ROWS).toSorted());
  });

  test.each(table)('%s is as the document says', (id) => {
    expect.hasAssertions();
    ROWS[id]!();
  });
});
