/** From an open file and a number of lines: where the last of its lines begin, read backwards piece by piece. */
import { fstatSync, readSync } from 'node:fs';
import type { TextEncoding } from './file-encoding';
import type { LineStart } from './file-lines';

const PIECE = 65536;
/** Bytes that are read back at most. */
const MOST_BYTES = 64 * 1024 * 1024;

/** The beginning of the last `count` complete lines; of fewer, where they are longer than 64 MiB together. */
export function lastLines(count: number): LineStart {
  return (fd, encoding) => startOfLast(fd, encoding, count);
}

function startOfLast(fd: number, encoding: TextEncoding, count: number): number {
  const { unit } = encoding;
  const end = fstatSync(fd).size - (fstatSync(fd).size % unit);
  const least = Math.max(0, end - MOST_BYTES);
  const piece = Buffer.alloc(PIECE);
  // The newline at the end of the last line counts too, so that one more is looked for.
  let wanted = count + 1;
  let earliest = end;
  for (let to = end; to > least; to -= PIECE) {
    const from = Math.max(least, to - PIECE);
    const got = readSync(fd, piece, 0, to - from, from);
    for (let at = got - unit; at >= 0; at -= unit) {
      if (!isNewline(piece, at, encoding)) continue;
      earliest = from + at + unit;
      if (--wanted === 0) return earliest;
    }
  }
  return least === 0 ? 0 : earliest;
}

function isNewline(bytes: Buffer, at: number, { unit, bigEndian }: TextEncoding): boolean {
  if (unit === 1) return bytes[at] === 10;
  return bigEndian ? bytes[at] === 0 && bytes[at + 1] === 10 : bytes[at] === 10 && bytes[at + 1] === 0;
}
