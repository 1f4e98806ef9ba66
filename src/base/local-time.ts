/** Seconds since the epoch to the machine's local date and time as text, and back. */

const two = (value: number): string => String(value).padStart(2, '0');
const LAST = '9999-12-31 23:59:59';

/** The last two seconds asked for: the lines of a log are told in one, and come from another. */
let newer = { second: NaN, text: '' };
let older = newer;

/** `YYYY-MM-DD HH:MM:SS` in local time, fractions cut off; beyond the year 9999 the last second of that year. */
export function formatLocalTime(seconds: number): string {
  const second = Math.floor(seconds);
  if (second === newer.second) return newer.text;
  if (second === older.second) return older.text;
  older = newer;
  newer = { second, text: textOf(second) };
  return newer.text;
}

function textOf(second: number): string {
  const date = new Date(second * 1000);
  const year = date.getFullYear();
  if (Number.isNaN(year) || year > 9999) return LAST;
  const day = `${String(year).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

const PATTERN = /^(\d{4})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)$/;

/** Seconds since the epoch of a local `YYYY-MM-DD HH:MM:SS`; the first one where clocks were turned back; null for what is no such date. */
export function parseLocalTime(text: string): number | null {
  const match = PATTERN.exec(text);
  if (match === null) return null;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match.slice(1).map(Number);
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return null;
  const date = new Date(2000, 0, 1);
  date.setFullYear(year, month - 1, day);
  date.setHours(hour, minute, second, 0);
  return date.getMonth() === month - 1 ? date.getTime() / 1000 : null;
}
