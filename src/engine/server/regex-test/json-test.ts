/** Runs a filter over lines and prints for each, as a record of JSON, what a server would make of it; and at the end how the regexes fared. */
import type { Clock } from '../../../base/clock';
import { AppError } from '../../../base/errors';
import { silentLogger } from '../../../base/logger';
import type { Verdict } from '../../../model/explanation';
import type { FilterTestSummary, TestedLine } from '../../../model/filter-test';
import type { Problem } from '../../../model/problem';
import type { FilterConfig } from '../../filter/compile-filter';
import type { DateOptions } from '../../filter/date-key';
import { createDateStream, type DateStream, type LineDate } from '../../filter/date-reader';
import { failureOf, verdictOf } from '../../filter/explain-line';
import type { LineParts } from '../../filter/line-buffer';
import { dateSpan, hitSpans } from '../../filter/line-spans';
import { type Hit, LineMatcher, type LineOutcome } from '../../filter/match-line';
import type { LogLines } from './log-lines';
import { RecordWriter } from './record-writer';
import { timedPatterns, type TimedPatterns } from '../../filter/timed-patterns';

export interface JsonTest {
  readonly config: FilterConfig;
  readonly dates: DateOptions;
  readonly subject: FilterTestSummary['subject'];
  readonly problems: readonly Problem[];
  /** Null when the filter is broken: then no line is looked at. */
  readonly log: LogLines | null;
  /** Lines of each verdict that are told of. */
  readonly shown: number;
  /** Seconds after which no further line is looked at. */
  readonly seconds: number;
}

export interface JsonTestDeps {
  readonly write: (text: string) => void;
  readonly clock: Clock;
  readonly progress: ((percent: number) => void) | null;
}

/** A line that was judged and may still become part of a match over several lines. */
interface Judged {
  readonly line: string;
  readonly parts: LineParts;
  readonly dated: boolean;
  tested: TestedLine;
}

const NOTHING: LineOutcome = { hits: [], ignoredBy: [], prefix: null };

class JsonRun {
  readonly #patterns: TimedPatterns;
  readonly #matcher: LineMatcher;
  readonly #dates: DateStream;
  readonly #writer: RecordWriter;
  #waiting: Judged[] = [];

  constructor(
    readonly test: JsonTest,
    readonly deps: JsonTestDeps,
  ) {
    this.#writer = new RecordWriter(deps.write, test.shown);
    this.#patterns = timedPatterns(test.config, {
      clock: deps.clock,
      line: 0,
      onSlow: ({ option, index }, seconds) =>
        this.#writer.write({ record: 'slow', option, index, line: this.#patterns.watch.line, seconds }),
    });
    this.#matcher = new LineMatcher(this.#patterns.patterns);
    this.#dates = createDateStream(test.dates, deps.clock.now(), silentLogger);
  }

  async run(log: LogLines): Promise<void> {
    const { clock, progress } = this.deps;
    const began = clock.monotonic();
    let number = 0;
    let stopped: FilterTestSummary['stopped'] = 'end';
    reading: for await (const { lines, times, percent } of log.batches()) {
      for (const [index, line] of lines.entries()) {
        number += 1;
        if (line === '' || line.startsWith('#')) continue;
        if (clock.monotonic() - began > this.test.seconds) {
          stopped = 'time';
          break reading;
        }
        this.#judge(line, number, times?.[index]);
      }
      if (percent !== null) progress?.(percent);
    }
    for (const { tested } of this.#waiting) this.#writer.line(tested);
    this.#writer.write({ record: 'summary', ...this.#summary(log.skipped(), stopped, clock.monotonic() - began) });
  }

  #judge(given: string, number: number, time: number | undefined): void {
    const now = this.deps.clock.now();
    this.#patterns.watch.line = number;
    const date = this.#dateOf(given, now, time);
    const parts: LineParts = [date.before, date.date, date.after];
    const span = dateSpan(given, date);
    let outcome = NOTHING;
    let problem = date.failed ?? null;
    try {
      if (problem === null) outcome = this.#matcher.match(parts, now);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      problem = error.message;
    }
    const { prefregex, ignoreregex } = this.#patterns;
    if (prefregex !== null && outcome.prefix !== null) prefregex.hits += 1;
    for (const index of outcome.ignoredBy) ignoreregex[index]!.hits += 1;
    const missed = prefregex !== null && outcome.prefix === null;
    const verdict = problem === null ? verdictOf(date.time, missed, outcome) : 'error';
    const judged: Judged = {
      line: given,
      parts,
      dated: span !== null,
      tested: {
        number,
        text: given,
        cut: false,
        verdict,
        time: date.time,
        date: span,
        address: null,
        user: null,
        failure: null,
        ignoreregex: outcome.ignoredBy[0] ?? null,
        problem,
      },
    };
    this.#waiting.push(judged);
    for (const hit of outcome.hits) this.#took(hit, outcome, verdict, date.time);
    while (this.#waiting.length >= this.#patterns.patterns.maxlines) this.#writer.line((this.#waiting.shift() as Judged).tested);
  }

  /** Notes a hit at the line that it was found at, and at the lines before it that it took too. */
  #took(hit: Hit, outcome: LineOutcome, verdict: Verdict, time: number | null): void {
    this.#patterns.failregex[hit.regexIndex]!.hits += 1;
    for (const judged of this.#waiting) {
      if (!hit.lines.includes(judged.parts)) continue;
      const spans = hitSpans(hit, outcome.prefix, judged.parts, judged.dated);
      judged.tested = { ...judged.tested, ...spans, verdict, failure: failureOf(hit, time) };
    }
  }

  #dateOf(line: string, now: number, time: number | undefined): LineDate {
    if (time !== undefined) return { before: '', date: '', after: line, time, dated: true, zoned: false };
    return this.#dates.open({ source: '', lines: [line], inOperation: false }, now).read(0);
  }

  #summary(skipped: number, stopped: FilterTestSummary['stopped'], seconds: number): FilterTestSummary {
    const dates = this.#dates.detector.tally().flatMap(({ template, hits }) => (hits > 0 ? [{ name: template.name, hits }] : []));
    return {
      ...this.#writer.totals(),
      subject: this.test.subject,
      skipped,
      stopped,
      seconds,
      regexes: this.#patterns.tested(),
      dates,
      problems: this.test.problems,
    };
  }
}

/**
 * Prints the records of a test; the summary is the last.
 * @returns whether the filter could be tried
 */
export async function jsonTest(test: JsonTest, deps: JsonTestDeps): Promise<boolean> {
  const { subject, problems, log } = test;
  if (log !== null) {
    await new JsonRun(test, deps).run(log);
    return true;
  }
  const writer = new RecordWriter(deps.write, 0);
  const nothing = { skipped: 0, stopped: 'end', seconds: 0, regexes: [], dates: [] } as const;
  writer.write({ record: 'summary', ...writer.totals(), ...nothing, subject, problems });
  return false;
}
