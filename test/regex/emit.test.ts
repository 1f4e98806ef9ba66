import { NotExpressible } from '../../src/regex/expand';
import { emitRegExp } from '../../src/regex/emit';
import { parsePattern } from '../../src/regex/parse';

const ascii = (source: string) => emitRegExp(parsePattern(source), 'ascii');
const full = (source: string) => emitRegExp(parsePattern(source), 'full');

describe('a pattern as RegExp', () => {
  test.each([
    ['a.b', 'a[^\\x0a]b'],
    ['(?s).', '[^]'],
    ['^a$', '^a(?=\\n?$)'],
    ['(?m)^a$', '(?<![^\\n])a(?=\\n|$)'],
    ['\\Aa\\Z', '^a$'],
    ['[]x]', '[\\x5dx]'],
    ['(?i)a1', '[Aa]1'],
    ['a{,3}', 'a{0,3}'],
    ['é', '[]'],
    ['(?>a+)', '(?:(?=(a+))\\1)'],
    ['(?P<x>a)(?P=x)', '(a)(?:\\1)'],
    ['(a)?b(?(1)c|d)', '(a)bc|bd'],
    ['(?:(a)|b)\\1', '(a)(?:\\1)|b(?:[])'],
    ['(?:a*|b)?', '(?:a*|b|)'],
  ])('%s is %s for ASCII', (source, expected) => {
    expect(ascii(source).source).toBe(expected);
  });

  test('knows classes beyond ASCII for other texts', () => {
    expect(full('\\d').source).toBe('[\\p{Nd}]');
    expect(full('[^\\w]').source).toBe('[^\\p{L}\\p{N}_]');
    expect(full('[\\Wé]').source).toBe('(?:[\\xe9]|[^\\p{L}\\p{N}_])');
    expect(full('(?a)\\d').source).toBe('[0-9]');
    expect(full('x').flags).toBe('u');
  });

  test('tells which captures stand for a group', () => {
    expect(ascii('(a)?(b)(?(1)c|d)').slots).toEqual([[0], [1], [2, 3]]);
  });

  test.each([
    '(?:(a)|b)*',
    '(a*)*',
    '(?:|a)*',
    '(?i)(é)\\1',
    '(?<=(a))b',
    'a{2000}',
    '(?:a{900}){900}',
    '(?:(a)|(?(1)b|c))+',
    '(a(?(1)b|c))',
  ])('%s has no exact form', (source) => {
    expect(() => ascii(source)).toThrow(NotExpressible);
  });
});
