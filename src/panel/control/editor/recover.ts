/** Takes back an edit that was under way when the program was ended, unless it had come to its end: its state was kept already. */
import type { Logger } from '../../../base/logger';
import type { Control } from '../control';
import { differenceOf, loadDifference } from './load-difference';
import type { PendingEdit, PendingFile } from './pending-edit';
import type { SavedStates } from './saved-states';
import { takeSnapshot } from './snapshot';
import { takeBack } from './write-texts';

export interface Recovery {
  readonly dir: string;
  readonly states: SavedStates;
  readonly pending: PendingEdit;
  readonly control: Control;
  readonly logger: Logger;
}

/** Rejects with what the file system says; the journal is kept then. */
export async function recover({ dir, states, pending, control, logger }: Recovery): Promise<void> {
  const files = pending.read();
  if (files.length === 0) return;
  if (isKept(files, states)) return pending.end();
  const say = (message: string): void => logger.log('WARNING', 'bailiff.editor', message);
  for (const file of takeBack(dir, files)) say(`${file} was changed by hand since an edit was broken off: it stays as it is`);
  say(`an edit that was broken off is taken back: ${files.map(({ file }) => file).join(', ')}`);
  // The server may have read the files in between. Without one there is nobody to tell.
  const edited = takeSnapshot(dir, new Map(files.map(({ file, after }) => [file, after])));
  const { outcome, message } = await loadDifference(control, differenceOf(edited, takeSnapshot(dir)));
  if (outcome === 'refused') say(`the server could not be told: ${message ?? ''}`);
  pending.end();
}

/** The state of an edit is kept when the server has loaded it. */
function isKept(files: readonly PendingFile[], states: SavedStates): boolean {
  const texts = states.latest();
  return texts !== null && files.every(({ file, after }) => (texts.get(file) ?? null) === after);
}
