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

/** Formats by language and name, made once: to make one takes longer than to use it a hundred times. */
const made = new Map<string, unknown>();

function once<T>(language: string, name: string, make: () => T): T {
  const key = `${language} ${name}`;
  const known = made.get(key) as T | undefined;
  if (known !== undefined) return known;
  const format = make();
  // Languages are the few that pages are written in; what asks for others must not fill the memory.
  if (made.size >= MOST_FORMATS) made.clear();
  made.set(key, format);
  return format;
}

const MOST_FORMATS = 200;

function formatDate(time: number, language: string, name: string, options: Intl.DateTimeFormatOptions): string {
  return once(language, name, () => new Intl.DateTimeFormat(language, options)).format(time * 1000);
}

/** A number with the separators of the language. */
export function formatNumber(value: number, language: string): string {
  return once(language, 'number', () => new Intl.NumberFormat(language)).format(value);
}

/** Date and time in the server's zone with the zone's name, for the title of a time. */
export function formatFullTime(time: number, language: string): string {
  return formatDate(time, language, 'full', { dateStyle: 'medium', timeStyle: 'long' });
}

/** Date and time in the server's zone, short, with a 24-hour clock. */
export function formatTime(time: number, language: string): string {
  return formatDate(time, language, 'time', {
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
  return formatDate(time, language, 'hour', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}

/** For the `datetime` attribute. */
export function isoTime(time: number): string {
  return new Date(time * 1000).toISOString();
}

/** Only the day, `Nov 25`, in the server's zone. */
export function formatDay(time: number, language: string): string {
  return formatDate(time, language, 'day', { month: 'short', day: 'numeric' });
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
  return once(language, 'country', () => new Intl.DisplayNames([language], { type: 'region', fallback: 'code' })).of(code) ?? code;
}
