/** Reads the date of each line of a batch, once for all the jails that read it. */
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import { ownText } from '../../base/own-text';
import { countOf, lineIn, type LogBatch } from '../../model/ticket';
import { isBracketed } from '../../regex/bracketed';
import { holdAscii } from '../../regex/run-v8';
import { type DatedLine, DateDetector, type EnclosedDate } from './date-detector';
import { DateGuard } from './date-guard';
import type { DateTemplate, FoundDate } from './date-template';
import type { DateOptions } from './date-key';
import { DateRuns } from './date-runs';
import { isBuiltIn, type WeightedTemplate, templatesOf } from './date-templates';
import { enclosedDate, hasOtherDate, NEAR_BEGIN } from './enclosed-date';
import { Beginning, Bracketed, KnownDate, type ReadDate } from './known-date';
import { zoneOffset } from './time-zone';

export interface LineDate {
  /** The line is `before + date + after`; a line without a date of its own may bear the one of the line before it. */
  readonly before: string;
  readonly date: string;
  readonly after: string;
  /** Seconds since the epoch; null when there is none, or when the text could not be converted. */
  readonly time: number | null;
  /** False when the line itself bears no date that could be converted. */
  readonly dated: boolean;
  /** The line matched a template that takes no text for its date, and was given that of the line before it. */
  readonly carried?: true;
  /** Of a line that was given the date of the one before it: its own text around a date that could not be converted. */
  readonly unread?: { readonly before: string; readonly date: string; readonly after: string };
  /** True when a zone was named, in the line or by logtimezone: Python then counts in whole numbers. */
  readonly zoned: boolean;
  /** The date cannot be read at all (a zone that nobody knows): the line is to be passed over. */
  readonly failed?: string;
}

export interface DateReader {
  /** The date of line `index` of the batch. Each line is looked at once, in the order of the lines. */
  read(index: number): LineDate;
  /** The date that line `index` is known to have in common with others; null when it had to be read. */
  known?(index: number): KnownDate | null;
  /**
   * The lines, in order, whose date is not the one that is known of the line before them. Those left out have that date; or have none, nor is there
   * one before them that would serve for them: for such a line nothing is to be done, unless it matches.
   */
  changes?(): readonly number[];
}

/** Dates of one source; knows what its lines looked like so far. */
export interface DateStream {
  /** A reader of the next batch of this source. @param now seconds since the epoch */
  open(batch: LogBatch, now: number): DateReader;
  /** Seconds since the epoch of one line, apart from any batch; null when it has none. */
  timeOf(line: string, now: number): number | null;
  /** The templates in their present order with their hits. */
  readonly detector: DateDetector;
}

/** Whether the line's time stands in its own text. */
export function hasOwnDate({ dated, date, carried }: LineDate): boolean {
  return dated && date !== '' && carried !== true;
}

/** Seconds for which the date of one line still serves the undated lines that follow it. */
const LAST_DATE_SERVES = 60;

/** The default templates all have a clock with colons, or a run of digits; other letters may be digits of other scripts. */
const COULD_BE_DATED = /\d:\d|\d{6}|(?![\0-\x7f])\p{Nd}/u;

/** A log in which so many lines bore no date may have none: what looks for the want of dates has to be compiled first. */
const SEVERAL = 1;

/** A line without a date that need not be read for that. */
const UNDATED = Symbol('undated');
const UNREAD = { before: '', date: '', time: null, dated: false, zoned: false } as const;

type Looked = KnownDate | LineDate | typeof UNDATED;
/** What is known of the line before one. */
type Before = Looked | null;

class SourceDates implements DateStream {
  readonly detector: DateDetector;
  /** The date that the last dated line has, when that is decided by a part of it. */
  private common: KnownDate | null = null;
  private enclosed: (EnclosedDate & { readonly text: string }) | null = null;
  private lastText = '';
  /** Lines without any date that were read for one. */
  private undatedLines = 0;
  private lastTime: number | null = null;
  private known: { template: DateTemplate; text: string; now: number; time: number | null; zoned: boolean } | null = null;

