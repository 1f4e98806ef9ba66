/** Sets of code points: ranges and Python's classes \d \w \s, with membership as Python's str patterns have it. */
import { EXTRA_LOWER, casedPairs, isCased, lower } from './casing';

/** Python's classes beyond ASCII; upper case is the complement. */
export type ClassLetter = 'd' | 'D' | 'w' | 'W' | 's' | 'S';

export interface CharSet {
  readonly negated: boolean;
  /** Flat pairs lo, hi; sorted, not touching. */
  readonly ranges: readonly number[];
  readonly classes: readonly ClassLetter[];
}

export const MAX_CODE = 0x10ffff;

/** White space as `str.isspace` has it. */
export const SPACE_RANGES: readonly number[] = [
  0x09, 0x0d, 0x1c, 0x20, 0x85, 0x85, 0xa0, 0xa0, 0x1680, 0x1680, 0x2000, 0x200a, 0x2028, 0x2029, 0x202f, 0x202f, 0x205f, 0x205f, 0x3000,
  0x3000,
];
const ASCII_RANGES: Record<'d' | 'w' | 's', readonly number[]> = {
  d: [0x30, 0x39],
  w: [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a],
  s: [0x09, 0x0d, 0x20, 0x20],
};

/** Sorted, not touching pairs from any pairs. */
export function normalize(pairs: readonly (readonly [number, number])[]): number[] {
  const sorted = [...pairs].sort((a, b) => a[0] - b[0]);
  const out: number[] = [];
  for (const [lo, hi] of sorted) {
    const last = out.length - 1;
    if (last > 0 && lo <= out[last]! + 1) out[last] = Math.max(out[last]!, hi);
    else out.push(lo, hi);
  }
  return out;
}

/** Pairs of a flat list. */
export function pairsOf(ranges: readonly number[]): [number, number][] {
  const pairs: [number, number][] = [];
  for (let i = 0; i < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!]);
  return pairs;
}

/** All code points that are not in `ranges`. */
export function complement(ranges: readonly number[]): number[] {
  const out: number[] = [];
  let next = 0;
  for (const [lo, hi] of pairsOf(ranges)) {
    if (lo > next) out.push(next, lo - 1);
    next = hi + 1;
  }
  if (next <= MAX_CODE) out.push(next, MAX_CODE);
  return out;
}

/** What flag `a` makes of a class. */
export function asciiClass(letter: ClassLetter): readonly number[] {
  const plain = letter.toLowerCase() as 'd' | 'w' | 's';
  return plain === letter ? ASCII_RANGES[plain] : complement(ASCII_RANGES[plain]);
}

export function inRanges(ranges: readonly number[], code: number): boolean {
  let low = 0;
  let high = ranges.length / 2 - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (code < ranges[2 * middle]!) high = middle - 1;
    else if (code > ranges[2 * middle + 1]!) low = middle + 1;
    else return true;
  }
  return false;
}

/** Patterns have the same few letters and classes again and again. */
const folded = new Map<string, readonly number[]>();
const MOST_FOLDED = 2000;

/** The set a class of the pattern means when case is ignored: every character whose lower case is the lower case of a member. */
export function foldRanges(ranges: readonly number[], ascii: boolean): readonly number[] {
  const key = `${ascii} ${ranges.join()}`;
  let known = folded.get(key);
  if (known === undefined) {
    if (folded.size >= MOST_FOLDED) folded.clear();
    folded.set(key, (known = fold(ranges, ascii)));
  }
  return known;
}

function fold(ranges: readonly number[], ascii: boolean): readonly number[] {
  const pairs = pairsOf(ranges);
  const inside = (code: number) => inRanges(ranges, code);
  const letters = casedPairs(ascii);
  const astral = !ascii && pairs.some(([, hi]) => hi > 0xffff);
  if (!astral && !pairs.some(([lo, hi]) => hasCased(lo, hi, ascii))) return ranges;
  // What remains of the ranges when each member is replaced by its lower case ...
  const lowered = new Set<number>();
  const moved: [number, number][] = [];
  for (const [upper, low] of letters) {
    if (!inside(upper)) continue;
    moved.push([upper, upper]);
    lowered.add(low);
  }
  for (const [low, others] of ascii ? [] : EXTRA_LOWER) {
    if (inside(low) || lowered.has(low)) for (const other of others) lowered.add(other);
  }
  const isLowered = (code: number) => lowered.has(code) || (inside(code) && lower(code, ascii) === code);
  // ... and all that is lowered into that.
  const out: [number, number][] = subtract(pairs, moved);
  for (const code of lowered) out.push([code, code]);
  for (const [upper, low] of letters) if (isLowered(low)) out.push([upper, upper]);
  return normalize(out);
}

