/**
 * Matches the lines of a batch in a bounded time. The first few are matched by our own matcher, which counts its steps, the others by V8 under a
 * deadline; behind a batch of which there were many, all are. A line that takes too long there is tried once more with counted steps; the regex that
 * was slow on it runs with them from then on, so that it holds up the engine once at most. After each such line others have their turn: what one
 * batch holds up is one deadline and those steps.
 */
import { doneInTime } from '../../base/deadline';
import { messageOf } from '../../base/errors';
import type { LineParts } from './line-buffer';
import type { LineMatcher } from './match-line';

/** Seconds that lines may hold up all others. */
export const DEADLINE = 0.2;
/** Each time that a deadline is missed in a batch, the next is half as long, down to this: all together they are bounded too. */
const SHORTEST = DEADLINE / 8;
/** Lines that cost about as much with counted steps as a deadline does: most batches have fewer that could match, and need none. */
export const FEW_LINES = 16;

/** A line that is to be matched. */
export interface Waiting {
  readonly line: LineParts;
}

/** The next line of a batch that is to be matched; null behind the last. Its place moves on only when it returns: what is ended in it begins there again. */
export type NextWaiting<W extends Waiting> = () => W | null;

export interface BoundedDeps<W extends Waiting, F> {
  readonly matcher: LineMatcher;
  /** What a line brings; null for nothing. It may be begun twice. */
  readonly search: (waiting: W) => F | null;
  /** Takes what a line brought, in one step: it may be begun twice. */
  readonly take: (waiting: W, found: F) => void;
  /** Told of a line that could not be matched. */
  readonly onError: (line: LineParts, message: string) => void;
  /** Told of a regex that is slow, the first time. */
  readonly onSlow: (regex: string, line: LineParts) => void;
}

export class BoundedMatching<W extends Waiting, F> {
  /** Why the last line could not be matched. */
  #error: string | null = null;
  /** Lines that are still matched with counted steps, and the next deadline. */
  #few = FEW_LINES;
  #seconds = DEADLINE;
  /** Lines of the batch that could match. */
  #count = 0;

  constructor(private readonly deps: BoundedDeps<W, F>) {}

  /** Begins with another batch. */
  begin(): void {
    // Batches of a busy log are alike: where many lines could match, the deadline is needed anyhow, and steps need not be counted as well.
    this.#few = this.#count > FEW_LINES ? 0 : FEW_LINES;
    this.#seconds = DEADLINE;
    this.#count = 0;
  }

  /**
   * Matches the lines of a batch in order, one after the other: what one leaves behind is there when the next is looked for.
   * @returns false behind a line that took too long: there are more, for another call
   */
  run(next: NextWaiting<W>): boolean {
    let waiting = next();
    for (; this.#few > 0 && waiting !== null && this.#inFewSteps(waiting); this.#few--) waiting = next();
    if (waiting === null) return true;
    this.#few = 0;
    return this.#inTime(waiting, next);
  }

  /** Whether a line was matched without taking many steps; nothing is done when it was not. */
  #inFewSteps(waiting: W): boolean {
    const { matcher } = this.deps;
    this.#error = null;
    let found: F | null | undefined = null;
    try {
      found = matcher.inFewSteps(() => this.deps.search(waiting));
    } catch (error) {
      this.#error = messageOf(error);
    }
    if (found === undefined) {
      matcher.forget(waiting.line);
      return false;
    }
    this.#finish(waiting, found);
    return true;
  }

  /** Whether all lines from the first on were matched in time; when one was not, those before it and itself are done. */
  #inTime(first: W, next: NextWaiting<W>): boolean {
    let waiting: W | null = first;
    let matched: W | null = null;
    let found: F | null = null;
    const inTime = doneInTime(this.#seconds, () => {
      for (; waiting !== null; waiting = next()) {
        found = this.#searched(waiting);
        matched = waiting;
        // Wherever the time is over now, this line is not matched again.
        waiting = null;
        this.#finish(matched, found);
        matched = null;
      }
    });
    if (inTime) return true;
    this.#seconds = Math.max(SHORTEST, this.#seconds / 2);
    // (What the work has assigned, TypeScript does not see.)
    const late = waiting as W | null;
    const begun = matched as W | null;
    if (begun !== null) this.#finish(begun, found);
    else if (late !== null) this.#carefully(late);
    return false;
  }

  #searched(waiting: W): F | null {
    this.#error = null;
    try {
      return this.deps.search(waiting);
    } catch (error) {
      this.#error = messageOf(error);
      return null;
    }
  }

  #finish(waiting: W, found: F | null): void {
    this.#count++;
    if (this.#error !== null) this.deps.onError(waiting.line, this.#error);
    else if (found !== null) this.deps.take(waiting, found);
  }

  /** The line that was being matched when the time was over. */
  #carefully(waiting: W): void {
    const { matcher, onSlow } = this.deps;
    matcher.forget(waiting.line);
    const slow = matcher.trying;
    const { outcome, isSlow } = matcher.counting(() => this.#searched(waiting), slow);
    if (isSlow) onSlow(slow?.source ?? '', waiting.line);
    this.#finish(waiting, outcome);
  }
}
