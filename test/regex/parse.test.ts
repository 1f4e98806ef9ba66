import fc from 'fast-check';
import { parsePattern } from '../../src/regex/parse';
import { PatternError } from '../../src/regex/pattern';
import { askPython } from '../support/python-re';

function refusal(source: string): string {
  try {
    parsePattern(source);
    return 'compiles';
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return error.message;
  }
}

describe('reading a pattern', () => {
  test.each([
    ['(a', 'missing ), unterminated subpattern at position 0'],
    ['a)', 'unbalanced parenthesis at position 1'],
    ['[a', 'unterminated character set at position 0'],
    ['[b-a]', 'bad character range b-a at position 1'],
    ['*a', 'nothing to repeat at position 0'],
    ['a**', 'multiple repeat at position 2'],
    ['^*', 'nothing to repeat at position 1'],
    ['a{2,1}', 'min repeat greater than max repeat at position 2'],
    ['\\', 'bad escape (end of pattern) at position 0'],
    ['\\q', 'bad escape \\q at position 0'],
    ['é\\x4', 'incomplete escape \\x4 at position 1'],
    ['😀(?P<1>a)', "bad character in group name '1' at position 5"],
    ['(?P<x>a)(?P<x>b)', "redefinition of group name 'x' as group 2; was group 1 at position 12"],
    ['(?P=x)', "unknown group name 'x' at position 4"],
    ['\\2', 'invalid group reference 2 at position 1'],
    ['(a\\1)', 'cannot refer to an open group at position 2'],
    ['a(?i)b', 'global flags not at the start of the expression at position 1'],
    ['(?<=a+)b', 'look-behind requires fixed-width pattern'],
    ['(?(1)a|b|c)', 'conditional backref with more than two branches at position 8'],
    ['(?(2)a)(b)', 'invalid group reference 2 at position 3'],
    ['(?z)', 'unknown extension ?z at position 1'],
    ['(?i-i:a)', 'bad inline flags: flag turned on and off at position 5'],
  ])('%s is refused: %s', (source, reason) => {
    expect(refusal(source)).toBe(reason);
  });

  test('names and numbers of groups are kept', () => {
    const tree = parsePattern('(a)(?P<x>b(c))(?P<y>d)');
    expect(tree.groupCount).toBe(4);
    expect([...tree.names]).toEqual([
      ['x', 2],
      ['y', 4],
    ]);
  });

  test('verbose patterns lose white space and notes', () => {
    expect(parsePattern('(?x) a b # note\n c').root).toEqual(parsePattern('abc').root);
    expect(parsePattern('a b#', { verbose: true }).root).toEqual(parsePattern('ab').root);
  });

  test('any text is read or refused as Python does it', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '(',
      ')',
      '(?',
      'P<n>',
      ':',
      '[',
      ']',
      '^',
      '-',
      '{',
      '}',
      ',',
      '1',
      '2',
      '*',
      '+',
      '?',
      '|',
      '\\',
    );
    const more = fc.constantFrom(
      '\\',
      'x',
      'u',
      'N',
      '<',
      '=',
      '!',
      '#',
      '>',
      '(?P=n)',
      '(?(1)',
      'i',
      's',
      '$',
      '.',
      'é',
      '😀',
      "'",
      'U0001F600',
    );
    const sources = fc.sample(
      fc.array(fc.oneof(piece, more), { maxLength: 9 }).map((pieces) => pieces.join('')),
      { numRuns: 4000, seed: 3 },
    );
    const answers = askPython(sources.map((pattern) => ({ pattern, texts: [] })));
    const differences = sources.flatMap((source, i) => {
      const answer = answers[i]!;
      const theirs = 'error' in answer ? answer.error + (answer.position === null ? '' : ` at position ${answer.position}`) : 'compiles';
      const mine = refusal(source);
      return mine === theirs ? [] : [`${source}: ${theirs}; ours: ${mine}`];
    });
    expect(differences).toEqual([]);
  });
});
