/** Texts on their way to a terminal: hostile text cannot steer it, nor break lines. */
import { formatLocalTime } from '../../base/local-time';
import { printable, steeringEscaped } from '../../base/steering';

/** JSON in which everything that steers a terminal is written as `\u` and four digits: nothing is lost. */
export function printableJson(value: unknown): string {
  return `${steeringEscaped(JSON.stringify(value, null, 2))}\n`;
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
