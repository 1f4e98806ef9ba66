/** A Pattern that measures how long its searches take, and remembers the worst; a machine that was busy with others is not counted. */
import type { Clock } from '../../base/clock';
import { AppError } from '../../base/errors';
import type { TestedRegex } from '../../model/filter-test';
import type { Pattern, PatternMatch } from '../../regex/pattern';

/** A try that took longer is told at once, seconds. */
const TELL_AFTER = 0.5;
/** A try is slow when it takes longer, seconds. One that seems so is made again, and the fastest counts. */
export const SLOW_TRY = 0.0005;
const MOST_REPEATS = 2;
/** Seconds that a regex may be given in all for tries made again. */
const REPEAT_SECONDS = 1;

/** What all the patterns of one test share. */
export interface Stopwatch {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Number of the line that is tried now. */
  line: number;
  /** Told of a try that took long. */
  readonly onSlow: (regex: TimedPattern, seconds: number) => void;
}

export class TimedPattern implements Pattern {
  readonly source: string;
  readonly groupNames: readonly string[];
  readonly groupCount: number;
  readonly way: 'v8' | 'own';
  readonly required: readonly string[] | null;
  readonly starts: readonly string[] | null;
  hits = 0;
  tries = 0;
  /** Seconds. */
  total = 0;
  longest = 0;
  longestLine: number | null = null;
  /** Lines on which it took more steps than it may. */
  givenUp = 0;
  #repeating = 0;

  /**
   * @param plain what a server would run: it is measured
   * @param exact the same with offsets: it is asked when the other has found something
   */
  constructor(
    readonly option: TestedRegex['option'],
    readonly index: number,
    private readonly plain: Pattern,
    private readonly exact: Pattern,
    private readonly watch: Stopwatch,
  ) {
    const { source, groupNames, groupCount, way, required, starts } = plain;
    this.source = source;
    this.groupNames = groupNames;
    this.groupCount = groupCount;
    this.way = way;
    this.required = required;
    this.starts = starts;
  }

  search(text: string, from?: number, to?: number): PatternMatch | null {
    const found = this.#timed(() => this.plain.search(text, from, to));
    return found === null ? null : this.exact.search(text, from, to);
  }

  test(text: string): boolean {
    return this.#timed(() => this.plain.test(text));
  }

  #timed<T>(work: () => T): T {
    let fastest = Infinity;
    try {
      for (let repeats = 0; ; repeats++) {
        const began = this.watch.clock.monotonic();
        let found: T;
        try {
          found = work();
        } finally {
          const took = this.watch.clock.monotonic() - began;
          if (repeats > 0) this.#repeating += took;
          fastest = Math.min(fastest, took);
        }
        if (fastest <= SLOW_TRY || repeats === MOST_REPEATS || this.#repeating >= REPEAT_SECONDS) return found;
      }
    } catch (error) {
      if (error instanceof AppError && error.code === 'REGEX_BUDGET') this.givenUp += 1;
      throw error;
    } finally {
      this.#took(fastest);
    }
  }

  #took(seconds: number): void {
    this.tries += 1;
    this.total += seconds;
    if (this.longestLine === null || seconds > this.longest) {
      this.longest = seconds;
      this.longestLine = this.watch.line;
    }
    if (seconds > TELL_AFTER) this.watch.onSlow(this, seconds);
  }
}
