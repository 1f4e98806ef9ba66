/** Where matching stops, in the text and in the pattern. */
import fc from 'fast-check';
import { compilePattern } from '../../src/regex/compile';
import { PatternExplainer } from '../../src/regex/explain';

/** The pattern and the text, each parted where matching stopped. */
function parted(pattern: string, text: string): string {
  const { matched, furthest, patternColumn } = new PatternExplainer(pattern).explain(text);
  if (matched) return 'matched';
  const characters = [...pattern];
  const [before, behind] = [characters.slice(0, patternColumn).join(''), characters.slice(patternColumn).join('')];
  return `${before}¦${behind} on ${text.slice(0, furthest)}¦${text.slice(furthest)}`;
}

it.each([
  ['^Failed for (\\S+) from', 'Failed for bob form', '^Failed for (\\S+) f¦rom on Failed for bob f¦orm'],
  ['^a', 'ba', '^¦a on ¦ba'],
  ['x', 'abc', '¦x on ¦abc'],
  ['^.* from (?P<ip>\\d+) failed$', 'x from 12 was ok', '^.* from (?P<ip>\\d+) ¦failed$ on x from 12 ¦was ok'],
  ['^\\d{4}-\\d', '123', '^¦\\d{4}-\\d on 123¦'],
  ['^(?:ab ){2}c', 'ab ax', '^(?:a¦b ){2}c on ab a¦x'],
  ['^(?:foo|bar)baz', 'qux', '^¦(?:foo|bar)baz on ¦qux'],
  ['^(?:foo|bar)baz', 'barbar', '^(?:foo|bar)ba¦z on barba¦r'],
  ['^a(?!b).c', 'abc', '^a¦(?!b).c on a¦bc'],
  ['^(?P<q>["\'])x(?P=q)', '"x\'', '^(?P<q>["\'])x¦(?P=q) on "x¦\''],
  ['^(?P<u>u )?a(?(u) b|c)', 'u ac', '^(?P<u>u )?a(?(u)¦ b|c) on u a¦c'],
  ['^ä+🎉b$', 'ää🎉bc', '^ä+🎉b¦$ on ää🎉b¦c'],
  ['^a b\\s*$', 'a b \n', 'matched'],
  ['^\\[a\\]\\.?x', '[a].y', '^\\[a\\]\\.?¦x on [a].¦y'],
  ['a{2,3}?b', 'aab', 'matched'],
  ['^(?>a+)b++c', 'aabbd', '^(?>a+)b++¦c on aabb¦d'],
])('%s on %j', (pattern, text, expected) => {
  expect(parted(pattern, text)).toBe(expected);
});

it('tells the match when there is one', () => {
  expect(new PatternExplainer('b+').explain('abbc')).toEqual({ matched: true, start: 1, furthest: 3, patternColumn: 2, complete: true });
});

it('honours the flags', () => {
  expect(new PatternExplainer('^B', { multiline: true, ignoreCase: true }).explain('a\nb').matched).toBe(true);
});

it('ends within its budget and says so', () => {
  const explained = new PatternExplainer('^(a|a|aa)+$').explain(`${'a'.repeat(60)}!`, 10_000);
  expect(explained).toMatchObject({ matched: false, complete: false });
  expect(explained.furthest).toBeGreaterThan(0);
});

it('agrees with the pattern that runs, and points into pattern and text', () => {
  const part = fc.constantFrom('a', 'b', '.', '\\d', '[^a]', 'a*', 'b+?', '(?:a|b)', '(ab)?', '(?=a)', '$', '\\b', '(?:a|bc){1,2}');
  const pattern = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c', '1', ' ', '\n'), maxLength: 12 });
  fc.assert(
    fc.property(pattern, text, text, (source, line, before) => {
      const explained = new PatternExplainer(source).explain(line);
      const again = new PatternExplainer(source);
      again.explain(before);
      expect(again.explain(line)).toEqual(explained);
      const found = compilePattern(source).search(line);
      expect(explained.matched).toBe(found !== null);
      if (found !== null) expect([explained.start, explained.furthest]).toEqual([found.start, found.end]);
      expect(explained.furthest).toBeLessThanOrEqual(line.length);
      expect(explained.patternColumn).toBeLessThanOrEqual(source.length);
      expect(explained.start).toBeLessThanOrEqual(explained.furthest);
    }),
    { numRuns: 1000 },
  );
});
