/** Why a jail cannot be used, on its way to becoming the jail's Problem. */
import type { IniMistake } from './ini';

/** Where something stands in the files. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

export class JailError extends Error {
  constructor(
    message: string,
    readonly option: string,
    readonly at?: Place,
    /** What would be right; goes to the Problem, not into the stream, whose texts are the original's. */
    readonly hint?: string,
  ) {
    super(message);
    this.name = 'JailError';
  }
}

/** A section, or a file, that cannot be read as it was meant: better no jail than another one. With `jail`, only its section and DEFAULT count. */
export function refuseMistakes(mistakes: readonly IniMistake[], jail: string | null, option?: string): void {
  const mistake = mistakes.find(({ section }) => jail === null || section === jail || section === 'DEFAULT');
  if (mistake !== undefined) throw new JailError(mistake.message, mistake.option ?? option ?? '', mistake);
}

/** The place as fields of a Problem. */
export function placeFields(at: Place | undefined): { file?: string; line?: number } {
  return at === undefined || at.file === '' ? {} : { file: at.file, line: at.line };
}
