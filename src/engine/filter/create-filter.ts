/** Makes a jail's LineFilter from its configuration: lines in, failures out. */
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { JailConfig } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import type { CapturedData, Failure, LogBatch } from '../../model/ticket';
import { BatchWalk } from './batch-walk';
import { BoundedMatching } from './bounded-matching';
import type { Captured } from './captured';
import { compileFilter, type FilterConfig } from './compile-filter';
import { dateKeyOf } from './date-key';
import { type DateReader, hasOwnDate, type LineDate } from './date-reader';
import type { HeldLines } from './held-lines';
import type { KnownDate } from './known-date';
import { type LineParts, textOfParts } from './line-buffer';
import type { LineFilter, Piece } from './line-filter';
import { type FilterPatterns, type Hit, LineMatcher } from './match-line';
import { type OddDate, PlausibleTime } from './plausible-time';
import { LookedFor } from './looked-for';
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

/** A failure whose data is made when it is asked for: that of one who is counted already never is. */
class FilterFailure implements Failure {
  readonly #captured: Captured;
  readonly regexIndex: number;
  readonly matches: Failure['matches'];

  constructor(
    { regexIndex, data, matches }: Hit,
    readonly time: number,
    readonly id: string | null,
    readonly dns: string | null,
  ) {
    this.regexIndex = regexIndex;
    this.#captured = data.asItIs();
    this.matches = matches;
  }

  get data(): CapturedData {
    return this.#captured.toTicket();
  }
}

/** A failure of each hit that names somebody; a name that must be resolved first is one with `id` null. */
function failureOf(hit: Hit, time: number): Failure | null {
  const { nofail, identity } = hit;
  if (nofail) return null;
  if (identity.kind === 'id') return new FilterFailure(hit, time, identity.id, null);
  return identity.kind === 'dns' ? new FilterFailure(hit, time, null, identity.name) : null;
}

/** A line that could match. */
interface LineToMatch {
  readonly line: LineParts;
  /** With which its failures count, seconds since the epoch; null for a line that is only held for later ones. */
  readonly time: number | null;
  /** Whether it bears a date that could be converted: else a failure of it is told. */
  readonly dated: boolean;
}

/** A line around the date that it counts with: its own, the odd one before it while that serves, or none. */
function partsOf(date: LineDate, odd: OddDate | null): LineParts {
  const { before, after, unread } = date;
  if (odd === null) return [before, date.date, after];
  if (odd.text === '' && unread !== undefined) return [unread.before, unread.date, unread.after];
  return date.time !== null ? [before, odd.text, after] : ['', odd.text, before + date.date + after];
}

class RegexFilter implements LineFilter {
  readonly dateKey: string;
  readonly slow: string[] = [];
  private readonly matcher: LineMatcher;
  private readonly matching: BoundedMatching<LineToMatch, readonly Hit[]>;
  private readonly preFilter: PreFilter;
  private readonly lookedFor: LookedFor;
  private quiet: QuietLines | 'none' | null = null;
  private readonly plausible: PlausibleTime;
  /** The batch that is matched: its failures so far, seconds since the epoch, whether it is of ASCII only. */
  private failures: Failure[] = [];
  private now = 0;
  private ascii = false;

