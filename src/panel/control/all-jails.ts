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
  const names = await control.jails();
  const [jails, problems] = await Promise.all([Promise.all(names.map((name) => control.status(name, 'counts'))), control.problems()]);
  const told = new Set(jails.flatMap((jail) => jail.problems ?? []).map((problem) => JSON.stringify(problem)));
  return { jails, otherProblems: problems.filter((problem) => !told.has(JSON.stringify(problem))) };
}

/** How many mistakes keep something from running: jails with an error, and errors that no jail tells. */
export function countBroken({ jails, otherProblems }: AllJails): number {
  const isError = (problem: Problem): boolean => problem.severity === 'error';
  return jails.filter((jail) => (jail.problems ?? []).some(isError)).length + otherProblems.filter(isError).length;
}
