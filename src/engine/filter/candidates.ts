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

/** Whether a text begins as the pattern must. */
export function couldBegin(pattern: Pattern, text: string): boolean {
  if (pattern.starts === null) return true;
  for (const start of pattern.starts) if (text.startsWith(start)) return true;
  return false;
}
