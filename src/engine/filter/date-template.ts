/** Makes from one date expression a template that finds its date in a line and says which time it means. Compiled at first use. */
import { bounded } from '../../regex/bound';
import { compilePattern } from '../../regex/compile';
import type { Pattern, PatternMatch } from '../../regex/pattern';
import { timeOfFields } from './date-convert';
import type { DateExpression } from './date-pattern';

export interface FoundDate {
  /** Offsets of the whole match, boundaries included. */
  readonly start: number;
  readonly end: number;
  /** Offsets of the text that is cut out of the line. */
  readonly from: number;
  readonly to: number;
  readonly field: (name: string) => string | null;
}

export interface DateTemplate {
  /** As `fail2ban-regex` shows it. */
  readonly name: string;
  /** The pattern it was made of; '' for the hand-made ones. */
  readonly pattern: string;
  readonly regex: string;
  readonly lineBegin: boolean;
  readonly lineEnd: boolean;
  readonly wordBegin: boolean;
  readonly wordEnd: boolean;
  /** Python's `search(text, from, to)`. */
  find(text: string, from?: number, to?: number): FoundDate | null;
  /**
   * Seconds since the epoch; null when such a date does not exist.
   * @throws ZoneError when the date names a zone that is not known
   */
  timeOf(found: FoundDate, text: string, now: number, zone: number | null): number | null;
  /** Whether the date says itself in which zone it is. */
  isZoned(found: FoundDate): boolean;
}

/** Where group 1 of a match lies. */
function cutOf(match: PatternMatch, wrapped: boolean): readonly [number, number] | null {
  if (!wrapped) return match.span(1);
  const text = match.group(1);
  return text === null ? null : [match.end - text.length, match.end];
}

/** What undated lines of some hundred signs take with the dearest pattern: none is passed over for those before it. */
const STEPS_PER_SIGN = 120;

/** Compiled expressions by their source: the default templates serve many sources and jails. */
const compiledBySource = new Map<string, Pattern>();
const MOST_COMPILED = 300;

function compileOnce(regex: string, wrapped: boolean): Pattern {
  const known = compiledBySource.get(regex);
  if (known !== undefined) return known;
  if (compiledBySource.size >= MOST_COMPILED) compiledBySource.clear();
  const pattern = compilePattern(regex, { offsets: !wrapped, leastPerSign: STEPS_PER_SIGN });
  compiledBySource.set(regex, pattern);
  return pattern;
}

/** Expressions that took too long: their searches count their steps. */
const slow = new Set<string>();

/** Has an expression run with a budget of steps from now on, in every template that is made of it. */
export function countStepsOf(regex: string): void {
  if (slow.size >= MOST_COMPILED) slow.clear();
  slow.add(regex);
}

/** Whether all expressions count their steps for now, and whether one of them took too many. */
let counting = false;
let overspent = false;

/** Does work with the steps of all searches for dates counted; whether one took too many, which it throws. */
export function countingDates(work: () => void): boolean {
  counting = true;
  overspent = false;
  try {
    work();
  } finally {
    counting = false;
  }
  return overspent;
}

function searchCounted(pattern: Pattern, text: string, from?: number, to?: number): PatternMatch | null {
  try {
    return bounded(pattern).search(text, from, to);
  } catch (error) {
    overspent = true;
    throw error;
  }
}

/** A function that finds an expression's date in a text; the expression is compiled when it is first called. */
export function lazyFinder(regex: string, wrapped: boolean): DateTemplate['find'] {
  let compiled: Pattern | null = null;
  return (text, from, to) => {
    compiled ??= compileOnce(regex, wrapped);
    if (slow.size > 0 && slow.has(regex)) compiled = bounded(compiled);
    const pattern = compiled;
    const match = counting ? searchCounted(pattern, text, from, to) : pattern.search(text, from, to);
    if (match === null) return null;
    const cut = cutOf(match, wrapped) ?? [match.start, match.start];
    return { start: match.start, end: match.end, from: cut[0], to: cut[1], field: fieldsOf(match, pattern) };
  };
}

function fieldsOf(match: PatternMatch, pattern: Pattern): FoundDate['field'] {
  return (name) => (pattern.groupNames.includes(name) ? match.group(name) : null);
}

/** A template of a `datepattern`. */
export function patternTemplate(expression: DateExpression, pattern: string): DateTemplate {
  const order = [...expression.regex.matchAll(/\(\?P<(\w+)>/g)].map(([, name = '']) => name);
  return {
    name: expression.name,
    pattern,
    regex: expression.regex,
    lineBegin: expression.lineBegin,
    lineEnd: expression.lineEnd,
    wordBegin: expression.wordBegin,
    wordEnd: expression.wordEnd,
    find: lazyFinder(expression.regex, expression.wrapped),
    timeOf: (found, _text, now, zone) => timeOfFields(found.field, now, zone, order),
    isZoned: (found) => (found.field('z') ?? found.field('Z')) !== null,
  };
}
