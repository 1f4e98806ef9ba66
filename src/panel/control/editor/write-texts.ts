/** Changes of texts onto the disk, each file whole or not at all, and back again byte for byte. What somebody else has changed meanwhile is left alone. */
import path from 'node:path';
import { fileRights, giveRights } from '../../../base/file-rights';
import { writeFileSafely } from '../../../base/files';
import { makeFolder, removeFile } from '../../../base/folders';
import type { PendingFile } from './pending-edit';
import { readOwn, type TextChange } from './working-texts';

/** A file is not what the edit was made from. */
export class ChangedMeanwhile extends Error {
  constructor(readonly file: string) {
    super(`${file} was changed meanwhile`);
    this.name = 'ChangedMeanwhile';
  }
}

/** With the rights that the files have now. Throws what the file system says. */
export function pendingFiles(dir: string, changes: readonly TextChange[]): readonly PendingFile[] {
  return changes.map((change) => ({ ...change, rights: fileRights(path.join(dir, change.file)) }));
}

/** All or nothing: what fails takes the files before it back. Throws what the file system says, and ChangedMeanwhile. */
export function writeTexts(dir: string, files: readonly PendingFile[]): void {
  const written: PendingFile[] = [];
  try {
    for (const file of files) {
      if (readOwn(dir, file.file) !== file.before) throw new ChangedMeanwhile(file.file);
      write(dir, file, file.after);
      written.push(file);
    }
  } catch (error) {
    takeBack(dir, written);
    throw error;
  }
}

/** Makes the files what they were. Returns those that are neither what they were nor what we wrote: they stay. Throws what the file system says. */
export function takeBack(dir: string, files: readonly PendingFile[]): readonly string[] {
  const left: string[] = [];
  for (const file of files) {
    const now = readOwn(dir, file.file);
    if (now === file.before) continue;
    if (now === file.after) write(dir, file, file.before);
    else left.push(file.file);
  }
  return left;
}

function write(dir: string, { file, rights }: PendingFile, text: string | null): void {
  const full = path.join(dir, file);
  if (text === null) return removeFile(full);
  makeFolder(path.dirname(full));
  const fresh = fileRights(full) === null;
  writeFileSafely(full, text);
  if (fresh && rights !== null) giveRights(full, rights);
}
