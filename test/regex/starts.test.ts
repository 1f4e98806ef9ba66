import fc from 'fast-check';
import { compilePattern } from '../../src/regex/compile';

const starts = (source: string) => compilePattern(source).starts;

test.each([
  ['^Failed (?:password|key) for', ['Failed password for', 'Failed key for']],
  ['^(?:error: )?Bad \\d', ['error: Bad ', 'Bad ']],
  ['^(?P<a>x)(?P<b>y+)z', ['xy']],
  ['^(?:ab){2}', ['ab']],
  ['^ab(?=c)cd', ['abcd']],
  ['\\AFoo', ['Foo']],
  ['^a|^b', ['a', 'b']],
  ['^a|b', null],
  ['a', null],
  ['^\\d+', null],
  ['^(?:x)?', null],
  ['^[Ff]oo', null],
  ['(?i)^foo', null],
  ['^.*foo', null],
])('texts that %s matches begin with %j', (source, expected) => {
  expect(starts(source)).toEqual(expected);
});

test('a pattern that matches at every line begins anywhere', () => {
  expect(compilePattern('^foo', { flags: { multiline: true } }).starts).toBeNull();
});

test('every text that a random pattern matches begins with one of its starts', () => {
  const pieces = [
    'ab',
    'cd',
    'b',
    '(?:ab|cd)',
    'a?',
    '(b)',
    '.',
    '(?=ab)',
    '(?!ab)',
    '(?:ab)*',
    '(?:cd)+',
    '[ab]',
    '(?:a|bc){2}',
    '(?:|b)',
    '|',
  ];
  const patterns = fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 5 }).map((list) => `^(?:${list.join('')})`);
  const texts = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'ab', 'cd', 'bc'), { maxLength: 10 }).map((list) => list.join(''));
  let seen = 0;
  fc.assert(
    fc.property(patterns, fc.array(texts, { minLength: 8, maxLength: 8 }), (source, candidates) => {
      const pattern = compilePattern(source);
      for (const text of candidates) {
        if (pattern.starts === null || !pattern.test(text)) continue;
        seen++;
        expect(pattern.starts.some((start) => text.startsWith(start))).toBe(true);
      }
    }),
    { numRuns: 3000, seed: 7 },
  );
  expect(seen).toBeGreaterThan(500);
});
