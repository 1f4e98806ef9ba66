/** Measures how long the failregexes of a jail take, on a sample of its lines, so that the other lines are not slowed. */
import type { Clock } from '../../base/clock';
import type { JailConfig } from '../../model/jail-config';
import type { JailHealth } from '../../model/health';
import { compileFilter } from '../filter/compile-filter';
import type { FilterPatterns } from '../filter/match-line';

/** One line in so many is measured. */
export const SAMPLE_EVERY = 256;
/** How much a new measurement counts in the average. */
const WEIGHT = 0.25;
/** Characters of a line that are measured. */
const LONGEST = 2000;

export class RegexSampler {
  #config: JailConfig | null = null;
  #patterns: FilterPatterns | null = null;
  #microseconds: number[] = [];
  #lines = 0;

  constructor(readonly clock: Pick<Clock, 'monotonic'>) {}

  /** Whether one of these lines is due to be measured. */
  isDue(lines: number): boolean {
    this.#lines += lines;
    if (this.#lines < SAMPLE_EVERY) return false;
    this.#lines = 0;
    return true;
  }

  /** @param text a line without its date */
  measure(config: JailConfig, text: string): void {
    if (config !== this.#config) {
      this.#config = config;
      this.#patterns = compileFilter(config).patterns;
      this.#microseconds = [];
    }
    const { prefregex, failregex } = this.#patterns ?? { prefregex: null, failregex: [] };
    let searched = `${text.slice(0, LONGEST)}\n`;
    if (prefregex !== null) {
      const prefix = prefregex.search(searched);
      const content = prefix !== null && prefregex.groupNames.includes('content') ? prefix.group('content') : null;
      if (content !== null) searched = `${content}\n`;
    }
    for (const [index, pattern] of failregex.entries()) {
      const began = this.clock.monotonic();
      try {
        pattern.test(searched);
      } catch {
        // a budget that was spent: how long that took is what is asked
      }
      const taken = (this.clock.monotonic() - began) * 1e6;
      const before = this.#microseconds[index];
      this.#microseconds[index] = before === undefined ? taken : before + WEIGHT * (taken - before);
    }
  }

  get slowest(): JailHealth['slowestRegex'] {
    if (this.#microseconds.length === 0) return null;
    const microseconds = Math.max(...this.#microseconds);
    return { failregex: this.#microseconds.indexOf(microseconds), microseconds: Math.round(microseconds * 100) / 100 };
  }
}
