/** Tells from a text's first letters which of a filter's regexes could match it, so that the others are not tried. */
import type { Pattern } from '../../regex/pattern';

/** Which patterns a text could match, by their index, in order. */
export type Candidates = (text: string) => readonly number[];

/** A look at the beginning of the text; patterns of which nothing is known are always candidates. */
export function createCandidates(patterns: readonly Pattern[]): Candidates {
  const byFirst = new Map<number, readonly number[]>();
  const listFor = (first: number): readonly number[] => {
    const list: number[] = [];
    for (const [index, { starts }] of patterns.entries()) {
      if (starts === null || starts.some((start) => start.charCodeAt(0) === first)) list.push(index);
    }
    return list;
  };
  return (text) => {
    const first = text.charCodeAt(0);
    let list = byFirst.get(first);
    if (list === undefined) {
      list = listFor(first);
      if (byFirst.size < 256) byFirst.set(first, list);
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
