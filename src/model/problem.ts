/** A user's mistake, carried as data: where it stands and what would be right. */

export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly file?: string;
  /** Counted from 1. */
  readonly line?: number;
  /** Counted from 1, within the option's value. */
  readonly column?: number;
  readonly jail?: string;
  readonly option?: string;
}

/** One line for people: `file:line: [jail] option: message`. */
export function formatProblem(problem: Problem): string {
  const place = problem.file === undefined ? '' : problem.line === undefined ? `${problem.file}: ` : `${problem.file}:${problem.line}: `;
  const jail = problem.jail === undefined ? '' : `[${problem.jail}] `;
  const column = problem.column === undefined ? '' : ` (column ${problem.column})`;
  const option = problem.option === undefined ? '' : `${problem.option}${column}: `;
  return `${place}${jail}${option}${problem.message}`;
}

/** The jails that a problem is about: its own, or those that its text names as fail2ban's do (`Errors in jail 'x'. Skipping…`, `Jail 'x' skipped, because of …`). */
export function jailsOf({ jail, message }: Problem): readonly string[] {
  return jail === undefined ? [...message.matchAll(/\b[Jj]ail '([^']+)'/g)].map((match) => match[1] ?? '') : [jail];
}
