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
