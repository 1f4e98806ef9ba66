/** All complete lines of a file, batch by batch. */
import { closeSync, fstatSync, readSync } from 'node:fs';
import { LineCursor } from './file-cursor';
import { encodingOf, type TextEncoding } from './file-encoding';
import { openRegular } from './file-fingerprint';

export interface FileLines {
  /** Lines without their line ends. */
  readonly lines: readonly string[];
  /** Where the reading began, the byte behind these lines, and how long the file is. */
  readonly start: number;
  readonly offset: number;
  readonly size: number;
}

/** Where in an open file to begin: the offset of the first byte of a line. */
export type LineStart = (fd: number, encoding: TextEncoding) => number;

/**
 * Reads a regular file to its present end, with bounded memory. A last line without newline is not complete.
 * @param startOf where to begin, the beginning of the file when not given
 * @throws what opening and reading throw; an Error for an encoding that nobody knows
 */
export function* readLines(path: string, encodingName: string, startOf: LineStart = () => 0): Generator<FileLines> {
  const { fd } = openRegular(path);
  try {
    const mark = Buffer.alloc(2);
    const encoding = encodingOf(encodingName, mark.subarray(0, readSync(fd, mark, 0, 2, 0)));
    if (encoding === null) throw new Error(`unknown encoding: ${encodingName}`);
    const { size } = fstatSync(fd);
    const start = startOf(fd, encoding);
    const cursor = new LineCursor(fd, encoding, start);
    for (;;) {
      const { lines, more } = cursor.read();
      yield { lines, start, offset: cursor.offset, size };
      if (!more && lines.length === 0) break;
    }
  } finally {
    closeSync(fd);
  }
}
