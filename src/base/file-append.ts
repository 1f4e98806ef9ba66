/** Appends lines to a log of ours: the file is opened anew each time, so that a rotation by others is followed at once. */
import { appendFileSync } from 'node:fs';

/** Writes text at the end of a file; a new file can be read by its owner alone. Throws what the file system says. */
export function appendText(file: string, text: string): void {
  appendFileSync(file, text, { mode: 0o600 });
}
