/** Values in Python's spelling, compared with Python's own. */
import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { pythonRepr, PyTuple } from '../../src/model/python-repr';

test.each([
  ['plain', "'plain'"],
  ["it's", `"it's"`],
  [`it's "so"`, `'it\\'s "so"'`],
  ['back\\slash', "'back\\\\slash'"],
  ['a\nb\tc\r\u0000\u007f', "'a\\nb\\tc\\r\\x00\\x7f'"],
  ['äöü €', "'äöü €'"],
  ['\u00a0\u2028\ufeff', "'\\xa0\\u2028\\ufeff'"],
  ['\ud800', "'\\ud800'"],
  [5, '5'],
  [-1, '-1'],
  [1795340356.5, '1795340356.5'],
  [0.00001, '1e-05'],
  [1e22, '10000000000000000000000'],
  [Number.NaN, 'nan'],
  [-Infinity, '-inf'],
  [true, 'True'],
  [null, 'None'],
  [[1, ['a', false]], "[1, ['a', False]]"],
  [new PyTuple(['a']), "('a',)"],
  [new PyTuple([1, 2]), '(1, 2)'],
  [new PyTuple([]), '()'],
  [{ a: 1, 'b c': [] }, "{'a': 1, 'b c': []}"],
  [new Map([[1, 'x']]), "{1: 'x'}"],
  [new Set(['a']), "{'a'}"],
  [new Set(), 'set()'],
  [Buffer.from("a'\n\xff", 'latin1'), `b"a'\\n\\xff"`],
  [12n, '12'],
])('%p', (value, text) => {
  expect(pythonRepr(value)).toBe(text);
});

test('texts, numbers and lists are spelled as Python spells them', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...`ab'"\\\n\t\r\u00ad\u0300€😀 `) }));
  const item = fc.oneof(
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).filter((x) => !Number.isInteger(x)),
  );
  const values = fc.sample(fc.array(item, { maxLength: 8 }), { numRuns: 300, seed: 11 });
  const code = 'import sys, json; print(json.dumps([repr(x) for x in json.load(sys.stdin)]))';
  const done = spawnSync('/usr/bin/python3', ['-c', code], { input: JSON.stringify(values), encoding: 'utf8' });
  const ours = values.map(pythonRepr);
  const differing = (JSON.parse(done.stdout) as string[]).flatMap((stock, at) =>
    stock === ours[at] || hasNewCharacter(values[at]) ? [] : [[stock, ours[at]]],
  );
  expect(differing).toEqual([]);
});

/** Characters that one side's Unicode tables know and the other's do not. */
function hasNewCharacter(value: unknown): boolean {
  return /\p{Cn}|[\u{10000}-\u{10ffff}]/u.test(JSON.stringify(value));
}
