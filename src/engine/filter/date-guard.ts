/** Bounds the time that a datepattern takes: work that takes too long is ended, and a pattern that often does gets a budget of steps. */
import { doneInTime } from '../../base/deadline';
import type { Logger } from '../../base/logger';
import { DEADLINE } from './bounded-matching';
import { countStepsOf } from './date-template';
import type { WeightedTemplate } from './date-templates';

/** A machine that is busy with others misses a deadline now and then. */
const MOST_MISSED = 3;
/** Each deadline that is missed makes the next of the same work half as long, down to this. */
const SHORTEST = DEADLINE / 8;

export class DateGuard {
  #missed = 0;

  constructor(
    private readonly datepattern: string,
    private readonly templates: readonly WeightedTemplate[],
    private readonly logger: Logger,
  ) {}

  /**
   * Does work that begins with the next line each time, until it is done.
   * @param passOver is told of a line that took too long; the work goes on behind it
   */
  all(work: () => void, passOver: (message: string) => void): void {
    for (let seconds = DEADLINE; !this.once(work, seconds); seconds = Math.max(SHORTEST, seconds / 2)) {
      passOver('the datepattern took too long on it');
    }
  }

  /** Whether work was done in time; else it was ended. */
  once(work: () => void, seconds = DEADLINE): boolean {
    const inTime = doneInTime(seconds, work);
    if (!inTime) this.#miss();
    return inTime;
  }

  #miss(): void {
    this.#missed += 1;
    if (this.#missed !== MOST_MISSED) return;
    for (const { template } of this.templates) countStepsOf(template.regex);
    const shown = this.datepattern.slice(0, 300);
    this.logger.log('WARNING', 'fail2ban.filter', `The datepattern '${shown}' took too long and runs with a limit of steps from now on`);
  }
}
