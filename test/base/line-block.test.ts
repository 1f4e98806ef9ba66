/** Lines that begin alike are told without being cut out: whatever their length, their line ends, and wherever the block was read or parted. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCursor } from '../../src/base/file-cursor';
import { encodingOf, type TextEncoding } from '../../src/base/file-encoding';
import { BEGINNING, type LineBlock } from '../../src/base/line-block';
import { randomOf } from '../fuzz/random';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const random = randomOf(5, 0);
const LENGTHS = [1, 8, BEGINNING - 1, BEGINNING, BEGINNING + 1, 40];

/** Lines of a log: runs of a few beginnings, which differ late or early, some of them short, with other line ends, holes, or letters beyond ASCII. */
function lines(count: number): string {
  const beginnings = [
    'Nov 27 23:00:00 host sshd[1]',
    'Nov 27 23:00:01 host sshd[1]',
    'Nov 27 23:00:00 host sxhd[1]',
    'Nov 27 23:00:00 host ss\r',
    'Nov 27 23:00:00 h',
    'N',
    '',
  ];
  const all: string[] = [];
  let beginning = beginnings[0];
  for (let at = 0; at < count; at++) {
    if (random.chance(0.2)) beginning = random.pick(beginnings);
    const end = random.pick(['\n', '\n', '\n', '\r\n', '\r\r\n']);
    all.push(
      `${random.chance(0.05) ? '\0\0' : ''}${beginning}${random.chance(0.1) ? '\r' : ''}${random.chance(0.05) ? 'é' : random.pick(['', ' x', ' yz'])}${end}`,
    );
  }
  return all.join('');
}

/** The blocks in which a file of this text is read. */
function blocksOf(text: string, encoding: string): readonly LineBlock[] {
  const path = join(folder.path, 'log');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  const cursor = new LineCursor(fd, encodingOf(encoding) as TextEncoding);
  const blocks: LineBlock[] = [];
  for (let more = true; more;) {
    const batch = cursor.read();
    blocks.push(batch.block);
    ({ more } = batch);
  }
  closeSync(fd);
  return blocks;
}

test.each(['utf-8', 'latin-1'])('how many lines begin with a text behind one that does, in %s', (encoding) => {
  let runs = 0;
  for (const whole of blocksOf(lines(6000), encoding)) {
    for (const block of [whole, whole.from(Math.floor(whole.length / 3))]) {
      const texts = block.lines();
      for (let behind = 0; behind < block.length; behind++) {
        const text = (texts[behind] as string).slice(0, random.pick(LENGTHS));
        const to = Math.min(block.length, behind + 1 + random.below(30));
        let expected = 0;
        while (behind + 1 + expected < to && (texts[behind + 1 + expected] as string).startsWith(text)) expected++;
        expect([behind, text, block.linesBeginningWith(text, behind, to)]).toEqual([behind, text, expected]);
        if (expected > 1) runs++;
      }
    }
  }
  expect(runs).toBeGreaterThan(1000);
});
