/** Makes the regexes of a filter with a stopwatch each, and at the end what is to be told of them. */
import type { TestedDanger, TestedRegex } from '../../model/filter-test';
import { findDanger } from '../../regex/danger';
import type { StepAllowance } from '../../regex/danger-line';
import { dangerMessage } from '../../regex/danger-message';
import type { Pattern } from '../../regex/pattern';
import { writtenColumn } from '../../regex/tag-columns';
import { compileFilter, type FilterConfig } from './compile-filter';
import type { FilterPatterns } from './match-line';
import { SLOW_TRY, type Stopwatch, TimedPattern } from './timed-pattern';

/** A regex is slow, too, when one try takes longer, seconds. */
const SLOW_ONCE = 0.1;
/** Steps that all lines together take which are tried for dangerous regexes. */
const TRY_STEPS = 5_000_000;

export interface TimedPatterns {
  readonly patterns: FilterPatterns;
  readonly prefregex: TimedPattern | null;
  readonly failregex: readonly TimedPattern[];
  readonly ignoreregex: readonly TimedPattern[];
  readonly watch: Stopwatch;
  /** How all of them fared. */
  tested(): readonly TestedRegex[];
}

/** @param config a configuration without mistakes. Throws an Error with the first of them for another one */
export function timedPatterns(config: FilterConfig, watch: Stopwatch): TimedPatterns {
  const plain = compileFilter(config);
  const exact = compileFilter(config, true);
  if (plain.patterns === null || exact.patterns === null) throw new Error(plain.problems?.[0]?.message ?? 'the filter is wrong');
  const timed = (option: TestedRegex['option'], ours: readonly Pattern[], placed: readonly Pattern[]): TimedPattern[] =>
    ours.map((pattern, index) => new TimedPattern(option, index, pattern, placed[index] ?? pattern, watch));
  const one = (pattern: Pattern | null): Pattern[] => (pattern === null ? [] : [pattern]);
  const [prefregex = null] = timed('prefregex', one(plain.patterns.prefregex), one(exact.patterns.prefregex));
  const failregex = timed('failregex', plain.patterns.failregex, exact.patterns.failregex);
  const ignoreregex = timed('ignoreregex', plain.patterns.ignoreregex, exact.patterns.ignoreregex);
  const written = { prefregex: [config.prefregex], failregex: config.failregex, ignoreregex: config.ignoreregex };
  const all = [...(prefregex === null ? [] : [prefregex]), ...failregex, ...ignoreregex];
  // V8 compiles a regex when it first runs: that is nobody's line's fault.
  for (const pattern of [plain.patterns, exact.patterns].flatMap((two) => [...two.failregex, ...two.ignoreregex, ...one(two.prefregex)]))
    pattern.search('');
  const { maxlines, usedns } = plain.patterns;
  return {
    patterns: { prefregex, failregex, ignoreregex, maxlines, usedns },
    prefregex,
    failregex,
    ignoreregex,
    watch,
    tested() {
      const allowance: StepAllowance = { steps: TRY_STEPS };
      return all.map((pattern) => fared(pattern, written[pattern.option][pattern.index] ?? '', config, allowance));
    },
  };
}

function fared(pattern: TimedPattern, regex: string, { usedns, maxlines }: FilterConfig, allowance: StepAllowance): TestedRegex {
  const { option, hits, tries, total, longest, longestLine, givenUp } = pattern;
  const multiline = option === 'failregex' && maxlines > 1;
  const danger = dangerOf(pattern.source, regex, multiline, usedns, allowance);
  const average = tries === 0 ? 0 : total / tries;
  return {
    option,
    regex,
    hits,
    tries,
    microseconds: inMicroseconds(average),
    longest: inMicroseconds(longest),
    longestLine,
    givenUp,
    slow: average > SLOW_TRY || longest > SLOW_ONCE || givenUp > 0,
    danger,
  };
}

const inMicroseconds = (seconds: number): number => Math.round(seconds * 1e8) / 100;

function dangerOf(expanded: string, regex: string, multiline: boolean, usedns: string, allowance: StepAllowance): TestedDanger | null {
  const found = findDanger(expanded, { multiline }, allowance);
  if (found === null) return null;
  const { kind, column, line } = found;
  const place = writtenColumn(regex, column, { usedns }) + 1;
  return { kind, message: dangerMessage(found), column: place, line: line?.text ?? null, length: line?.length ?? null };
}
