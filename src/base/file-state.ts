/** From the path of a file: whether it is there, may be read, and when it was written last. Opens nothing. */
import { access, constants, stat } from 'node:fs/promises';

export interface FileState {
  readonly path: string;
  /** `unreadable`: it may not be read, or is no file. */
  readonly access: 'readable' | 'unreadable' | 'gone';
  /** Bytes; 0 when it is gone. */
  readonly size: number;
  /** Seconds since the epoch; null when it is gone, or cannot be looked at. */
  readonly modified: number | null;
}

/** Never rejects. A disk that hangs never answers: bound the time. */
export async function fileState(path: string): Promise<FileState> {
  try {
    const stats = await stat(path);
    const may = (stats.isFile() || stats.isFIFO()) && (await isAllowed(path, constants.R_OK));
    return { path, access: may ? 'readable' : 'unreadable', size: stats.size, modified: stats.mtimeMs / 1000 };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return { path, access: code === 'ENOENT' || code === 'ENOTDIR' ? 'gone' : 'unreadable', size: 0, modified: null };
  }
}

/** Whether this process may write what is there; false on a disk that can only be read. */
export function mayWrite(path: string): Promise<boolean> {
  return isAllowed(path, constants.W_OK);
}

async function isAllowed(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
