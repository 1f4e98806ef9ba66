import { inClass } from '../../src/regex/charset';
import { EXTRA_LOWER, casedPairs, isCased, lower } from '../../src/regex/casing';
import { runPython } from '../support/python-re';

interface Unicode {
  readonly classes: Readonly<Record<'d' | 'w' | 's', readonly number[]>>;
  readonly lower: readonly (readonly [number, number])[];
  readonly cased: readonly number[];
  readonly unassigned: readonly number[];
  readonly families: readonly (readonly number[])[];
}

const SCRIPT = `
import json, re, unicodedata, _sre
from re import _casefix
everything = range(0x110000)
classes = {letter: [c for c in everything if re.match('\\\\\\\\' + letter, chr(c))] for letter in 'dws'}
print(json.dumps({
    'classes': classes,
    'lower': [(c, _sre.unicode_tolower(c)) for c in everything if _sre.unicode_tolower(c) != c],
    'cased': [c for c in everything if _sre.unicode_iscased(c)],
    'unassigned': [c for c in everything if unicodedata.category(chr(c)) == 'Cn'],
    'families': [(k, *v) for k, v in _casefix._EXTRA_CASES.items()],
}))
`.replaceAll('\\\\\\\\', '\\\\');

const everything = Array.from({ length: 0x110000 }, (_, code) => code);

describe('characters, compared with Python over all code points', () => {
  const python = runPython<Unicode>(SCRIPT, null);
  const unassigned = new Set(python.unassigned);

  test.each(['d', 'w', 's'] as const)('\\%s has the same members, but for characters that Python does not know yet', (letter) => {
    const members = new Set(python.classes[letter]);
    const wrong = everything.filter((code) => inClass(letter, code) !== members.has(code));
    expect(wrong.filter((code) => !unassigned.has(code))).toEqual([]);
    const complement = letter.toUpperCase() as 'D' | 'W' | 'S';
    expect(everything.every((code) => inClass(complement, code) !== inClass(letter, code))).toBe(true);
  });

  test('a character has the same lower case, but for letters that Python does not know yet', () => {
    const lowered = new Map(python.lower);
    const wrong = everything.filter((code) => lower(code, false) !== (lowered.get(code) ?? code));
    expect(wrong.filter((code) => !unassigned.has(code))).toEqual([]);
  });

  test('a character has a case where it has one in Python, or where its other half is newer than Python', () => {
    const cased = new Set(python.cased);
    const wrong = everything.filter((code) => isCased(code, false) !== cased.has(code) && !unassigned.has(code));
    for (const code of wrong) expect(unassigned.has(String.fromCodePoint(code).toUpperCase().codePointAt(0)!)).toBe(true);
    expect(wrong.length).toBeLessThan(10);
  });

  test('all letters with a lower case are in the list of pairs', () => {
    const pairs = new Map(casedPairs(false));
    expect(python.lower.filter(([code, low]) => pairs.get(code) !== low)).toEqual([]);
    expect(casedPairs(true)).toHaveLength(26);
  });

  test('letters that share an upper case are the ones that Python lists', () => {
    expect(python.families.map(([code, ...others]) => [code, others])).toEqual(
      expect.arrayContaining([...EXTRA_LOWER].map(([code, others]) => [code, expect.arrayContaining([...others]) as unknown])),
    );
    expect(EXTRA_LOWER.size).toBe(python.families.length);
  });
});
