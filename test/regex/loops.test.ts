import { isExplosive } from '../../src/regex/explosive';
import { flattenLoops } from '../../src/regex/loops';
import { emitRegExp } from '../../src/regex/emit';
import { parsePattern } from '../../src/regex/parse';
import type { Node } from '../../src/regex/tree';
import { withoutUnnamed } from '../../src/regex/unnamed';

const root = (source: string) => parsePattern(source).root;
const emitted = (node: Node) => emitRegExp({ root: node, groupCount: 0, names: new Map() }, 'ascii').source;

describe('loops of loops', () => {
  test.each([
    ['(?:a*)*', 'a*'],
    ['(?:a+)+', 'a+'],
    ['(?:a+)*', 'a*'],
    ['(?:(?:a*)+)*', 'a*'],
    ['(?:a*|b)*', 'a*(?:ba*)*?'],
    ['(?:[^"]*|"x")+', '[^"]*(?:"x"[^"]*)*?'],
  ])('%s is rewritten to %s', (source, same) => {
    expect(emitted(flattenLoops(root(source)))).toBe(emitted(root(same)));
  });

  test.each([
    '(?:a*)*?',
    '(?:a{2,})*',
    '(?:(a)*)*',
    '(?:a*?|b)*',
    '(?:a*|b*)*',
    '(?:b|a*)*',
    '(?:ab)*',
    '(?:a*$|b)+',
    '(?:\\b|b)+',
    '(?:(?!a)|b)*',
  ])('%s stays as it is', (source) => {
    expect(flattenLoops(root(source))).toEqual(root(source));
  });
});

describe('loops that may explode', () => {
  test.each([
    '(?:a+b?)+c',
    '(?:a|ab|b)*c',
    '(?:\\w|\\d)*c',
    '(?:[^(]+ )*x',
    '(?:: (?:\\w+|[^(]+))*x',
    '((?:ab*)*b*)*c',
    '(?:[^"]*"[^"]*)*x',
    '(?:a?a)*x',
    '(?:a{1,2})*x',
    '(?:ab(?:ab)?)*x',
    '(?:\\s+\\w+\\s*)*x',
  ])('%s may', (source) => {
    expect(isExplosive(root(source))).toBe(true);
  });

  test.each([
    'a*b*c',
    '(?:\\w+\\s+)*c',
    '(?:.*\\n)*?x',
    '(?:\\d{1,3}\\.){3}',
    '(?:user=\\S* |uid=\\S* )*x',
    '(?:a++b?)*c',
    '(?:a*"b*)*x',
    '(?:"[^"]*"|x)*y',
  ])('%s does not', (source) => {
    expect(isExplosive(root(source))).toBe(false);
  });
});

test('unnamed groups go unless something refers to them', () => {
  const tree = withoutUnnamed(parsePattern('(a)(?P<n>b)(c)\\3(d)?(?(4)e)(f(g))'));
  const kept = JSON.stringify(tree.root).match(/"index":\d/g);
  expect(new Set(kept)).toEqual(new Set(['"index":2', '"index":3', '"index":4']));
  expect(tree.groupCount).toBe(6);
});
