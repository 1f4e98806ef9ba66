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
/** Lines that are matched under one deadline: mostly some milliseconds of work. */
const AT_ONCE = 2000;

/** What is to be done with what a line brought; null for nothing. */
type Outcome = (() => void) | null;

/** A line that is to be matched. */
export interface Waiting {
  readonly line: LineParts;
  readonly search: () => Outcome;
}

export interface BoundedDeps {
  readonly matcher: LineMatcher;
  /** Told of a line that could not be matched. */
  readonly onError: (line: LineParts, message: string) => void;
  /** Told of a regex that is slow, the first time. */
  readonly onSlow: (regex: string, line: LineParts) => void;
}

export class BoundedMatching {
  #waiting: Waiting[] = [];

  constructor(private readonly deps: BoundedDeps) {}

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** Whether there are lines that wait. */
  get waits(): boolean {
    return this.#waiting.length > 0;
  }

  /** Matches all that waits, in order. */
  run(): void {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    let at = 0;
    while (at < lines.length) {
      const slice = lines.slice(at, at + AT_ONCE);
      const outcomes: Outcome[] = [];
      const inTime = doneInTime(DEADLINE, () => {
        for (const waiting of slice) outcomes.push(this.#tried(waiting));
      });
      const late = inTime ? undefined : slice[outcomes.length];
      if (late !== undefined) outcomes.push(this.#carefully(late));
      for (const act of outcomes) act?.();
      at += outcomes.length;
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
