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
 * A few short lines are dated with counted steps at once: a deadline costs some hundred microseconds. (Thousands of small logs are looked at
 * when a server starts.)
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
   * Does the work of a batch until it is done.
   * @param all begins with the next line each time
   * @param one does the next line alone
   */
  all(batch: LogBatch, all: () => void, one: () => void): void {
    if (isSmall(batch)) return this.#carefully(all);
    for (let seconds = DEADLINE; !doneInTime(seconds, all); seconds = Math.max(SHORTEST, seconds / 2)) this.#carefully(one);
  }

  /** Does the work of one line. @throws AppError REGEX_BUDGET */
  once(line: string, work: () => void): void {
    if (line.length <= SHORT || !doneInTime(DEADLINE, work)) this.#carefully(work);
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

function isSmall(batch: LogBatch): boolean {
  const count = countOf(batch);
  if (count > FEW) return false;
  for (let index = 0; index < count; index++) if ((batch.block?.line(index) ?? batch.lines[index] ?? '').length > SHORT) return false;
  return true;
}
