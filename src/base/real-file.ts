/** What stands at the end of a path when all symbolic links are followed. */
import { realpathSync, statSync } from 'node:fs';

export interface RealFile {
  /** Without any link, `.` or `..` in it. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** The end of a path; null when it leads nowhere, or may not be followed. Opens nothing. */
export function realFile(path: string): RealFile | null {
  try {
    const real = realpathSync(path);
    const stats = statSync(real);
    return { path: real, kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other' };
  } catch {
    return null;
  }
}

/** The real path, or the path as it is where it leads nowhere. */
export function realpathOr(path: string): string {
  return realFile(path)?.path ?? path;
}
