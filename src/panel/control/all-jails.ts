/** Asks a server for all its jails at once, without whom they ban, and for the mistakes that none of them tells. */
import type { Problem } from '../../model/problem';
import type { JailStatus } from '../../model/status';
import type { Control } from './control';

export interface AllJails {
  readonly jails: readonly JailStatus[];
  /** Of jails that do not run, and of the configuration as a whole. */
  readonly otherProblems: readonly Problem[];
}

export async function allJails(control: Control): Promise<AllJails> {
  const [statuses, problems] = await Promise.all([control.statuses(), control.problems()]);
  const running = new Set(statuses.map(({ name }) => name));
  const ofRunning = ({ jail }: Problem): boolean => jail !== undefined && running.has(jail);
  return {
    jails: statuses.map((status) => ({ ...status, problems: problems.filter(({ jail }) => jail === status.name) })),
    otherProblems: problems.filter((problem) => !ofRunning(problem)),
  };
}

/** How many mistakes keep something from running: jails with an error, and errors that no jail tells. */
export function countBroken({ jails, otherProblems }: AllJails): number {
  const isError = (problem: Problem): boolean => problem.severity === 'error';
  return jails.filter((jail) => (jail.problems ?? []).some(isError)).length + otherProblems.filter(isError).length;
}
