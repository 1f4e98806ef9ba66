/** A span of time as people give it in a form: `3600`, `1h`, `1w 2d`, `-1` or «for ever», in fail2ban's own spelling. */
import { DurationError, parseDuration } from '../../base/duration';

/** Ten years: more is for ever. */
const LONGEST = 10 * 365 * 86400;

/** Seconds; -1 for ever; null for what is none, and for spans below a second. */
export function durationOf(text: string): number | null {
  const seconds = read(text);
  if (seconds === null || seconds === -1) return seconds;
  return seconds >= 1 && seconds <= LONGEST ? Math.round(seconds) : null;
}

function read(text: string): number | null {
  try {
    return parseDuration(text);
  } catch (error) {
    if (error instanceof DurationError) return null;
    throw error;
  }
}
