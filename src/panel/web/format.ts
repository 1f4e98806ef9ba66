/** Durations and times as people read them: pure functions from seconds to text. */
import type { MessageKey, MessageParams } from './messages';

type Say = (key: MessageKey, params?: MessageParams) => string;

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

/** The largest two units of a span of seconds: `42 s`, `3 min`, `2 h 5 min`, `6 d 23 h`. */
export function formatDuration(seconds: number, say: Say): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return say('duration.seconds', { count: whole });
  if (whole < HOUR) return say('duration.minutes', { count: Math.floor(whole / MINUTE) });
  const [unit, big, small, smallUnit] =
    whole < DAY
      ? ([HOUR, 'duration.hours', 'duration.minutes', MINUTE] as const)
      : ([DAY, 'duration.days', 'duration.hours', HOUR] as const);
  const rest = Math.floor((whole % unit) / smallUnit);
  const text = say(big, { count: Math.floor(whole / unit) });
  return rest === 0 ? text : `${text} ${say(small, { count: rest })}`;
}

/** How long ago: `now`, `5 s ago`, `2 h 5 min ago`. */
export function formatAgo(seconds: number, say: Say): string {
  return seconds < 1 ? say('duration.now') : say('duration.ago', { duration: formatDuration(seconds, say) });
}

/** Date and time in the server's zone with the zone's name, for the title of a time. */
export function formatFullTime(time: number, language: string): string {
  return new Date(time * 1000).toLocaleString(language, { dateStyle: 'medium', timeStyle: 'long' });
}

/** Date and time in the server's zone, short, with a 24-hour clock. */
export function formatTime(time: number, language: string): string {
  return new Date(time * 1000).toLocaleString(language, {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
}

/** Only the hour, `14:00`, in the server's zone. */
export function formatHour(time: number, language: string): string {
  return new Date(time * 1000).toLocaleString(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** For the `datetime` attribute. */
export function isoTime(time: number): string {
  return new Date(time * 1000).toISOString();
}

/** Only the day, `Nov 25`, in the server's zone. */
export function formatDay(time: number, language: string): string {
  return new Date(time * 1000).toLocaleDateString(language, { month: 'short', day: 'numeric' });
}

const BYTE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size in bytes with a unit of which it has at least one: `512 byte`, `1.4 MB`. */
export function formatBytes(bytes: number, language: string): string {
  const step = bytes < 1000 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const unit = BYTE_UNITS[step];
  return (bytes / 1000 ** step).toLocaleString(language, {
    style: 'unit',
    unit: unit ?? 'byte',
    maximumFractionDigits: step === 0 ? 0 : 1,
  });
}

/** The name of a country by its ISO 3166 code; the code itself where it is unknown, '' for none. */
export function nameOfCountry(code: unknown, language: string): string {
  if (typeof code !== 'string' || !/^[A-Z]{2}$/.test(code)) return '';
  return new Intl.DisplayNames([language], { type: 'region', fallback: 'code' }).of(code) ?? code;
}
