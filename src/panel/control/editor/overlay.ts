/** A copy of the configuration folder with edits in it, for programs that only look: no server reads it. */
import path from 'node:path';
import { AppError, messageOf } from '../../../base/errors';
import { copyFolder } from '../../../base/folder-copy';
import { writeFileSafely } from '../../../base/files';
import { makeFolder, removeFile } from '../../../base/folders';
import { makeTemporaryFolder } from '../../../base/temporary-folder';
import type { Overlay } from './editor';
import type { TextChange } from './working-texts';

const BOUNDS = { fileBytes: 4 * 1024 * 1024, files: 5000, depth: 4 };

/** Throws AppError CONFIG_UNREADABLE. */
export function makeOverlay(dir: string, changes: readonly TextChange[]): Overlay {
  const folder = makeTemporaryFolder();
  try {
    const confdir = path.join(folder.path, 'fail2ban');
    copyFolder(dir, confdir, BOUNDS);
    for (const { file, after } of changes) {
      const full = path.join(confdir, file);
      makeFolder(path.dirname(full));
      if (after === null) removeFile(full);
      else writeFileSafely(full, after);
    }
    return { confdir, done: async () => folder.remove() };
  } catch (error) {
    folder.remove();
    throw new AppError('CONFIG_UNREADABLE', `${dir} cannot be copied: ${messageOf(error)}`, { cause: error });
  }
}
