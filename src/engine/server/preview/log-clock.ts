/** A clock that shows the time of the log that is read, so that a jail lives in the time of its lines. */
import type { Clock, Timer } from '../../../base/clock';

const NEVER: Timer = { cancel: () => undefined };

/** Moves forwards only; its timers never ring: who reads the log tells the jail when a second has passed. */
export class LogClock implements Clock {
  #now: number;

  /** @param start seconds since the epoch */
  constructor(start: number) {
    this.#now = start;
  }

  moveTo(time: number): void {
    this.#now = Math.max(this.#now, time);
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(): Timer {
    return NEVER;
  }

  every(): Timer {
    return NEVER;
  }
}
