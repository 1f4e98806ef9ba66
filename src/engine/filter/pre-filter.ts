/** Makes one cheap test from the literals that a filter's regexes need, so that most lines never meet a regex. */
import type { FilterPatterns } from './match-line';

/** Says whether a text could match; never false for one that matches. */
export type PreFilter = (text: string) => boolean;

const everything: PreFilter = () => true;

/** More literals than this are no cheaper to look for than the regexes themselves. */
const MOST_LITERALS = 64;

const escapeLiteral = (literal: string): string => literal.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A test for «contains one of these»; null when the literals say nothing. */
function containsOneOf(literals: readonly string[] | null): PreFilter | null {
  if (literals === null || literals.length === 0 || literals.length > MOST_LITERALS) return null;
  if (literals.some((literal) => literal === '' || literal.includes('\n'))) return null;
  const only = literals[0];
  if (literals.length === 1 && only !== undefined) return (text) => text.includes(only);
  const any = new RegExp(literals.map(escapeLiteral).join('|'));
  return (text) => any.test(text);
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
  return failures === null ? prefix : (text) => prefix(text) && failures(text);
}
