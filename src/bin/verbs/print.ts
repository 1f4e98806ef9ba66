/** Texts on their way to a terminal: hostile text cannot steer it, nor break lines. */
import { formatLocalTime } from '../../base/local-time';

/** Control characters, and those that turn the direction of writing: a terminal obeys them. */
const STEERING = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const STEERING_BUT_LINES = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A text of one line: what steers a terminal becomes `?`. */
export function printable(text: string): string {
  return text.replace(STEERING, '?');
}

/** A text of several lines; tabs stay too. */
export function printableLines(text: string): string {
  return text.replace(STEERING_BUT_LINES, '?');
}

/** JSON in which everything that steers a terminal is written as `\u` and four digits: nothing is lost. */
export function printableJson(value: unknown): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value, null, 2).replace(STEERING_BUT_LINES, escaped)}\n`;
}

/** The first row is the heading; columns named in `right` are flush right. */
export function formatTable(rows: readonly (readonly string[])[], right: readonly number[] = []): string {
  const clean = rows.map((row) => row.map(printable));
  const widths = (clean[0] ?? []).map((_cell, column) => clean.reduce((width, row) => Math.max(width, (row[column] ?? '').length), 0));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0)))
      .join('  ')
      .trimEnd();
  return clean.map((row) => `${line(row)}\n`).join('');
}

/** A moment in local time; `never` for none. */
export function moment(seconds: number | null, none = 'never'): string {
  return seconds === null ? none : formatLocalTime(seconds);
}

/** One thing or many. */
export function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