/** The characters that one character of the pattern stands for when case is ignored. */
export function foldChar(code: number, ascii: boolean): readonly number[] {
  return isCased(code, ascii) ? foldRanges([code, code], ascii) : [code, code];
}

function hasCased(lo: number, hi: number, ascii: boolean): boolean {
  const end = ascii ? Math.min(hi, 0x7f) : hi;
  for (let code = lo; code <= end; code++) if (isCased(code, ascii)) return true;
  return false;
}

function subtract(pairs: readonly [number, number][], points: readonly [number, number][]): [number, number][] {
  const gone = complement(normalize(points));
  const out: [number, number][] = [];
  for (const [lo, hi] of pairs) {
    for (const [from, to] of pairsOf(gone)) {
      if (from <= hi && to >= lo) out.push([Math.max(lo, from), Math.min(hi, to)]);
    }
  }
  return out;
}

const CLASS_PATTERNS = { d: /^\p{Nd}$/u, w: /^[\p{L}\p{N}_]$/u } as const;
const pages: Record<'d' | 'w', Map<number, Uint8Array>> = { d: new Map(), w: new Map() };

/** Whether a code point is in Python's \d or \w; looked up in pages of 256 made when first needed. */
function inUnicodeClass(letter: 'd' | 'w', code: number): boolean {
  let page = pages[letter].get(code >> 8);
  if (page === undefined) {
    const first = code & ~0xff;
    page = Uint8Array.from({ length: 256 }, (_, i) => (CLASS_PATTERNS[letter].test(String.fromCodePoint(first + i)) ? 1 : 0));
    pages[letter].set(code >> 8, page);
  }
  return page[code & 0xff] === 1;
}

/** Whether a code point is in one of Python's classes (of str patterns, without flag `a`). */
export function inClass(letter: ClassLetter, code: number): boolean {
  switch (letter) {
    case 'd':
    case 'w':
      return inUnicodeClass(letter, code);
    case 's':
      return inRanges(SPACE_RANGES, code);
    case 'D':
      return !inUnicodeClass('d', code);
    case 'W':
      return !inUnicodeClass('w', code);
    case 'S':
      return !inRanges(SPACE_RANGES, code);
  }
}

/** Whether a set has a code point. */
export function hasCode(set: CharSet, code: number): boolean {
  const inside = inRanges(set.ranges, code) || set.classes.some((letter) => inClass(letter, code));
  return inside !== set.negated;
}

const asciiMembers = {} as Record<ClassLetter, Uint8Array>;

/** Which ASCII characters a class has. */
function asciiMembersOf(letter: ClassLetter): Uint8Array {
  return (asciiMembers[letter] ??= Uint8Array.from({ length: 0x80 }, (_, code) => (inClass(letter, code) ? 1 : 0)));
}

/** The ASCII part of a set, as flat ranges. */
export function asciiRanges({ ranges, classes, negated }: CharSet): number[] {
  const members = new Uint8Array(0x80);
  for (let at = 0; at < ranges.length; at += 2) members.fill(1, ranges[at]!, Math.min(ranges[at + 1]!, 0x7f) + 1);
  for (const letter of classes) asciiMembersOf(letter).forEach((member, code) => (members[code]! |= member));
  const wanted = negated ? 0 : 1;
  const out: number[] = [];
  for (let code = 0; code < 0x80; code++) {
    if (members[code] !== wanted) continue;
    if (out.length > 0 && out[out.length - 1] === code - 1) out[out.length - 1] = code;
    else out.push(code, code);
  }
  return out;
}
