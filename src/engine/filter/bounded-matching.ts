/**
 * Matches the lines of a batch in a bounded time. A line that takes too long is tried once more by our own matcher, which counts its steps;
 * the regex that was slow on it runs there from then on, so that it holds up the engine once at most.
 */
import { doneInTime } from '../../base/deadline';
import { messageOf } from '../../base/errors';
import type { LineParts } from './line-buffer';
import type { LineMatcher } from './match-line';

/** Seconds that lines may hold up all others. */
export const DEADLINE = 0.2;
/** Each time that a deadline is missed in a batch, the next is half as long, down to this: all together they are bounded too. */
const SHORTEST = DEADLINE / 8;

/** What is to be done with what a line brought, in one step: it may be begun twice; null for nothing. */
type Outcome = (() => void) | null;

/** A line that is to be matched. */
export interface Waiting {
  readonly line: LineParts;
  readonly search: () => Outcome;
}

/** The next line of a batch that is to be matched; null behind the last. Its place moves on only when it returns: what is ended in it begins there again. */
export type NextWaiting = () => Waiting | null;

export interface BoundedDeps {
  readonly matcher: LineMatcher;
  /** Told of a line that could not be matched. */
  readonly onError: (line: LineParts, message: string) => void;
  /** Told of a regex that is slow, the first time. */
  readonly onSlow: (regex: string, line: LineParts) => void;
}

export class BoundedMatching {
  constructor(private readonly deps: BoundedDeps) {}

  /** Matches all lines in order, one after the other: what one leaves behind is there when the next is looked for. */
  run(next: NextWaiting): void {
    // Most batches have none, and need no deadline.
    let waiting = next();
    let outcome: Outcome = null;
    for (let seconds = DEADLINE; waiting !== null; seconds = Math.max(SHORTEST, seconds / 2)) {
      const inTime = doneInTime(seconds, () => {
        for (; waiting !== null; waiting = next()) {
          outcome = this.#tried(waiting);
          // Wherever the time is over now, this line is not matched again.
          waiting = null;
          outcome?.();
          outcome = null;
        }
      });
      if (inTime) return;
      // (What the work has assigned, TypeScript does not see.)
      const late = waiting as Waiting | null;
      const begun = outcome as Outcome;
      outcome = null;
      if (begun !== null) begun();
      else if (late !== null) this.#carefully(late)?.();
      waiting = next();
    }
  }

  #tried({ line, search }: Waiting): Outcome {
    try {
      return search();
    } catch (error) {
      return () => this.deps.onError(line, messageOf(error));
    }
  }

  /** The line that was being matched when the time was over. */
  #carefully(waiting: Waiting): Outcome {
    const { matcher, onSlow } = this.deps;
    matcher.forget(waiting.line);
    const slow = matcher.trying;
    const { outcome, isSlow } = matcher.counting(() => this.#tried(waiting), slow);
    if (isSlow) onSlow(slow?.source ?? '', waiting.line);
    return outcome;
  }
}
