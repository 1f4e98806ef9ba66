/** All complete lines of a file, batch by batch. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { LineCursor } from './file-cursor';
import { encodingOf } from './file-encoding';
import { openRegular } from './file-fingerprint';

export interface FileLines {
  /** Lines without their line ends. */
  readonly lines: readonly string[];
  /** Bytes read so far, and how long the file is. */
  readonly offset: number;
  readonly size: number;
}

/**
 * Reads a regular file from its beginning to its present end, with bounded memory. A last line without newline is not complete.
 * @throws what opening and reading throw; an Error for an encoding that nobody knows
 */
export function* readLines(path: string, encodingName: string): Generator<FileLines> {
  const { fd } = openRegular(path);
  try {
    const mark = Buffer.alloc(2);
    const encoding = encodingOf(encodingName, mark.subarray(0, readSync(fd, mark, 0, 2, 0)));
    if (encoding === null) throw new Error(`unknown encoding: ${encodingName}`);
    const { size } = fstatSync(fd);
    const cursor = new LineCursor(fd, encoding);
    for (;;) {
      const { lines, more } = cursor.read();
      yield { lines, offset: cursor.offset, size };
      if (!more && lines.length === 0) break;
    }
  } finally {
    closeSync(fd);
  }
}
