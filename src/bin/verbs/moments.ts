/** A moment on the command line: `2026-11-26`, `2026-11-26 14:30`, or how long ago: `2h`, `7d`. */
import { DurationError, parseDuration } from '../../base/duration';
import { quoted, wrong } from './items';

const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d))?)?$/;

/** Seconds since the epoch, by the local clock. @throws AppError BAD_ARGUMENT that names the option */
export function momentOf(option: string, text: string, now: number): number {
  const right = `${option} takes a date such as 2026-11-26 or '2026-11-26 14:30', or how long ago: 2h, 7d`;
  const parts = DATE.exec(text)?.slice(1);
  if (parts !== undefined) {
    const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map((part) => Number((part as string | undefined) ?? 0));
    const date = new Date(year, month - 1, day, hour, minute, second);
    const same = date.getMonth() === month - 1 && date.getDate() === day && hour < 24 && minute < 60 && second < 60;
    if (!same) throw wrong(`${right}; there is no ${quoted(text)}`);
    return date.getTime() / 1000;
  }
  try {
    const ago = parseDuration(text);
    if (ago >= 0) return now - ago;
  } catch (error) {
    if (!(error instanceof DurationError)) throw error;
  }
  throw wrong(`${right}; not ${quoted(text)}`);
}
