import { isBracketed } from '../../src/regex/bracketed';
import { surelyOf } from '../../src/regex/surely';
import { couldBeAnyOf } from '../../src/regex/union';

describe('a pattern is decided by its brackets', () => {
  it.each([
    String.raw`^[^\[]*\[(\d+)(?=\b|\W|$)`,
    String.raw`(?iu)^[^\[]*(\[\d\d(?P<_sep>[-/])[a-z]+(?P=_sep)\d{4}(?::\d\d){3}(?: [+-]\d{4})?\s*\])(?=\b|\W|$)`,
  ])('%s', (source) => expect(isBracketed(source)).toBe(true));

  it.each([
    ['it may begin elsewhere', String.raw`[^\[]*\[(\d+)`],
    ['what stands before is not all the same to it', String.raw`^\S* - \[(\d+)`],
    ['it goes on behind the bracket', String.raw`^[^\[]*\[(\d+)\] "GET`],
    ['it takes brackets', String.raw`^[^\[]*\[(.+)`],
    ['it takes them by a class', String.raw`^[^\[]*\[(\W\d+)`],
    ['it looks far ahead', String.raw`^[^\[]*\[(\d+)(?=\] ")`],
    ['it looks back', String.raw`^[^\[]*\[(?<=x\[)(\d+)`],
    ['a bracket may be missing', String.raw`^[^\[]*\[(\d+)(?:\] x)?`],
  ])('not when %s', (_why, source) => expect(isBracketed(source)).toBe(false));
});

describe('what is sure of every match', () => {
  it('tells literals one by one, and groups that took something', () => {
    const { literals, groups, first } = surelyOf(String.raw`^(?P<who>\S+) said (?P<a>x|y)(?P<b>z*)(?P<c>q)? : bye (?:(?P<d>m)|n)`);
    expect(literals).toContainEqual([' said x', ' said y']);
    expect(literals).toContainEqual([' : bye m', ' : bye n', 'q : bye m', 'q : bye n']);
    expect([...groups]).toEqual(['who', 'a']);
    expect(first).toBe('who');
  });

  it('knows no first group where the text may begin otherwise', () => {
    expect(surelyOf('(?P<who>a)b').first).toBeNull();
    expect(surelyOf('^x?(?P<who>a)').first).toBeNull();
  });

  it('knows the group that ends where the text ends, or before its last newline', () => {
    expect(surelyOf('^a (?P<rest>.+)$').last).toBe('rest');
    for (const other of ['^a (?P<rest>.+)', '^a (?P<rest>.+) $', '(?m)^a (?P<rest>.+)$', '^a (.+)$', '^a (?P<rest>.+)(?:x|$)']) {
      expect(surelyOf(other).last).toBeNull();
    }
  });
});

test('one RegExp for several patterns finds whatever one of them does', () => {
  const sources = [String.raw`^(?P<s>[-/])\d(?P=s)x`, String.raw`^(?P<s>a)(?P=s)b`, 'later(?=y)'];
  const any = couldBeAnyOf(sources)!;
  for (const text of ['-1-x', '/2/x', 'aab', 'xlatery']) expect(any.test(text)).toBe(true);
  for (const text of ['', '-a', 'ab', 'x-1-x', 'lat']) expect(any.test(text)).toBe(false);
  expect(couldBeAnyOf(['(a+)+$'])).toBeNull();
});
