/** Makes folders, private ones too, removes files, and tells what this process may read. */
import { accessSync, constants, mkdirSync, rmSync } from 'node:fs';

/** Makes a folder (and those above it) that only its owner may enter; one that is there stays as it is. Throws what the file system says. */
export function makePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Makes a folder that everybody may look into, unless it is there. Throws what the file system says. */
export function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o755 });
}

/** Removes one file if it is there. Throws what else the file system says. */
export function removeFile(file: string): void {
  rmSync(file, { force: true });
}

/** Whether this process may read the file; false when it is not there. */
export function canRead(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}
