/**
 * Bounds the time that a datepattern takes: work that takes too long is ended, and the line tried once more with counted steps. A pattern that
 * often takes too many has them counted from then on.
 */
import { doneInTime } from '../../base/deadline';
import type { Logger } from '../../base/logger';
import { countOf, type LogBatch } from '../../model/ticket';
import { DEADLINE } from './bounded-matching';
import { countingDates, countStepsOf } from './date-template';
import type { WeightedTemplate } from './date-templates';

const MOST_SLOW = 3;
/**
 * A few short lines need no guard, which costs some hundred microseconds: what grows with the square of a line's length is done with them at
 * once, and patterns that explode count their steps anyway. (Thousands of small logs are looked at when a server starts.)
 */
const SHORT = 512;
const FEW = 32;
/** Each deadline that is missed makes the next of the same work half as long, down to this. */
const SHORTEST = DEADLINE / 8;

export class DateGuard {
  #slow = 0;

  constructor(
    private readonly datepattern: string,
    private readonly templates: readonly WeightedTemplate[],
    private readonly logger: Logger,
  ) {}

  /**
   * Does work until it is done.
   * @param all begins with the next line each time
   * @param one does the next line alone
   */
  all(all: () => void, one: () => void): void {
    for (let seconds = DEADLINE; !doneInTime(seconds, all); seconds = Math.max(SHORTEST, seconds / 2)) this.#carefully(one);
  }

  /** Whether the lines of a batch are so many, or one of them so long, that their time is to be bounded. */
  static isNeeded(batch: LogBatch): boolean {
    const count = countOf(batch);
    if (count > FEW) return true;
    for (let index = 0; index < count; index++) if ((batch.block?.line(index) ?? batch.lines[index] ?? '').length > SHORT) return true;
    return false;
  }

  /** Does the work of one line. @throws AppError REGEX_BUDGET */
  once(line: string, work: () => void): void {
    if (line.length <= SHORT) work();
    else if (!doneInTime(DEADLINE, work)) this.#carefully(work);
  }

  #carefully(work: () => void): void {
    if (!countingDates(work)) return;
    this.#slow += 1;
    if (this.#slow !== MOST_SLOW) return;
    for (const { template } of this.templates) countStepsOf(template.regex);
    const shown = this.datepattern.slice(0, 300);
    this.logger.log('WARNING', 'fail2ban.filter', `The datepattern '${shown}' took too long and runs with a limit of steps from now on`);
  }
}
