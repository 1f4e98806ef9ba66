/** From an open file whose lines rise in time: the byte offset where the lines younger than a moment begin, by halving. */
import { fstatSync } from 'node:fs';
import type { TextEncoding } from './file-encoding';
import { LineCursor } from './file-cursor';

/** Lines looked at for a date at one place. */
const PROBE_LINES = 20;
/** Below this many bytes halving ends and lines are looked at one by one. */
const NEAR = 16384;

/**
 * Where to begin, so that no line dated `since` or later is left out; lines without a date are passed over in the search.
 * @param since seconds since the epoch
 * @param dateOf seconds since the epoch of a line, null when it has none
 * @returns the offset of the first byte of a line; the end of the last complete line when all lines are older
 */
export function offsetSince(fd: number, encoding: TextEncoding, since: number, dateOf: (line: string) => number | null): number {
  let older = 0;
  let younger = fstatSync(fd).size;
  while (younger - older > NEAR) {
    const middle = older + Math.floor((younger - older) / 4) * 2;
    const probe = probeAt(fd, encoding, middle, younger, dateOf);
    if (probe !== null && probe.date < since) older = probe.end;
    else younger = middle;
  }
  return firstYounger(new LineCursor(fd, encoding, older), older, since, dateOf);
}

/** The first dated line that begins behind `offset` and before `limit`: its date, and the offset behind it. */
function probeAt(
  fd: number,
  encoding: TextEncoding,
  offset: number,
  limit: number,
  dateOf: (line: string) => number | null,
): { date: number; end: number } | null {
  const cursor = new LineCursor(fd, encoding, offset);
  const { lines, ends } = cursor.read(PROBE_LINES + 1);
  for (let index = 1; index < lines.length; index++) {
    if (ends[index - 1]! >= limit) return null;
    const date = dateOf(lines[index]!);
    if (date !== null) return { date, end: ends[index]! };
  }
  return null;
}

/** Passes line by line over what is older; undated lines behind an older one are kept, they may belong to what follows. */
function firstYounger(cursor: LineCursor, start: number, since: number, dateOf: (line: string) => number | null): number {
  let begin = start;
  for (;;) {
    const { lines, ends, more } = cursor.read();
    for (let index = 0; index < lines.length; index++) {
      const date = dateOf(lines[index]!);
      if (date !== null && date >= since) return begin;
      if (date !== null) begin = ends[index]!;
    }
    if (!more) return begin;
  }
}