  constructor(
    private readonly config: LineFilterConfig,
    private readonly patterns: FilterPatterns,
    private readonly logger: Logger,
  ) {
    this.dateKey = dateKeyOf(config);
    this.matcher = new LineMatcher(patterns);
    this.matching = new BoundedMatching({
      matcher: this.matcher,
      search: (waiting) => this.search(waiting),
      take: (waiting, hits) => this.take(waiting, hits),
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

  get held(): HeldLines {
    return this.matcher.held;
  }

  process(batch: LogBatch, dates: DateReader, now: number): readonly Failure[] {
    return [...this.pieces(batch, dates, now)].flatMap(({ failures }) => failures);
  }

  *pieces(batch: LogBatch, dates: DateReader, now: number): Generator<Piece> {
    this.now = now;
    this.ascii = batch.ascii ?? false;
    const walk = new BatchWalk(batch, dates, now, this.lookedFor);
    this.matching.begin();
    for (let isLast = false; !isLast;) {
      const failures: Failure[] = [];
      this.failures = failures;
      isLast = this.matching.run(() => this.next(walk));
      yield { failures, isLast };
    }
  }

  /** The next line that could match. What is ended in here begins at the same line again. */
  private next(walk: BatchWalk): LineToMatch | null {
    while (walk.find()) {
      const waiting = this.visit(walk);
      walk.index++;
      if (waiting !== null) return waiting;
    }
    return null;
  }

  /** The line at which the walk is, if it could match. */
  private visit(walk: BatchWalk): LineToMatch | null {
    const { batch, dates, now, index, isWanted } = walk;
    try {
      const common = dates.known === undefined ? null : dates.known(index);
      if (isWanted && common !== null && common === walk.common && this.isQuiet(walk, common)) return null;
      const { line } = walk;
      walk.inAnyCase = common !== null && this.couldSpan(common);
      if (common === null) {
        walk.common = null;
        return this.withItsDate(dates.read(index), line, batch, now);
      }
      // Lines with the same date count with one time.
      if (common !== walk.common) walk.time = this.plausible.timeFor(common.of(line), batch.source, batch.inOperation, now);
      walk.common = common;
      const passed = isWanted && this.preFilter.byLiterals;
      if (walk.time === null || !(passed || this.preFilter.test(line) || walk.inAnyCase)) return null;
      return { line: common.partsOf(line), time: walk.time, dated: true };
    } catch (error) {
      walk.common = null;
      walk.inAnyCase = false;
      this.complain(walk.line, messageOf(error));
      return null;
    }
  }

  /** Whether a line that has the same date as the one before it may be passed over, for all that it could be leaves no trace. */
  private isQuiet(walk: BatchWalk, common: KnownDate): boolean {
    const quiet = (this.quiet ??= QuietLines.of(this.patterns, this.literals) ?? 'none');
    if (quiet === 'none' || common.left !== '' || !walk.isQuiet(quiet)) return false;
    if (!quiet.inSessions || !this.matcher.keepsSessions) return true;
    const { block, index } = walk;
    if (block === undefined) return false;
    return !this.matcher.mayKeepAt(block.textOf(index), block.startOf(index) + common.endIn(block, index), block.stopOf(index));
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

  private withItsDate(date: LineDate, raw: string, { source, inOperation }: LogBatch, now: number): LineToMatch | null {
    const odd = hasOwnDate(date) ? null : this.plausible.oddBefore(source, date.time !== null, now);
    const line = partsOf(date, odd);
    if (date.failed !== undefined) {
      this.complain(line.join(''), date.failed);
      return null;
    }
    const time = odd?.time ?? this.plausible.timeFor(date, source, inOperation, now);
    const whole = hasOwnDate(date);
    if (whole && !this.couldMatch(raw, date.before, date.after.charAt(0))) return null;
    if (!whole && !this.preFilter.test(textOfParts(line))) return null;
    if (time === null && date.time !== null) return null;
    return { line, time, dated: time !== null && date.dated };
  }

  /** The hits of a line; null for none. */
  private search({ line, time, dated }: LineToMatch): readonly Hit[] | null {
    if (time === null) return this.matcher.hold(line) ? [] : null;
    const hits = dated ? this.matcher.failuresIn(line, this.now, this.ascii) : this.matcher.match(line, this.now).hits;
    return hits.length === 0 ? null : hits;
  }

  /** All failures of a line at once, or none. */
  private take({ line, time, dated }: LineToMatch, hits: readonly Hit[]): void {
    if (!dated) this.plausible.undated(textOfParts(line), this.now);
    if (time === null) return;
    const [only] = hits;
    if (hits.length === 1 && only !== undefined) {
      const failure = failureOf(only, time);
      if (failure !== null) this.failures.push(failure);
      return;
    }
    const made = hits.map((hit) => failureOf(hit, time));
    this.failures.push(...made.filter((failure) => failure !== null));
  }

  private tellSlow(regex: string, line: string): void {
    const { name } = this.config;
    this.slow.push(regex);
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
