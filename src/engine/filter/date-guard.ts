/**
 * Bounds the time that a datepattern takes: work that takes too long is ended, and the line tried once more with counted steps. A pattern that
 * often takes too many has them counted from then on.
 */
import { doneInTime } from '../../base/deadline';
import type { Logger } from '../../base/logger';
import { lineIn, type LogBatch } from '../../model/ticket';
import { DEADLINE } from './bounded-matching';
import { countingDates, countStepsOf } from './date-template';
import type { WeightedTemplate } from './date-templates';

const MOST_SLOW = 3;
/**
 * The first looks at short lines are with counted steps: a deadline costs some hundred microseconds. Most batches need no more, because lines of the
 * same date are looked at once; and thousands of small logs are looked at when a server starts.
 */
const SHORT = 512;
const FEW = 16;
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
   * @param upTo goes on with the next line each time; asked before each look, it is to stop; whether nothing is left
   * @param one does the next line alone
   */
  all(batch: LogBatch, upTo: (stops: (line: number) => boolean) => boolean, one: () => void): void {
    let left = FEW;
    let isDone = false;
    const stops = (line: number): boolean => left-- === 0 || lineIn(batch, line).length > SHORT;
    this.#carefully(() => (isDone = upTo(stops)));
    if (isDone) return;
    const all = (): void => void upTo(() => false);
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
