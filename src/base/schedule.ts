/** Work at a time of the day, by a cron expression on the clock of the machine: node-cron's timers, as `clock` has all others. */
import { schedule } from 'node-cron';
import type { Timer } from './clock';

/**
 * Calls `run` whenever `expression` (five or six cron fields, local time) comes true; while it still runs, that time is passed over.
 * The timer does not keep the process alive. `run` must not reject.
 */
export type Schedule = (expression: string, run: () => Promise<void>) => Timer;

/** It would write to the console that a time was passed over. */
const silent = { info: quiet, warn: quiet, error: quiet, debug: quiet };

function quiet(): void {
  return undefined;
}

export const cronSchedule: Schedule = (expression, run) => {
  const task = schedule(expression, run, { noOverlap: true, unref: true, suppressMissedWarning: true, logger: silent });
  return { cancel: () => void task.destroy() };
};
