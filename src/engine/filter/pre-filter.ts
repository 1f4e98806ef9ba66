/** Makes one cheap test from the literals that a filter's regexes need, so that most lines never meet a regex. */
import type { FilterPatterns } from './match-line';

/** Never says no to a text that matches. */
export interface PreFilter {
  /** Literals of which a text must contain one to pass; null when there are none to look for. */
  readonly literals: readonly string[] | null;
  /** Whether a text with one of the literals passes for sure. */
  readonly byLiterals: boolean;
  /** Whether a text could match. */
  test(text: string): boolean;
  /** Whether a literal could come about where `left` and `right` meet, when what stood between them is cut out. */
  couldSpan(left: string, right: string): boolean;
}

/** More literals than this are no cheaper to look for than the regexes themselves. */
const MOST_LITERALS = 400;

const everything: PreFilter = { literals: null, byLiterals: false, test: () => true, couldSpan: () => true };

const escapeLiteral = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A test for «contains one of these»; null when the literals say nothing. */
function containsOneOf(literals: readonly string[] | null): PreFilter | null {
  if (literals === null || literals.length === 0 || literals.length > MOST_LITERALS) return null;
  if (literals.some((literal) => literal === '' || literal.includes('\n'))) return null;
  let lastPair = '';
  let lastAnswer = literals.some((literal) => literal.includes(lastPair));
  const couldSpan: PreFilter['couldSpan'] = (left, right) => {
    const pair = left + right;
    if (pair !== lastPair) {
      lastPair = pair;
      lastAnswer = literals.some((literal) => literal.includes(pair));
    }
    return lastAnswer;
  };
  const only = literals[0];
  if (literals.length === 1 && only !== undefined) return { literals, byLiterals: true, test: (text) => text.includes(only), couldSpan };
  const any = new RegExp(literals.map(escapeLiteral).join('|'));
  return { literals, byLiterals: true, test: (text) => any.test(text), couldSpan };
}

/** The literals of which one must be there for any of the failregexes; null when one of them needs none. */
function literalsOfAny(patterns: FilterPatterns): readonly string[] | null {
  const found = new Set<string>();
  for (const pattern of patterns.failregex) {
    if (pattern.required === null) return null;
    for (const literal of pattern.required) found.add(literal);
  }
  return [...found].filter((literal) => ![...found].some((other) => other !== literal && literal.includes(other)));
}

/** The pre-filter of a filter's regexes. Filters over several lines have none: a line may match only together with later ones. */
export function createPreFilter(patterns: FilterPatterns): PreFilter {
  if (patterns.maxlines > 1) return everything;
  const prefix = containsOneOf(patterns.prefregex?.required ?? null);
  const failures = containsOneOf(literalsOfAny(patterns));
  if (prefix === null) return failures ?? everything;
  if (failures === null) return prefix;
  return {
    literals: failures.literals,
    byLiterals: false,
    test: (text) => failures.test(text) && prefix.test(text),
    couldSpan: (left, right) => prefix.couldSpan(left, right) || failures.couldSpan(left, right),
  };
}
