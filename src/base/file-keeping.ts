/** Keeps single files whose content somebody else writes: makes them private, sets them aside, tells whether they changed. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** What changes when a file is written or replaced. */
export interface FileStamp {
  readonly inode: number;
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modified: number;
}

/** The stamp of a file; null when it is not there or may not be looked at. */
export function fileStamp(file: string): FileStamp | null {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat === undefined ? null : { inode: stat.ino, size: stat.size, modified: stat.mtimeMs };
  } catch {
    return null;
  }
}

/**
 * What changes with every write, replacement or renaming of a file, as a text; empty when it is not there. The time of its modification may be
 * set back by who copies files; that of its change not.
 */
export function changeStamp(file: string): string {
  try {
    const stat = fs.statSync(file, { throwIfNoEntry: false });
    return stat === undefined ? '' : `${stat.ino} ${stat.size} ${stat.mtimeMs} ${stat.ctimeMs}`;
  } catch {
    return '';
  }
}

/** True when both stamps are of the same content, as far as one can tell without reading. */
export function sameStamp(a: FileStamp | null, b: FileStamp | null): boolean {
  if (a === null || b === null) return a === b;
  return a.inode === b.inode && a.size === b.size && a.modified === b.modified;
}

/**
 * Makes an empty file that only its owner may read, and the last level of its folder, unless they are there.
 * Returns true when the file was made. Throws what the file system says.
 */
export function ensurePrivateFile(file: string): boolean {
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o755 });
  try {
    fs.closeSync(fs.openSync(file, 'wx', 0o600));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Renames a file; false when it is not there. Throws what else the file system says. */
export function moveFile(from: string, to: string): boolean {
  if (!fs.existsSync(from)) return false;
  fs.renameSync(from, to);
  return true;
}

/** Copies a file with its mode; the copy must not exist yet. Throws what the file system says. */
export function copyFile(from: string, to: string): void {
  fs.copyFileSync(from, to, fs.constants.COPYFILE_EXCL);
}
