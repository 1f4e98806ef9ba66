/** Decides which time a line counts with: its own, now when its own is odd, or none when it is too old (reference 2.4). */
import { formatDuration } from '../../base/duration';
import type { Logger } from '../../base/logger';
import { hasOwnDate, type LineDate } from './date-reader';

const ODD_SECONDS = 60;
const WARN_EVERY = 86400;
/** Seconds for which an odd date serves the undated lines that follow it. */
const ODD_SERVES = 60;
/** An hour less five minutes: less than that is a slow log rather than a wrong time zone. */
const LATENCY_SECONDS = 3300;

const LOGGER = 'fail2ban.filter';

type Warning = 'odd' | 'old' | 'undated';

const lineOf = (date: LineDate): string => date.before + date.date + date.after;

/** A date in operation that was so odd that it was taken for «now». */
export interface OddDate {
  readonly source: string;
  readonly text: string;
  /** The «now» of that line, seconds since the epoch. */
  readonly time: number;
}

export class PlausibleTime {
  private odd: OddDate | null = null;
  private readonly warned = new Map<Warning, number>();

  /**
   * @param jail whose name the warnings bear
   * @param findtime seconds: history older than this counts for nothing
   */
  constructor(
    private readonly jail: string,
    private readonly findtime: number,
    private readonly logger: Logger,
  ) {}

  /**
   * Seconds since the epoch with which a line counts; null when it does not count.
   * @param source where the line comes from
   * @param inOperation whether the line is new, not history
   */
  timeFor(date: LineDate, source: string, inOperation: boolean, now: number): number | null {
    const { time } = date;
    if (time === null) return inOperation ? now : null;
    if (inOperation) {
      const odd = Math.abs(time - now) > ODD_SECONDS;
      if (hasOwnDate(date)) this.odd = odd ? { source, text: date.date, time: now } : null;
      if (!odd) return Math.min(time, now);
      this.warnOdd(time - now, lineOf(date), now);
      return now;
    }
    if (time < now - this.findtime) {
      this.warn('old', now, [
        `Ignoring all log entries older than ${this.findtime}s; these are probably messages generated while fail2ban was not running.`,
        `Please check a jail for a timing issue. Line with odd timestamp: ${lineOf(date)}`,
      ]);
      return null;
    }
    return Math.min(time, now);
  }

  /**
   * What serves an undated line behind an odd date of the same source: for a while that date, then none; null when there is none before it.
   * @param carried whether the date that the line was given is one before it
   */
  oddBefore(source: string, carried: boolean, now: number): OddDate | null {
    const odd = this.odd;
    if (odd === null || odd.source !== source) return null;
    if (now - odd.time < ODD_SERVES) return odd;
    return carried ? { source, text: '', time: now } : null;
  }

  /** A line matched, but bears no date. */
  undated(line: string, now: number): void {
    this.warn('undated', now, [`Found a match but no valid date/time found for ${line}`]);
  }

  private warnOdd(delta: number, line: string, now: number): void {
    const side = delta > 0 ? 'after' : 'before';
    const reason = delta < 0 && delta >= -LATENCY_SECONDS ? 'latency' : 'timezone';
    this.warn('odd', now, [
      `Detected a log entry ${formatDuration(Math.abs(Math.trunc(delta)))} ${side} the current time in operation mode. ` +
        `This looks like a ${reason} problem. Treating such entries as if they just happened.`,
      `Please check a jail for a timing issue. Line with odd timestamp: ${line}`,
    ]);
  }

  private warn(kind: Warning, now: number, messages: readonly string[]): void {
    if (now - (this.warned.get(kind) ?? -Infinity) < WARN_EVERY) return;
    this.warned.set(kind, now);
    for (const message of messages) this.logger.log('WARNING', LOGGER, `[${this.jail}] ${message}`);
  }
}
