/** Searches with the regexes of a filter: tells which one is at work, and goes on with the others when one takes too many steps. */
import { AppError } from '../../base/errors';
import { bounded, searchWithin, stepsOf } from '../../regex/bound';
import type { Pattern, PatternMatch } from '../../regex/pattern';
import type { FilterPatterns } from './match-line';

/** A line on which a regex takes more steps is no ordinary one: the machine was not merely busy. */
const MANY_STEPS = 20_000;

const isOverspent = (error: unknown): error is AppError => error instanceof AppError && error.code === 'REGEX_BUDGET';

export class Searches {
  /** The regex that searches, or was searching when it was ended. */
  trying: Pattern | null = null;
  #overspent: AppError | null = null;
  /** Whether a search that takes many steps ends the work. */
  #few = false;

  /** Begins with a line. */
  begin(): void {
    this.#overspent = null;
  }

  /** @throws what kept a regex from being tried to its end */
  end(): void {
    if (this.#overspent !== null) throw this.#overspent;
  }

  /** What work brings during which no search takes many steps; undefined when one did, which ended the work. */
  inFewSteps<T>(work: () => T): T | undefined {
    this.#few = true;
    try {
      return work();
    } catch (error) {
      if (isOverspent(error)) return undefined;
      throw error;
    } finally {
      this.#few = false;
    }
  }

  search(pattern: Pattern, text: string): PatternMatch | null {
    this.trying = pattern;
    const found = this.#few ? searchWithin(pattern, text, MANY_STEPS) : pattern.search(text);
    this.trying = null;
    return found;
  }

  /** As `search`; null also for a pattern that took too many steps, which `end` throws. */
  find(pattern: Pattern, text: string): PatternMatch | null {
    try {
      return this.search(pattern, text);
    } catch (error) {
      if (this.#few || !isOverspent(error)) throw error;
      this.#overspent ??= error;
      return null;
    }
  }

  /** The index of the first pattern that matches a text; -1 when none does. */
  first(patterns: readonly Pattern[], text: string): number {
    const index = patterns.findIndex((pattern) => {
      this.trying = pattern;
      return this.#few ? searchWithin(pattern, text, MANY_STEPS) !== null : pattern.test(text);
    });
    this.trying = null;
    return index;
  }
}

export interface Counted<T> {
  readonly outcome: T;
  /** Whether the suspect took many steps. */
  readonly isSlow: boolean;
}

/** What work brings during which all regexes count their steps, and whether the suspect among them took many. */
export function countSteps<T>(work: () => T, suspect: Pattern | null): Counted<T> {
  const own = suspect === null ? null : bounded(suspect);
  if (own !== null) stepsOf(own);
  const outcome = work();
  return { outcome, isSlow: own !== null && own !== suspect && stepsOf(own) > MANY_STEPS };
}

/** The regexes, those that are wanted with their steps counted. */
export function withSteps(patterns: FilterPatterns, wanted: (pattern: Pattern) => boolean): FilterPatterns {
  const one = (pattern: Pattern): Pattern => (wanted(pattern) ? bounded(pattern) : pattern);
  const { prefregex, failregex, ignoreregex } = patterns;
  return {
    ...patterns,
    prefregex: prefregex === null ? null : one(prefregex),
    failregex: failregex.map(one),
    ignoreregex: ignoreregex.map(one),
  };
}
