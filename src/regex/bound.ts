/** Makes of a pattern that V8 runs the same one that our own matcher runs, whose steps are counted. */
import type { Pattern, PatternMatch } from './pattern';
import { OwnPattern } from './run-own';
import { RegExpPattern } from './run-v8';

const made = new WeakMap<Pattern, Pattern>();

/** The pattern with a budget of steps; one that has it already as it is. */
export function bounded(pattern: Pattern): Pattern {
  if (!(pattern instanceof RegExpPattern)) return pattern;
  let own = made.get(pattern);
  if (own === undefined) made.set(pattern, (own = new OwnPattern(pattern.source, pattern.tree, undefined, pattern.leastPerSign)));
  return own;
}

/**
 * Searches with a pattern's steps counted, whichever way it runs.
 * @throws AppError REGEX_BUDGET when more are needed
 */
export function searchWithin(pattern: Pattern, text: string, steps: number): PatternMatch | null {
  return (bounded(pattern) as OwnPattern).searchWithin(text, steps);
}

/** Steps that the last searches of a pattern took, since this was last asked; 0 where nobody counts. */
export function stepsOf(pattern: Pattern): number {
  return pattern instanceof OwnPattern ? pattern.takeSteps() : 0;
}
