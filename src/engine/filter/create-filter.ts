/** Makes a jail's LineFilter from its configuration: lines in, failures out. */
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import type { Failure, LogBatch } from '../../model/ticket';
import { BoundedMatching } from './bounded-matching';
import { ticketData } from './captured';
import { compileFilter, type FilterConfig } from './compile-filter';
import { dateKeyOf, type DateReader, hasOwnDate, type LineDate } from './date-reader';
import type { KnownDate } from './known-date';
import { type LineParts, textOfParts } from './line-buffer';
import type { LineFilter } from './line-filter';
import { type FilterPatterns, type Hit, LineMatcher } from './match-line';
import { type OddDate, PlausibleTime } from './plausible-time';
import { LookedFor, type WantedLines } from './looked-for';
import { createPreFilter, type PreFilter } from './pre-filter';
import { QuietLines } from './quiet-lines';

export interface FilterDeps {
  readonly logger: Logger;
}

/** The regexes of a filter as they run: with their tags expanded. */
export interface RunningRegexes {
  readonly prefregex: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
}

export type CreatedFilter =
  | { readonly filter: LineFilter; readonly regexes: RunningRegexes; readonly problems: null }
  | { readonly filter: null; readonly problems: readonly Problem[] };

type LineFilterConfig = FilterConfig & Pick<JailConfig, 'datepattern' | 'logtimezone' | 'findtime'>;

/** A failure of each hit that names somebody; a name that must be resolved first is one with `id` null. */
export function failureOf(hit: Hit, time: number): Failure | null {
  if (hit.nofail) return null;
  const { regexIndex, matches, identity } = hit;
  if (identity.kind !== 'id' && identity.kind !== 'dns') return null;
  const data = ticketData(hit.data);
  if (identity.kind === 'dns') return { regexIndex, time, id: null, dns: identity.name, data, matches };
  return { regexIndex, time, id: identity.id, dns: null, data, matches };
}

function addFailures(hits: readonly Hit[], time: number, failures: Failure[]): void {
  for (const hit of hits) {
    const failure = failureOf(hit, time);
    if (failure !== null) failures.push(failure);
  }
}

/** A line around the date that it counts with: its own, the odd one before it while that serves, or none. */
function partsOf(date: LineDate, odd: OddDate | null): LineParts {
  const { before, after, unread } = date;
  if (odd === null) return [before, date.date, after];
  if (odd.text === '' && unread !== undefined) return [unread.before, unread.date, unread.after];
  return date.time !== null ? [before, odd.text, after] : ['', odd.text, before + date.date + after];
}

/** Where a filter is in a batch. */
interface Pass {
  readonly batch: LogBatch;
  readonly dates: DateReader;
  readonly now: number;
  readonly failures: Failure[];
  /** The date that was known of the last line, and the time with which such lines count. */
  common: KnownDate | null;
  time: number | null;
}

class RegexFilter implements LineFilter {
  readonly dateKey: string;
  private readonly matcher: LineMatcher;
  private readonly matching: BoundedMatching;
  private readonly preFilter: PreFilter;
  private readonly lookedFor: LookedFor;
  private quiet: QuietLines | 'none' | null = null;
  private readonly plausible: PlausibleTime;

  constructor(
    private readonly config: LineFilterConfig,
    private readonly patterns: FilterPatterns,
    private readonly logger: Logger,
  ) {
    this.dateKey = dateKeyOf(config);
    this.matcher = new LineMatcher(patterns);
    this.matching = new BoundedMatching({
      matcher: this.matcher,
      onError: (line, message) => this.complain(line.join(''), message),
      onSlow: (regex, line) => this.tellSlow(regex, line.join('')),
    });
    this.preFilter = createPreFilter(patterns);
    this.lookedFor = new LookedFor(this.preFilter.literals);
    this.plausible = new PlausibleTime(config.name, config.findtime, logger);
  }

  mayMatch(text: string): boolean {
    return this.preFilter.test(text);
  }

  get literals(): readonly string[] | null {
    return this.preFilter.literals;
  }

  process(batch: LogBatch, dates: DateReader, now: number): readonly Failure[] {
    const failures: Failure[] = [];
    this.visitAll({ batch, dates, now, failures, common: null, time: null });
    this.matching.run();
    return failures;
  }

  /** Looks at the lines in order; those that could match wait in `matching`. */
  private visitAll(at: Pass): void {
    const { batch, dates } = at;
    const { block } = batch;
    const wanted = block === undefined ? null : this.lookedFor.linesIn(block);
    if (block === undefined || wanted === null || dates.changes === undefined) {
      const { lines } = batch;
      for (let index = 0; index < lines.length; index++) this.visit(at, index, lines[index] as string, false);
      return;
    }
    // Between these lines nothing happens: no literal stands in them, and what is known of their dates is known already.
    const changes = dates.changes();
    const { lines: wantedLines } = wanted;
    let [change, want, all] = [0, 0, false];
    for (let index = 0; index < block.length; index++) {
      while (change < changes.length && (changes[change] as number) < index) change++;
      while (want < wantedLines.length && (wantedLines[want] as number) < index) want++;
      if (!all) index = Math.min(changes[change] ?? block.length, wantedLines[want] ?? block.length);
      if (index >= block.length) break;
      const line = block.line(index);
      const isWanted = wantedLines[want] === index;
      if (isWanted && at.common !== null && dates.known?.(index) === at.common && this.isQuiet(wanted, want, line, at.common)) continue;
      this.visit(at, index, line, isWanted && this.preFilter.byLiterals);
      all = at.common !== null && this.couldSpan(at.common);
    }
  }

