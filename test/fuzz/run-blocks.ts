/** `run-blocks.ts SEED LINES WORKERS WORKER [CASE]`: logs as drawn bytes that come in pieces: read in blocks they give the lines that are in them, and filters find in the blocks what they find line by line. */
import { appendFileSync, closeSync, openSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { LineCursor } from '../../src/base/file-cursor';
import { encodingOf } from '../../src/base/file-encoding';
import { canScan, LiteralScanner } from '../../src/base/literal-scan';
import { temporaryFolder } from '../support/folder';
import { isEnough, only, seed, worker, workers } from './asked';
import { type BlockCase, blockWorld, drawBlockCase } from './block-cases';
import { FilterAtWork } from './block-reading';
import { naiveLines } from './naive-lines';
import { randomOf } from './random';
import type { Tally } from './run-filters';

const STEP = 2;
/** Not a whole second, so that no limit of seconds is met. */
const NOW = Date.UTC(2026, 10, 22, 12) / 1000 + 0.37;
/** What other jails look for in the same log. */
const OTHERS = ['Failed ', '" 404 ', 'Accepted '];

/** `pairs`: lines; `failures`: failures found; `reads`: pieces in which the lines came; `late`: lines of cases in which matching was ended by its time or its steps. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0, reads: 0 };

interface Read {
  readonly now: number;
  readonly lines: readonly string[];
}

/** Reads a log that grows by its cuts, in blocks; what is wrong with the lines, or null. */
function readBlocks(drawn: BlockCase, file: string, byBlock: FilterAtWork, reads: Read[]): string | null {
  const { bytes, cuts, encoding, inOperation, number } = drawn;
  const random = randomOf(seed + 1, number);
  writeFileSync(file, '');
  const fd = openSync(file, 'r');
  const scanner = new LiteralScanner([...(byBlock.filter.literals ?? []), ...OTHERS].filter(canScan));
  const cursor = new LineCursor(fd, encodingOf(encoding)!);
  const expected = naiveLines(bytes, encoding);
  const most = random.pick([1, 3, 60, 1000]);
  let [now, at, written] = [NOW, 0, 0];
  try {
    for (const cut of cuts) {
      appendFileSync(file, bytes.subarray(written, cut));
      written = cut;
      for (let more = true; more;) {
        const { block, ascii, lines, ends, ...read } = cursor.read(1 + random.below(most), random.chance(0.9) ? scanner : null);
        more = read.more;
        sums.reads++;
        for (const [index, line] of lines.entries()) {
          const { text, end } = expected[at++] ?? { text: null, end: -1 };
          if (text !== line || end !== ends[index])
            return JSON.stringify({ at: at - 1, line, end: ends[index], expected: { text, end } }).slice(0, 1000);
        }
        if (lines.length === 0) continue;
        reads.push({ now, lines });
        sums.failures += byBlock.process({ source: 'log', lines, block, ascii, inOperation }, now);
        // Never so many whole seconds that a limit is met by one side alone, whose lines have moments of their own.
        if (random.chance(0.3)) now += 30 + random.below(30) + 0.1;
      }
    }
  } finally {
    closeSync(fd);
  }
  sums.pairs += at;
  return at === expected.length ? null : `${at} of ${expected.length} lines were read`;
}

function tryCase(drawn: BlockCase, file: string): string | null {
  const { set, findtime, inOperation } = drawn;
  const [byBlock, byLine] = [new FilterAtWork(set, findtime, NOW), new FilterAtWork(set, findtime, NOW)];
  const reads: Read[] = [];
  const before = sums.pairs;
  const wrong = readBlocks(drawn, file, byBlock, reads);
  if (wrong !== null) return wrong;
  // Dates are remembered within a moment only: here each line is one.
  for (const { lines, now } of reads)
    lines.forEach((line, at) => void byLine.process({ source: 'log', lines: [line], inOperation }, now + at * 1e-5));
  const lines = sums.pairs - before;
  if (byBlock.late || byLine.late) {
    sums.late += lines;
    sums.pairs = before;
    return null;
  }
  const [inBlocks, singly] = [byBlock.done, byLine.done];
  const parts = singly.flatMap((part, index) => {
    const other = inBlocks[index] ?? [];
    const at = part.findIndex((one, place) => !isDeepStrictEqual(one, other[place]));
    return at < 0 && part.length === other.length
      ? []
      : [{ part: ['found', 'logged', 'dates'][index], singly: part[at], inBlocks: other[at] }];
  });
  if (parts.length > 0) return JSON.stringify(parts);
  sums.same += lines;
  return null;
}

const world = blockWorld();
const folder = temporaryFolder();
const file = path.join(folder.path, 'log');

function safely(drawn: BlockCase): string | null {
  try {
    return tryCase(drawn, file);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

let number = only < 0 ? worker : only;
while (!isEnough(sums.pairs + sums.late) && (only < 0 || number === only)) {
  const different: string[] = [];
  for (let count = only < 0 ? STEP : 1; count > 0; count--, number += workers) {
    const drawn = drawBlockCase(world, seed, number);
    const before = { ...sums };
    let difference = safely(drawn);
    // A machine that stands still for a moment ends the time of a search, which is then made once more: a difference has to come again.
    if (difference !== null) {
      const lines = sums.pairs - before.pairs;
      Object.assign(sums, before);
      difference = safely(drawn);
      if (difference === null) Object.assign(sums, before, { late: before.late + lines });
    }
    if (difference !== null) different.push(`--seed ${seed} case ${number} ${drawn.set.name} ${drawn.encoding}: ${difference}`);
  }
  console.log(JSON.stringify({ ...sums, different } satisfies Tally & typeof sums));
}
folder.remove();
