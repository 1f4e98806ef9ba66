/** Differences that docs/deviations.md lists. */
import type { FilterSet, FuzzCase } from './filter-cases';

/** Letters and digits newer than Python's Unicode (newer-unicode). @param unknown the signs of a case that Python does not know */
export function hasNewer(line: string, unknown: string): boolean {
  return [...unknown].some((sign) => /[\p{L}\p{N}]/u.test(sign) && line.includes(sign));
}

/** The hour that the clock shows twice when summer time ends: which of the two the original takes is chance (hour-twice). */
export function isHourTwice(mine: number, theirs: number): boolean {
  const clock = (time: number): string => new Date(time * 1000).toString().slice(0, 24);
  return Math.abs(mine - theirs) === 3600 && clock(mine) === clock(theirs);
}

/** A date without a year, or without a day, that has a zone: the original compares its UTC with the local time, and puts back the day but not the zone (zone-without-day). */
export function isOtherDay(mine: number, theirs: number): boolean {
  const days = Math.abs(mine - theirs) / 86400;
  return Number.isInteger(days) && days >= 1 && days <= 367;
}

/** Signs at which Python's splitlines ends a line: over several lines the original counts them wrongly (docs/deviations.md, multiline-separators). */
const SEPARATORS = /[\v\f\r\x1c-\x1e\x85\u2028\u2029]/;

/** Whether such a sign stands in a line up to that one, in a filter that looks at several. */
export function hasSeparator(fuzzCase: FuzzCase, { maxlines }: FilterSet, index: number): boolean {
  return maxlines > 1 && fuzzCase.lines.slice(0, index + 1).some((line) => SEPARATORS.test(line));
}