  constructor(
    templates: readonly WeightedTemplate[],
    private readonly zone: number | null,
    private readonly standard: boolean,
    private readonly logger: Logger,
    /** Bounds the time of a datepattern of somebody's own. */
    private readonly guard: DateGuard | null,
  ) {
    this.detector = new DateDetector(templates);
  }

  open(batch: LogBatch, now: number): DateReader {
    const dates = new DateRuns<Looked>();
    const changes: number[] = [];
    this.enclosed = null;
    const lookUpTo = (index: number, stops: (line: number) => boolean = () => false): boolean => {
      while (dates.length <= index) {
        const at = dates.length;
        if (stops(at)) return false;
        const date = this.lookSafely(batch, at, now, dates.last);
        const lines = date instanceof KnownDate ? this.linesAlike(batch, date, at, index + 1, now) : 1;
        if (dates.add(date, lines) && date !== UNDATED) changes.push(at);
      }
      return true;
    };
    const look = (index: number): Looked => {
      if (this.guard === null) lookUpTo(index);
      else if (dates.length <= index)
        this.guard.all(
          batch,
          (stops) => lookUpTo(countOf(batch) - 1, stops),
          () => void lookUpTo(Math.min(dates.length, countOf(batch) - 1)),
        );
      return dates.of(index);
    };
    return {
      read: (index) => {
        const found = look(index);
        if (found === UNDATED) return { ...UNREAD, after: lineIn(batch, index) };
        return found instanceof KnownDate ? found.of(lineIn(batch, index)) : found;
      },
      known: (index) => {
        const found = look(index);
        return found instanceof KnownDate ? found : null;
      },
      changes: () => {
        look(countOf(batch) - 1);
        return changes;
      },
    };
  }

  /** How many lines from one on, whose date is known, have the same. */
  private linesAlike({ block }: LogBatch, date: KnownDate, at: number, stop: number, now: number): number {
    if (block === undefined || date !== this.common || date.now !== now) return 1;
    const lines = date.linesInBlock(block, at, stop);
    this.detector.again(now, lines - 1);
    return lines;
  }

  /** A line that a regex gives up on is passed over, not those behind it. */
  private lookSafely(batch: LogBatch, index: number, now: number, before: Before): Looked {
    try {
      return this.lookAt(batch, index, now, before);
    } catch (error) {
      return { ...UNREAD, after: lineIn(batch, index), failed: messageOf(error) };
    }
  }

  private lookAt(batch: LogBatch, index: number, now: number, before: Before): Looked {
    const { block } = batch;
    const { common } = this;
    if (block !== undefined && common !== null && common.now === now && common.standsInBlock(block, index, before === common)) {
      this.detector.again(now, 1);
      return common;
    }
    const line = lineIn(batch, index);
    const time = batch.times?.[index];
    if (time !== undefined) return { before: '', date: '', after: line, time, dated: true, zoned: false };
    if (block === undefined && common !== null && this.isCommon(line, common, now)) return common;
    if (batch.ascii === true) {
      holdAscii(line);
      if (this.undatedLines >= SEVERAL && !this.serves(now) && this.detector.isSurelyUndated(line)) return UNDATED;
    }
    const date = this.dateOf(line, now);
    return this.common !== null && this.common !== common ? this.common : date;
  }

  /** Whether a line has the date of one before it; then it counts for the template. */
  private isCommon(line: string, common: KnownDate, now: number): boolean {
    if (common.now !== now || !common.standsIn(line)) return false;
    this.detector.again(now, 1);
    return true;
  }

  timeOf(line: string, now: number): number | null {
    let time: number | null = null;
    const work = (): void => void (time = this.plainTimeOf(line, now));
    if (this.guard === null) work();
    else this.guard.once(line, work);
    return time;
  }

  private plainTimeOf(line: string, now: number): number | null {
    if (this.common !== null && this.isCommon(line, this.common, now)) return this.common.time;
    const date = this.dateOf(line, now);
    return date.dated ? date.time : null;
  }

