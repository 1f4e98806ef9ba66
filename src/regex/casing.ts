/** Lower case of single characters as Python's `re` compares them when it ignores case: simple mappings, one character to one. */

const CAPITAL_I_WITH_DOT = 0x130;

/** Lower case of a code point; itself when it has none. With `ascii` only A-Z have one. */
export function lower(code: number, ascii: boolean): number {
  if (code < 0x80 || ascii) return code >= 0x41 && code <= 0x5a ? code + 32 : code;
  if (code === CAPITAL_I_WITH_DOT) return 0x69;
  return String.fromCodePoint(code).toLowerCase().codePointAt(0)!;
}

/** Whether a code point differs from its lower or its upper case. */
export function isCased(code: number, ascii: boolean): boolean {
  if (code < 0x80 || ascii) return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
  const character = String.fromCodePoint(code);
  return lower(code, false) !== code || character.toUpperCase() !== character;
}

const asciiPairs: readonly (readonly [number, number])[] = Array.from({ length: 26 }, (_, i) => [0x41 + i, 0x61 + i] as const);
let unicodePairs: readonly (readonly [number, number])[] | undefined;

/** All pairs of a character and its different lower case. */
export function casedPairs(ascii: boolean): readonly (readonly [upper: number, lower: number])[] {
  if (ascii) return asciiPairs;
  unicodePairs ??= findPairs();
  return unicodePairs;
}

function findPairs(): [number, number][] {
  const pairs: [number, number][] = [];
  // Letters with case live below 0x20000; checked against Python in the tests.
  for (let page = 0; page < 0x20000; page += 0x100) {
    if (page >= 0xd800 && page < 0xe000) continue; // surrogates
    const codes = Array.from({ length: 0x100 }, (_, at) => page + at);
    const text = String.fromCodePoint(...codes);
    if (text.toLowerCase() === text) continue;
    for (const code of codes) {
      const low = lower(code, false);
      if (low !== code) pairs.push([code, low]);
    }
  }
  return pairs;
}

/** Lower-case letters that share their upper case with others, as U+0073 s and U+017F long s: each with those others. */
export const EXTRA_LOWER: ReadonlyMap<number, readonly number[]> = new Map(
  [
    [0x69, 0x131],
    [0x73, 0x17f],
    [0xb5, 0x3bc],
    [0x345, 0x3b9, 0x1fbe],
    [0x390, 0x1fd3],
    [0x3b0, 0x1fe3],
    [0x3b2, 0x3d0],
    [0x3b5, 0x3f5],
    [0x3b8, 0x3d1],
    [0x3ba, 0x3f0],
    [0x3c0, 0x3d6],
    [0x3c1, 0x3f1],
    [0x3c2, 0x3c3],
    [0x3c6, 0x3d5],
    [0x432, 0x1c80],
    [0x434, 0x1c81],
    [0x43e, 0x1c82],
    [0x441, 0x1c83],
    [0x442, 0x1c84, 0x1c85],
    [0x44a, 0x1c86],
    [0x463, 0x1c87],
    [0x1c88, 0xa64b],
    [0x1e61, 0x1e9b],
    [0xfb05, 0xfb06],
  ].flatMap((family) => family.map((code) => [code, family.filter((other) => other !== code)] as const)),
);
