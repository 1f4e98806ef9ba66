/** Runs a filter over lines one by one and counts what came of them. */
import type { Logger } from '../../../base/logger';
import { isoLocalTime } from './iso-time';
import type { MatchedLine } from '../../../model/ticket';
import { matchedText } from '../../../model/ticket';
import { type Captured, type CapturedMap, isSet } from '../../filter/captured';
import type { DateStream, LineDate } from '../../filter/date-reader';
import { type FilterPatterns, type Hit, LineMatcher } from '../../filter/match-line';

/** Addresses of a host name; none when it has none. */
export type Resolve = (name: string) => Promise<readonly string[]>;

/** A failure that was found: one per address. `id` is null when nobody is named yet. */
export interface Found {
  readonly id: string | null;
  /** What the id was when it is a captured tuple, for printing. */
  readonly tuple: readonly string[] | null;
  readonly time: number | null;
  /** False when the text named a zone: such times are whole numbers to Python. */
  readonly local: boolean;
  readonly data: CapturedMap;
  readonly matches: readonly MatchedLine[];
  readonly nofail: boolean;
}

/** Hits of one regex. */
export interface RegexCount {
  hits: number;
  /** Who and when, kept only when asked for. */
  readonly found: { readonly id: string | null; readonly time: number | null }[];
}

export interface RunOptions {
  readonly checkAll: boolean;
  /** Whether each hit's address and time is kept. */
  readonly keepFound: boolean;
  /** Lines of each kind that are kept for printing. */
  readonly keepLines: { readonly matched: number; readonly missed: number; readonly ignored: number };
}

const SHOWN_PREFIXES = 20;

/** The date of a line of the journal as the stock program shows it before the line. */
function journalDate(text: string, time: number): LineDate {
  return { before: '', date: `${isoLocalTime(time)} `, after: text, time, dated: true, zoned: false };
}

export class RegexRun {
  readonly failregex: RegexCount[];
  readonly ignoreregex: RegexCount[];
  prefixes = 0;
  /** What the prefregex captured, for the first lines. */
  readonly shownPrefixes: CapturedMap[] = [];
  readonly counts = { lines: 0, matched: 0, missed: 0, ignored: 0 };
  readonly kept: { readonly matched: string[]; readonly missed: string[]; readonly ignored: string[] } = {
    matched: [],
    missed: [],
    ignored: [],
  };
  private readonly matcher: LineMatcher;

  constructor(
    patterns: FilterPatterns,
    readonly dates: DateStream,
    private readonly options: RunOptions,
    private readonly resolve: Resolve,
    private readonly logger: Logger,
  ) {
    this.matcher = new LineMatcher(patterns, { checkAll: options.checkAll, keepUnset: true });
    const count = (): RegexCount => ({ hits: 0, found: [] });
    this.failregex = patterns.failregex.map(count);
    this.ignoreregex = patterns.ignoreregex.map(count);
  }

  /**
   * Counts one line and returns the failures in it.
   * @param now seconds since the epoch
   * @param time of a line of the journal, seconds since the epoch: no date is looked for in its text
   */
  async line(given: string, now: number, time?: number): Promise<readonly Found[]> {
    if (given === '' || given.startsWith('#')) return [];
    this.counts.lines += 1;
    const date =
      time === undefined ? this.dates.open({ source: '', lines: [given], inOperation: false }, now).read(0) : journalDate(given, time);
    const text = time === undefined ? given : date.date + given;
    if (date.failed !== undefined) {
      this.logger.log('ERROR', 'fail2ban.filter', `Failed to process line: ${text.slice(0, 1000)}, caught exception: ${date.failed}`);
      this.count('missed', text);
      return [];
    }
    const outcome = this.matcher.match([date.before, date.date, date.after], now);
    if (outcome.prefix !== null) this.countPrefix(this.matcher.prefixData(outcome.prefix));
    for (const index of outcome.ignoredBy) {
      const count = this.ignoreregex[index];
      if (count !== undefined) count.hits += 1;
    }
    const found: Found[] = [];
    for (const hit of outcome.hits) {
      if (!this.options.checkAll && hit.nofail && isSet(hit.data, 'mlfid')) continue;
      found.push(...(await this.found(hit, date.time, !date.zoned, now)));
    }
    const ignored = outcome.ignoredBy.length > 0 || found.some(({ nofail }) => nofail);
    if (ignored) this.count('ignored', text);
    else if (found.length === 0) this.count('missed', text);
    else {
      for (const hit of outcome.hits) this.recount(hit, text);
      this.count('matched', text);
    }
    return ignored ? [] : found.filter(({ id }) => id !== null);
  }

  private countPrefix(prefix: Captured): void {
    this.prefixes += 1;
    if (this.shownPrefixes.length <= SHOWN_PREFIXES) this.shownPrefixes.push(prefix.toMap());
  }

  private async found(hit: Hit, time: number | null, local: boolean, now: number): Promise<readonly Found[]> {
    const { identity, nofail, matches } = hit;
    const fid = hit.data.get('fid');
    const tuple = Array.isArray(fid) ? (fid as readonly string[]) : null;
    let ids: readonly (string | null)[] = [];
    if (identity.kind === 'id') ids = [identity.id];
    else if (identity.kind === 'none') ids = [null];
    else if (identity.kind === 'dns') ids = await this.resolve(identity.name);
    const count = this.failregex[hit.regexIndex];
    if (count !== undefined) {
      count.hits += ids.length;
      if (this.options.keepFound) count.found.push(...ids.map((id) => ({ id, time: time ?? now })));
    }
    return ids.map((id) => ({ id, tuple, time, local, data: hit.data.toMap(), matches, nofail }));
  }

  /** Earlier lines that were missed when they came belong to a match over several lines. */
  private recount(hit: Hit, text: string): void {
    for (const parts of hit.lines.slice(0, -1)) {
      const line = matchedText(parts);
      const at = line === text ? -1 : this.kept.missed.lastIndexOf(line);
      if (at === -1) continue;
      this.kept.missed.splice(at, 1);
      this.counts.missed -= 1;
      this.count('matched', line);
    }
  }

  private count(kind: 'matched' | 'missed' | 'ignored', text: string): void {
    this.counts[kind] += 1;
    if (this.kept[kind].length < this.options.keepLines[kind]) this.kept[kind].push(text);
  }
}
