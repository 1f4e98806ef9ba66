/** Tells from a text's first letters which of a filter's regexes could match it, so that the others are not tried. */
import type { Pattern } from '../../regex/pattern';

/** Which patterns a text could match, by their index, in order. */
export type Candidates = (text: string) => readonly number[];

/** Characters that are looked up at once, by seven bits of each. */
const LOOKED_UP = 3;
const MOST_LISTS = 1000;

function keyOf(text: string): number {
  let key = 0;
  for (let at = 0; at < LOOKED_UP; at++) key = (key << 7) | (text.charCodeAt(at) & 0x7f);
  return key;
}

/** A look at the beginning of the text; patterns of which nothing is known are always candidates. */
export function createCandidates(patterns: readonly Pattern[]): Candidates {
  const lists = new Map<number, readonly number[]>();
  const listFor = (key: number): readonly number[] => {
    const list: number[] = [];
    for (const [index, { starts }] of patterns.entries()) {
      if (starts === null || starts.some((start) => start.length < LOOKED_UP || keyOf(start) === key)) list.push(index);
    }
    return list;
  };
  return (text) => {
    const key = keyOf(text);
    let list = lists.get(key);
    if (list === undefined) {
      list = listFor(key);
      if (lists.size < MOST_LISTS) lists.set(key, list);
    }
    return list;
  };
}

/** Characters that are compared: further ones tell no more patterns apart. */
const COMPARED = 6;

/** Whether a text begins as the pattern must, as far as that is looked at. */
export function couldBegin(pattern: Pattern, text: string): boolean {
  if (pattern.starts === null) return true;
  for (const start of pattern.starts) if (beginsAlike(text, start)) return true;
  return false;
}

function beginsAlike(text: string, start: string): boolean {
  const compared = Math.min(start.length, COMPARED);
  for (let at = 0; at < compared; at++) if (text.charCodeAt(at) !== start.charCodeAt(at)) return false;
  return true;
}