  private dateOf(line: string, now: number): LineDate {
    if (this.standard && !COULD_BE_DATED.test(line)) return this.undated('', line, now);
    const dated = this.findDate(line, now);
    if (dated === null) {
      this.undatedLines += 1;
      return this.undated('', line, now);
    }
    this.common = null;
    const { found, template } = dated;
    const recent = this.serves(now);
    if (found.from === found.to)
      return recent
        ? { before: '', date: this.lastText, after: line, time: this.lastTime, dated: true, carried: true, zoned: false }
        : { before: '', date: '', after: line, time: now, dated: true, zoned: false };
    const text = line.slice(found.from, found.to);
    const [before, after] = [line.slice(0, found.from), line.slice(found.to)];
    try {
      const time = this.convert(template, found, line, text, now);
      if (time !== null) {
        this.lastText = ownText(text);
        this.lastTime = time;
        const date = { before, date: text, after, time, dated: true, zoned: this.known?.zoned ?? false };
        this.remember(dated, line, date, now);
        return date;
      }
    } catch (error) {
      return {
        before,
        date: text,
        after,
        time: null,
        dated: false,
        zoned: false,
        failed: messageOf(error),
      };
    }
    this.logger.log('ERROR', 'fail2ban.filter', `findFailure failed to parse timeText: ${text}`);
    return this.undated(before, after, now, text);
  }

  /** The date that stood in brackets in a line before is looked for at once: access logs have it behind addresses of all lengths. */
  private findDate(line: string, now: number): DatedLine | null {
    const { enclosed } = this;
    if (enclosed !== null) {
      const at = line.indexOf(enclosed.text);
      if (at >= NEAR_BEGIN && !hasOtherDate(line, at, at + enclosed.text.length)) return this.detector.find(line, now, enclosed, at + 1);
    }
    const dated = this.detector.find(line, now);
    this.enclosed = dated === null || !this.standard ? null : enclosedDate(line, dated.found);
    return dated;
  }

  /** Whether the last date serves for lines that have none. */
  private serves(now: number): boolean {
    return this.lastTime !== null && now - this.lastTime < LAST_DATE_SERVES;
  }

  /**
   * Remembers a part of a line when that alone decides about its date: lines that have the same in this place bear the same date.
   * What a default template may still take behind its date (a year, a zone) is shorter than what is remembered of the text there.
   */
  private remember({ template, found }: DatedLine, line: string, date: ReadDate, now: number): void {
    if (this.standard && template.lineBegin) this.common = Beginning.in(line, found, date, now);
    else if (!this.standard && this.detector.isAnchored && isBracketed(template.regex)) this.common = Bracketed.in(line, date, now);
  }

  private undated(before: string, after: string, now: number, text = ''): LineDate {
    if (this.serves(now)) {
      const given = { before: '', date: this.lastText, after: before + text + after, time: this.lastTime, dated: false, zoned: false };
      return text === '' ? given : { ...given, unread: { before, date: text, after } };
    }
    return { before, date: text, after, time: null, dated: false, zoned: false };
  }

  /** Converts a date; the many lines of one second are converted once. */
  private convert(template: DateTemplate, found: FoundDate, line: string, text: string, now: number): number | null {
    const known = this.known;
    if (known !== null && known.text === text && known.now === now && known.template === template) return known.time;
    const time = template.timeOf(found, line, now, this.zone);
    const zoned = (this.zone !== null && template.pattern !== '') || template.isZoned(found);
    this.known = { template, text: ownText(text), now, time, zoned };
    return time;
  }
}

/**
 * Dates for one source.
 * @param now seconds since the epoch: decides which years are plausible
 * @throws DatePatternError, or PatternError for a pattern that is not a regular expression, or ZoneError for a wrong logtimezone
 */
export function createDateStream(options: DateOptions, now: number, logger: Logger): DateStream {
  const templates = templatesOf(options.datepattern, now);
  const standard = options.datepattern === null || /^\s*(?:\{\^LN-BEG\}|\{DEFAULT\})?\s*$/i.test(options.datepattern);
  if (!standard) for (const { template } of templates) template.find('');
  const zone = options.logtimezone === null ? null : zoneOffset(options.logtimezone);
  const guard = isBuiltIn(options.datepattern) ? null : new DateGuard(options.datepattern ?? '', templates, logger);
  return new SourceDates(templates, zone, standard, logger, guard);
}
