/** The lines of `logpath` into paths and modes, and the files that are there for them. */
import { glob, hasWildcard, isDanglingLink } from '../../base/files';

/** A line of `logpath` as written. The mode is `head` or `tail`; anything else is the user's mistake. */
export interface LogGlob {
  readonly path: string;
  readonly mode: string;
}

export interface LogFiles {
  readonly files: readonly LogGlob[];
  /** Links that lead nowhere. */
  readonly dangling: readonly string[];
}

/** Lines of `logpath`: what stands behind the last space is the mode. */
export function parseLogpath(value: string): LogGlob[] {
  const lines = value.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '')
    .map((line) => {
      const space = line.lastIndexOf(' ');
      return space < 0 ? { path: line, mode: 'head' } : { path: line.slice(0, space).trimEnd(), mode: line.slice(space + 1) };
    });
}

/** The files that a line stands for now, sorted. */
export function findLogFiles({ path, mode }: LogGlob): LogFiles {
  const found = glob(path);
  const dangling = new Set(found.filter(isDanglingLink));
  return { files: found.filter((file) => !dangling.has(file)).map((file) => ({ path: file, mode })), dangling: [...dangling] };
}

/** Whether new files can come to match a line. */
export function isGlob({ path }: LogGlob): boolean {
  return hasWildcard(path);
}
