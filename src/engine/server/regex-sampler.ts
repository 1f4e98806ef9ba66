/** Measures how long the failregexes of a jail take, on a sample of its lines, so that the other lines are not slowed. */
import type { Clock } from '../../base/clock';
import { doneInTime } from '../../base/deadline';
import type { JailConfig } from '../../model/jail-config';
import type { JailHealth } from '../../model/health';
import { DEADLINE } from '../filter/bounded-matching';
import { compileFilter } from '../filter/compile-filter';
import type { FilterPatterns } from '../filter/match-line';

/** One line in so many is measured. */
export const SAMPLE_EVERY = 256;
/** Seconds between two measurements at least: each takes a moment. */
const REST = 1;
/** How much a new measurement counts in the average. */
const WEIGHT = 0.25;
/** Stands for the prefregex among the indices. */
const PREFIX = -1;
/** Characters of a line that are measured. */
const LONGEST = 2000;

export class RegexSampler {
  #config: JailConfig | null = null;
  #patterns: FilterPatterns | null = null;
  #microseconds: number[] = [];
  #lines = 0;
  #restsUntil = -Infinity;
  /** Regexes that were ended on a line: they are not measured again. */
  readonly #tooSlow = new Set<number>();

  constructor(readonly clock: Pick<Clock, 'monotonic'>) {}

  /** Whether one of these lines is due to be measured. @param moment seconds of the monotonic clock */
  isDue(lines: number, moment: number): boolean {
    this.#lines += lines;
    if (this.#lines < SAMPLE_EVERY || moment < this.#restsUntil) return false;
    this.#lines = 0;
    this.#restsUntil = moment + REST;
    return true;
  }

  /** @param text a line without its date */
  measure(config: JailConfig, text: string): void {
    if (config !== this.#config) {
      this.#config = config;
      this.#patterns = compileFilter(config).patterns;
      this.#microseconds = [];
      this.#tooSlow.clear();
    }
    const { prefregex, failregex } = this.#patterns ?? { prefregex: null, failregex: [] };
    if (this.#tooSlow.has(PREFIX)) return;
    let index = PREFIX;
    let began = 0;
    const took = (): void => {
      const taken = (this.clock.monotonic() - began) * 1e6;
      const before = this.#microseconds[index];
      this.#microseconds[index] = before === undefined ? taken : before + WEIGHT * (taken - before);
    };
    const inTime = doneInTime(DEADLINE, () => {
      const searched = contentOf(prefregex, `${text.slice(0, LONGEST)}\n`);
      for (index = 0; index < failregex.length; index++) {
        if (this.#tooSlow.has(index)) continue;
        began = this.clock.monotonic();
        try {
          failregex[index]?.test(searched);
        } catch {
          // a budget that was spent: how long that took is what is asked
        }
        took();
      }
    });
    if (inTime || index === failregex.length) return;
    if (index !== PREFIX) took();
    this.#tooSlow.add(index);
  }

  get slowest(): JailHealth['slowestRegex'] {
    if (this.#microseconds.length === 0) return null;
    const microseconds = Math.max(...this.#microseconds);
    return { failregex: this.#microseconds.indexOf(microseconds), microseconds: Math.round(microseconds * 100) / 100 };
  }
}

/** What the prefregex leaves of a text. */
function contentOf(prefregex: FilterPatterns['prefregex'], text: string): string {
  const prefix = prefregex?.search(text) ?? null;
  const content = prefix !== null && prefregex?.groupNames.includes('content') === true ? prefix.group('content') : null;
  return content === null ? text : `${content}\n`;
}
