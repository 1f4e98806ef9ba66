/** Copies a folder with all regular files in it, within bounds; links are followed, and what is no file (a FIFO, a socket) is left out. */
import { copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import * as path from 'node:path';

export interface CopyBounds {
  /** Bytes of one file; a bigger one is left out. */
  readonly fileBytes: number;
  /** Files in all, and levels of folders. */
  readonly files: number;
  readonly depth: number;
}

/** @throws what the file system says, and an Error when there are too many files */
export function copyFolder(from: string, to: string, bounds: CopyBounds): void {
  let left = bounds.files;

  function copy(source: string, target: string, depth: number): void {
    mkdirSync(target, { recursive: true });
    for (const name of readdirSync(source)) {
      const file = path.join(source, name);
      const stats = statSync(file, { throwIfNoEntry: false });
      if (stats?.isDirectory() === true && depth > 0) copy(file, path.join(target, name), depth - 1);
      if (stats?.isFile() !== true || stats.size > bounds.fileBytes) continue;
      if (--left < 0) throw new Error(`${from} has more than ${bounds.files} files`);
      copyFileSync(file, path.join(target, name));
    }
  }

  copy(from, to, bounds.depth);
}
