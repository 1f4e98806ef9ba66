/** The `.local` files of a folder while edits are made of them: what was there, and what is to be there. */
import path from 'node:path';
import { AppError, messageOf } from '../../../base/errors';
import { exists, NotTextError, readText } from '../../../base/files';
import { EditError } from './edit-error';
import { ownFiles } from './own-files';

export interface TextChange {
  /** Below the folder. */
  readonly file: string;
  /** Null: not there. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The text of a file below the folder; null when it is not there. Throws AppError CONFIG_UNREADABLE, and NotTextError. */
export function readOwn(dir: string, file: string): string | null {
  const full = path.join(dir, file);
  try {
    return exists(full) ? readText(full) : null;
  } catch (error) {
    if (error instanceof NotTextError) throw error;
    throw new AppError('CONFIG_UNREADABLE', `${full} cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

/** All `.local` files that are text, by their names. Those that are none are left out: they are never touched. */
export function readAllOwn(dir: string): Map<string, string> {
  const texts = new Map<string, string>();
  for (const file of ownFiles(dir)) {
    try {
      const text = readOwn(dir, file);
      if (text !== null) texts.set(file, text);
    } catch (error) {
      if (!(error instanceof NotTextError)) throw error;
    }
  }
  return texts;
}

export class WorkingTexts {
  readonly #before = new Map<string, string | null>();
  readonly #after = new Map<string, string | null>();
  readonly #files: ReadonlySet<string>;

  constructor(readonly dir: string) {
    this.#files = new Set(ownFiles(dir));
  }

  /** Names of the files as the edits so far leave them. */
  files(): readonly string[] {
    const gone = [...this.#after].filter(([, text]) => text === null).map(([file]) => file);
    return [...new Set([...this.#files, ...this.#after.keys()])].filter((file) => !gone.includes(file)).sort();
  }

  /** As the edits so far leave it; null when it is not there. Throws EditError for a file that is no text. */
  read(file: string): string | null {
    const edited = this.#after.get(file);
    return edited === undefined ? this.#original(file) : edited;
  }

  /** An empty text is no file. */
  write(file: string, text: string | null): void {
    this.#original(file);
    this.#after.set(file, text === '' ? null : text);
  }

  /** What differs, sorted by name. */
  changes(): readonly TextChange[] {
    return [...this.#after]
      .map(([file, after]) => ({ file, before: this.#original(file), after }))
      .filter(({ before, after }) => before !== after)
      .sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  /** The absolute name, as Problems have it. */
  full(file: string): string {
    return path.join(this.dir, file);
  }

  #original(file: string): string | null {
    const known = this.#before.get(file);
    if (known !== undefined) return known;
    let text: string | null;
    try {
      text = readOwn(this.dir, file);
    } catch (error) {
      if (!(error instanceof NotTextError)) throw error;
      throw new EditError('the file is no UTF-8 text and is left alone', { file: this.full(file) });
    }
    this.#before.set(file, text);
    return text;
  }
}
