/** Who owns a file and who may use it, kept over its removal; and whether a path is a link. */
import { chmodSync, chownSync, lstatSync, statSync } from 'node:fs';

export interface FileRights {
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

/** Of what stands at the end of the path; null when nothing does. Throws what else the file system says. */
export function fileRights(file: string): FileRights | null {
  try {
    const { mode, uid, gid } = statSync(file);
    return { mode: mode & 0o7777, uid, gid };
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

/** Gives a file the rights that another one had; the owner only where this process may. Throws what the file system says. */
export function giveRights(file: string, { mode, uid, gid }: FileRights): void {
  if (process.getuid?.() === 0) chownSync(file, uid, gid);
  chmodSync(file, mode);
}

/** Whether the path itself is a symbolic link, wherever it leads. */
export function isLink(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false;
}
