import { compilePattern } from '../../src/regex/compile';

const WAYS = ['v8', 'own'] as const;

describe.each(WAYS)('a pattern on %s', (way) => {
  test('sees what stands before the place where the search begins', () => {
    const pattern = compilePattern('(?<=a)b|^x', { way });
    expect(pattern.search('ab', 1)?.start).toBe(1);
    expect(pattern.search('xx', 1)).toBeNull();
  });

  test('ends where the search ends', () => {
    const pattern = compilePattern('b$', { way });
    expect(pattern.search('abc', 0, 2)?.end).toBe(2);
    expect(pattern.search('abc')).toBeNull();
    expect(compilePattern('b(?=c)', { way }).search('abc', 0, 2)).toBeNull();
  });

  test('gives its groups by name and number', () => {
    const pattern = compilePattern('(?P<one>a)(b)?(?P<two>c)?', { way, offsets: true });
    const match = pattern.search('xac')!;
    expect(match.groups()).toEqual({ one: 'a', two: 'c' });
    expect([match.group(0), match.group(1), match.group(2), match.group('two')]).toEqual(['ac', 'a', null, 'c']);
    expect([match.span(0), match.span('one'), match.span(2), match.span(3)]).toEqual([[1, 3], [1, 2], null, [2, 3]]);
    expect(() => match.group('three')).toThrow(RangeError);
    expect(pattern.groupNames).toEqual(['one', 'two']);
    expect(pattern.groupCount).toBe(3);
  });

  test('takes characters beyond the first plane as one', () => {
    expect(compilePattern('^.$', { way }).test('😀')).toBe(true);
    expect(compilePattern('[^é]', { way }).search('é😀')?.group(0)).toBe('😀');
    expect(compilePattern('(?!\\w)', { way }).search('a😀')?.start).toBe(1);
  });

  test('knows a date as the date templates write it', () => {
    const source = '(?iu)(?P<Y>\\d{4})(?P<_sep>[-/.])(?P<b>jan|feb)(?P=_sep)(?P<d>[1-2]\\d|[0 ]?[1-9])';
    const pattern = compilePattern(source, { way, offsets: true });
    expect(pattern.search('x 2026/FEB/07')?.groups()).toEqual({ Y: '2026', _sep: '/', b: 'FEB', d: '07' });
    expect(pattern.search('x 2026/FEB-07')).toBeNull();
    expect(pattern.search('2026-ſan-1')).toBeNull();
  });

  test('with only named groups gives no others', () => {
    const match = compilePattern('(a)(?P<x>b)(c)\\3', { way, namedOnly: true }).search('abcc')!;
    expect([match.group('x'), match.group(3)]).toEqual(['b', 'c']);
  });
});

describe('the choice of the way', () => {
  test.each([
    ['(?P<a>x)?y(?(a)z|w)', 'v8'],
    ['(?i:ab)c', 'v8'],
    ['(?:(a)|b)*', 'own'],
    ['(?:a*)*b', 'v8'],
    ['(?:a|ab|b)*c', 'own'],
    ['(?:[^"]*|"x")*c', 'v8'],
    ['(?:\\w+\\s*)*c', 'own'],
    ['(?:\\w+\\s+)*c', 'v8'],
    ['(?:user=\\S+ |uid=\\S+ )*c', 'v8'],
    ['(?i)(a)\\1', 'own'],
    ['(?i)([-/])\\1', 'v8'],
    ['(?>a+)b', 'v8'],
  ])('of %s is %s', (source, way) => {
    expect(compilePattern(source).way).toBe(way);
  });

  test('can be forced, but not to what is not exact', () => {
    expect(compilePattern('a', { way: 'own' }).way).toBe('own');
    expect(() => compilePattern('(?:(a)|b)*', { way: 'v8' })).toThrow('a group that not every round sets');
  });

  test('offsets of groups are only there when asked for', () => {
    const match = compilePattern('(a)').search('a')!;
    expect(match.span(0)).toEqual([0, 1]);
    expect(() => match.span(1)).toThrow('without offsets');
  });
});
