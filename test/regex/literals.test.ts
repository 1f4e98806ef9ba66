import fc from 'fast-check';
import { compilePattern } from '../../src/regex/compile';
import { compileFailregex } from '../../src/regex/tags';
import { stockLines, stockPatterns } from '../support/stock-patterns';

const required = (source: string) => compilePattern(source).required;

describe('literals that a matching text must contain', () => {
  test.each([
    ['^Failed (?:password|publickey) for (\\S+) from', ['Failed password for ', 'Failed publickey for ']],
    ['a(?:foo|bar)+c?', ['foo', 'bar']],
    ['ab(cd)ef\\d', ['abcdef']],
    ['(?:foo)?bar', ['bar', 'foobar']],
    ['[Ii](?:llegal|nvalid) user \\S', ['Illegal user ', 'Invalid user ', 'illegal user ', 'invalid user ']],
    ['ab{2}c(?!x)d[a-z]', ['abbcd']],
    ['(?:a|b|c|d)\\d', null],
    ['x[ab]?y\\d', ['xy', 'xay', 'xby']],
    ['(?=.*needle)x', ['needle']],
    ['(?P<a>x)?(?(a)left|right)', ['left', 'right']],
    ['foo|\\d', null],
    ['(?i)fo\\d', ['FO', 'Fo', 'fO', 'fo']],
    ['(?i)[^x]f', null],
    ['(?:foo){0,2}', null],
    ['(?!foo)a', null],
    [':', null],
  ])('of %s are %j', (source, literals) => {
    expect(required(source)).toEqual(literals);
  });

  test('are in every text that a random pattern matches', () => {
    const pieces = [
      'ab',
      'cd',
      'b',
      '(?:ab|cd)',
      'a?',
      '(b)',
      '.',
      '\\w+',
      '(?=ab)',
      '(?!ab)',
      '(?:ab)*',
      '(?:cd)+',
      '[ab]',
      '\\b',
      '(?:a|bc){2}',
      '(?i:cd)',
    ];
    const patterns = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((list) => list.join(''));
    const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'ab', 'cd', 'bc', 'CD'), { maxLength: 12 }).map((list) => list.join(''));
    let seen = 0;
    fc.assert(
      fc.property(patterns, fc.array(texts, { minLength: 5, maxLength: 5 }), (source, candidates) => {
        const pattern = compilePattern(source);
        for (const text of candidates) {
          if (pattern.required === null || !pattern.test(text)) continue;
          seen++;
          expect(pattern.required.some((literal) => text.includes(literal))).toBe(true);
        }
      }),
      { numRuns: 2000, seed: 11 },
    );
    expect(seen).toBeGreaterThan(500);
  });

  test('are in every sample line that a stock regex matches, and nearly all stock regexes have some', () => {
    const patterns = stockPatterns().map(({ regex, multiline }) => compileFailregex(regex, { multiline, needId: false }).pattern);
    const lines = stockLines().filter((_, i) => i % 4 === 0);
    const wrong = patterns.flatMap((pattern) =>
      lines.filter((line) => pattern.test(line) && !(pattern.required ?? ['']).some((literal) => line.includes(literal))),
    );
    expect(wrong).toEqual([]);
    expect(patterns.filter((pattern) => pattern.required === null).length).toBeLessThan(20);
  });
});
