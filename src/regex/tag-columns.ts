/** Finds the column of a regex as written from a column of its expansion: a place inside what a tag stands for is the place of the tag. */
import { expandTags, type TagOptions } from './tags';

const TAG = /<\/?[A-Z0-9_-]+\/?>/g;

const lengthOf = (text: string): number => [...text].length;

/**
 * Both columns count from 0 in characters.
 * @param column in `expandTags(regex, options)`
 */
export function writtenColumn(regex: string, column: number, options: TagOptions = {}): number {
  const expandedTo = (end: number): number => lengthOf(expandTags(regex.slice(0, end), options));
  let from = 0;
  for (const match of regex.matchAll(TAG)) {
    if (column < expandedTo(match.index)) return lengthOf(regex.slice(0, lastAt(from, match.index)));
    from = match.index + match[0].length;
    if (column < expandedTo(from)) return lengthOf(regex.slice(0, match.index));
  }
  return lengthOf(regex.slice(0, lastAt(from, regex.length)));

  /** The last place between two tags whose expansion does not go beyond the column. */
  function lastAt(first: number, end: number): number {
    let last = first;
    for (let at = first; at <= end; at++) if (expandedTo(at) <= column) last = at;
    return last;
  }
}
