/** Explains lines stage by stage, as the filter of a configuration judges them: date, prefregex, each failregex, ignoreregex, what is found. */
import { messageOf } from '../../base/errors';
import { createLogger } from '../../base/logger';
import type { ExplainedDate, ExplainedFailure, ExplainedRegex, LineExplanation, Verdict } from '../../model/explanation';
import type { JailConfig } from '../../model/jail-config';
import { PatternExplainer } from '../../regex/explain';
import type { Pattern } from '../../regex/pattern';
import { writtenColumn } from '../../regex/tag-columns';
import { textOf } from './captured';
import type { FilterConfig } from './compile-filter';
import { createDateStream, type DateStream, type LineDate } from './date-reader';
import { LineBuffer, type LineParts } from './line-buffer';
import { type FilterPatterns, type Hit, LineMatcher, type LineOutcome } from './match-line';

type ExplainConfig = FilterConfig & Pick<JailConfig, 'datepattern' | 'logtimezone'>;

/** Longer ones are not explained to their end. */
const MAX_LINE = 16_384;

/** A filter of which lines are explained; what that takes is made once of each regex. */
export class ExplainedFilter {
  private readonly explainers = new Map<Pattern, PatternExplainer>();

  /** @param patterns the compiled configuration */
  constructor(
    readonly config: ExplainConfig,
    readonly patterns: FilterPatterns,
  ) {}

  /** @param written as it stands in the file */
  regex(pattern: Pattern, written: string, text: string, multiline: boolean): ExplainedRegex {
    const explainer = this.explainers.get(pattern) ?? new PatternExplainer(pattern.source, { multiline });
    this.explainers.set(pattern, explainer);
    const { matched, furthest, patternColumn, complete } = explainer.explain(text);
    const column = writtenColumn(written, patternColumn, { usedns: this.patterns.usedns });
    const groups = matched ? (pattern.search(text)?.groups() ?? {}) : {};
    const taken = Object.entries(groups).filter((group): group is [string, string] => group[1] !== null && group[0] !== '__proto__');
    return { regex: written, matched, furthest, column, complete, groups: Object.fromEntries(taken) };
  }
}

export class LineExplainer {
  private readonly dates: DateStream;
  private readonly matcher: LineMatcher;
  private readonly buffer: LineBuffer;

  /** Keeps sessions and the last lines as a filter does: one explainer for the lines of one log. */
  constructor(
    private readonly filter: ExplainedFilter,
    now: number,
  ) {
    const { config, patterns } = filter;
    this.dates = createDateStream(
      config,
      now,
      createLogger(() => undefined),
    );
    this.matcher = new LineMatcher(patterns);
    this.buffer = new LineBuffer(patterns.maxlines);
  }

  /**
   * @param now seconds since the epoch
   * @param time of a line of the journal, where no date is looked for in the text
   */
  explain(given: string, now: number, time?: number): LineExplanation {
    const line = given.slice(0, MAX_LINE);
    const { date, parts } = this.dateOf(line, now, time);
    this.buffer.add(parts);
    const text = this.buffer.text();
    try {
      const outcome = this.matcher.match(parts, now);
      this.forget(outcome);
      return this.explanation(line, date, text, outcome);
    } catch (error) {
      const nothing: LineOutcome = { hits: [], ignoredBy: [], prefix: null };
      return { ...this.explanation(line, { ...date, problem: messageOf(error) }, text, nothing), verdict: 'error' };
    }
  }

  private explanation(line: string, date: ExplainedDate, text: string, outcome: LineOutcome): LineExplanation {
    const { filter } = this;
    const { config: written, patterns } = filter;
    const { prefregex, failregex, ignoreregex } = patterns;
    const prefix = prefregex === null ? null : filter.regex(prefregex, written.prefregex, text, false);
    const content = contentOf(text, prefix);
    const multiline = patterns.maxlines > 1;
    const tried = (list: readonly Pattern[], sources: readonly string[], searched: string | null, lines: boolean): ExplainedRegex[] =>
      searched === null ? [] : list.map((pattern, index) => filter.regex(pattern, sources[index] ?? '', searched, lines));
    const hit = outcome.hits[0];
    return {
      line,
      date,
      text,
      prefregex: prefix,
      content,
      failregex: tried(failregex, written.failregex, content, multiline),
      ignoreregex: tried(ignoreregex, written.ignoreregex, content ?? text, false),
      verdict: verdictOf(date.time, prefix !== null && !prefix.matched, outcome),
      failure: hit === undefined ? null : failureOf(hit, date.time),
    };
  }

  private dateOf(line: string, now: number, time: number | undefined): { readonly date: ExplainedDate; readonly parts: LineParts } {
    if (time !== undefined) return { date: { text: '', template: null, time, problem: null }, parts: ['', '', line] };
    const before = new Map(this.dates.detector.tally().map(({ template, hits }) => [template, hits]));
    const read = this.dates.open({ source: '', lines: [line], inOperation: false }, now).read(0);
    const used = this.dates.detector.tally().find(({ template, hits }) => hits !== before.get(template));
    const template = used?.template.name ?? null;
    return {
      date: { text: template === null ? '' : read.date, template, time: read.time, problem: problemOf(read, template) },
      parts: [read.before, read.date, read.after],
    };
  }

  /** Lines that a match took are not searched again. */
  private forget({ hits }: LineOutcome): void {
    const taken = new Set(hits.flatMap(({ lines }) => lines));
    this.buffer.keep(this.buffer.all().filter((parts) => !taken.has(parts)));
  }
}

function problemOf(read: LineDate, template: string | null): string | null {
  if (read.failed !== undefined) return read.failed;
  return template !== null && !read.dated ? `the date cannot be read: ${read.date}` : null;
}

/** Null when the failregexes have nothing to search. */
function contentOf(text: string, prefix: ExplainedRegex | null): string | null {
  if (prefix === null) return text;
  if (!prefix.matched) return null;
  const content = prefix.groups['content'] ?? '';
  return content === '' ? text : `${content}\n`;
}

/** What came of a line. @param prefixMissed there is a prefregex, and it does not match */
export function verdictOf(time: number | null, prefixMissed: boolean, { hits, ignoredBy }: LineOutcome): Verdict {
  const [hit] = hits;
  if (ignoredBy.length > 0) return 'ignored';
  if (prefixMissed) return 'prefix-missed';
  if (hit === undefined) return 'missed';
  if (hit.nofail) return 'no-failure';
  if (hit.identity.kind === 'none' || hit.identity.kind === 'unresolved') return 'no-id';
  return time === null ? 'no-date' : 'counted';
}

/** Who failed. */
export function failureOf({ regexIndex, identity, data }: Hit, time: number | null): ExplainedFailure {
  const known = identity.kind === 'id' ? identity : null;
  return {
    failregex: regexIndex,
    id: known?.id ?? null,
    address: known?.address ?? null,
    dns: identity.kind === 'dns' ? identity.name : null,
    user: textOf(data, 'user'),
    session: textOf(data, 'mlfid'),
    time,
  };
}