  /** @param passed whether the pre-filter let the line pass already */
  private visit(at: Pass, index: number, line: string, passed: boolean): void {
    const { batch, dates, now, failures } = at;
    try {
      const common = dates.known === undefined ? null : dates.known(index);
      if (common === null) this.processLine(dates.read(index), line, batch, now, failures);
      else {
        // Lines with the same date count with one time.
        if (common !== at.common) at.time = this.plausible.timeFor(common.of(line), batch.source, batch.inOperation, now);
        if (at.time !== null && (passed || this.preFilter.test(line) || this.couldSpan(common)))
          this.match(common.partsOf(line), at.time, now, batch.ascii ?? false, failures);
      }
      at.common = common;
    } catch (error) {
      at.common = null;
      this.complain(line, messageOf(error));
    }
  }

  /** Whether a line that has the same date as the one before it may be passed over, for all that it could be leaves no trace. */
  private isQuiet(wanted: WantedLines, want: number, line: string, common: KnownDate): boolean {
    const quiet = (this.quiet ??= QuietLines.of(this.patterns, this.literals) ?? 'none');
    if (quiet === 'none' || common.left !== '' || !quiet.isQuiet(wanted, want, line)) return false;
    // Lines that wait to be matched may begin sessions.
    return !quiet.inSessions || (!this.matching.waits && !this.matcher.mayKeepStartOf(common.partsOf(line)[2]));
  }

  private couldSpan({ left, right }: KnownDate): boolean {
    return left !== '' && this.preFilter.couldSpan(left, right);
  }

  /**
   * The pre-filter's answer for a line without its date, mostly without cutting it out.
   * @param before what stands before the date, and the first sign behind it
   */
  private couldMatch(line: string, before: string, behind: string): boolean {
    return this.preFilter.test(line) || (before !== '' && this.preFilter.couldSpan(before.charAt(before.length - 1), behind));
  }

  private match(line: LineParts, time: number, now: number, ascii: boolean, failures: Failure[]): void {
    this.matching.add({
      line,
      search: () => {
        const { hits } = this.matcher.matchFailures(line, now, ascii);
        return hits.length === 0 ? null : () => addFailures(hits, time, failures);
      },
    });
  }

  private processLine(
    date: LineDate,
    raw: string,
    { source, inOperation, ascii = false }: LogBatch,
    now: number,
    failures: Failure[],
  ): void {
    const odd = hasOwnDate(date) ? null : this.plausible.oddBefore(source, date.time !== null, now);
    const line = partsOf(date, odd);
    if (date.failed !== undefined) {
      this.complain(line.join(''), date.failed);
      return;
    }
    const time = odd?.time ?? this.plausible.timeFor(date, source, inOperation, now);
    const whole = hasOwnDate(date);
    if (whole && !this.couldMatch(raw, date.before, date.after.charAt(0))) return;
    const text = textOfParts(line);
    if (!whole && !this.preFilter.test(text)) return;
    if (time === null) {
      if (date.time !== null) return;
      this.matching.add({
        line,
        search: () => (this.matcher.hold(line, text) ? () => this.plausible.undated(text, now) : null),
      });
      return;
    }
    if (date.dated) {
      this.match(line, time, now, ascii, failures);
      return;
    }
    this.matching.add({
      line,
      search: () => {
        const { hits } = this.matcher.match(line, now);
        if (hits.length === 0) return null;
        return () => {
          this.plausible.undated(text, now);
          addFailures(hits, time, failures);
        };
      },
    });
  }

  private tellSlow(regex: string, line: string): void {
    const { name } = this.config;
    const shown = `'${regex.slice(0, 300)}' on the line: ${line.slice(0, 300)}`;
    this.logger.log('WARNING', 'fail2ban.filter', `[${name}] A regex took too long and runs with a limit of steps from now on: ${shown}`);
  }

  private complain(line: string, message: string): void {
    const { name } = this.config;
    this.logger.log('ERROR', 'fail2ban.filter', `[${name}] Failed to process line: ${line.slice(0, 1000)}, caught exception: ${message}`);
  }
}

/**
 * A filter for a jail; or, for a configuration with regexes that are wrong, all its Problems with option and column.
 * The filter keeps state over its batches (sessions, the last lines of `maxlines`): one jail, one filter.
 */
export function createLineFilter(config: LineFilterConfig, deps: FilterDeps): CreatedFilter {
  const compiled = compileFilter(config);
  if (compiled.patterns === null) return { filter: null, problems: compiled.problems };
  const { prefregex, failregex, ignoreregex } = compiled.patterns;
  const regexes: RunningRegexes = {
    prefregex: prefregex?.source ?? '',
    failregex: failregex.map(({ source }) => source),
    ignoreregex: ignoreregex.map(({ source }) => source),
  };
  return { filter: new RegexFilter(config, compiled.patterns, deps.logger), regexes, problems: null };
}
