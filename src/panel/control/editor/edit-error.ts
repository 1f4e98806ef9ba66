/** Why an edit cannot be made, on its way to becoming a Problem of the plan. */
import { IniEditError } from '../../../contracts/files/ini-edit';
import type { Problem } from '../../../model/problem';

export class EditError extends Error {
  readonly problem: Problem;

  constructor(message: string, place: Omit<Problem, 'severity' | 'message'> = {}) {
    super(message);
    this.name = 'EditError';
    this.problem = { severity: 'error', message, ...place };
  }
}

/** Runs an edit of a file's text; what the text does not allow becomes an EditError with its place. */
export function inFile(file: string, jail: string | null, edit: () => string): string {
  try {
    return edit();
  } catch (error) {
    if (!(error instanceof IniEditError)) throw error;
    const { option, line, message } = error;
    throw new EditError(message, {
      file,
      ...(line === undefined ? {} : { line }),
      ...(option === undefined ? {} : { option }),
      ...(jail === null ? {} : { jail }),
    });
  }
}
