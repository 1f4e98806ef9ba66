/** A date in brackets, as access logs have it behind addresses of all lengths: found again by its text, where it is the only one of its line. */
import { ownText } from '../../base/own-text';
import type { EnclosedDate } from './date-detector';
import type { FoundDate } from './date-template';

/** Templates that begin with a line reach over two signs before the date. */
export const NEAR_BEGIN = 3;

/** A default template without a clock has eight digits in a row, or the sign of TAI64N; without either, and without other digits, there is no date. */
const OTHER_DATE = /\d:\d|\d{8}|@|(?![\0-\x7f])\p{Nd}/u;

export function hasOtherDate(line: string, from: number, to: number): boolean {
  return OTHER_DATE.test(line.slice(0, from)) || OTHER_DATE.test(line.slice(to));
}

/** The date of a line when it stands in brackets, which no default template takes for a part of a date, and is the only one. */
export function enclosedDate(line: string, { from, to }: FoundDate): (EnclosedDate & { readonly text: string }) | null {
  if (from <= NEAR_BEGIN || line.charAt(from - 1) !== '[' || line.charAt(to) !== ']') return null;
  if (hasOtherDate(line, from - 1, to + 1)) return null;
  return { line: ownText(line), at: from, text: ownText(line.slice(from - 1, to + 1)) };
}
