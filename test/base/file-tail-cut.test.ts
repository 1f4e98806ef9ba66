/** A log that is copied and cut: what only the copy still has is read, and nothing twice. */
import { appendFileSync, copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { temporaryFolder } from '../support/folder';
import { openTail } from '../support/tail';

let folder = temporaryFolder();
afterAll(() => folder.remove());
beforeEach(() => {
  folder.remove();
  folder = temporaryFolder();
});
const inFolder = (name: string): string => join(folder.path, name);

describe('rotation by copy and truncate', () => {
  it('is seen when it comes between the look and the reading, and the file is already longer than before', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'one\ntwo\n');
    const file = openTail(path);
    expect(file.lines()).toEqual(['one', 'two']);
    appendFileSync(path, 'three\n');
    file.tail.check();
    copyFileSync(path, `${path}.1`);
    writeFileSync(path, 'this is another line\n');
    expect(file.tail.read()).toBeNull();
    expect(file.lines()).toEqual(['three', 'this is another line']);
    expect(file.lines()).toEqual([]);
    file.tail.close();
  });

  it('begins anew, after the lines that only the copy still has', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'first\nsecond\n');
    const file = openTail(path);
    file.lines();
    appendFileSync(path, 'third\n');
    execFileSync('cp', [path, inFolder('a.log.1')]);
    truncateSync(path);
    appendFileSync(path, 'fourth\n');
    expect(file.lines()).toEqual(['third', 'fourth']);
    file.tail.close();
  });

  it('is seen when the new content is already longer than the old, and when both begin alike', () => {
    const path = inFolder('a.log');
    writeFileSync(path, '# header\nold\n');
    const file = openTail(path);
    file.lines();
    writeFileSync(path, '# header\nfirst\nsecond\nthird\n');
    expect(file.lines()).toEqual(['# header', 'first', 'second', 'third']);
    file.tail.close();
  });

  it('never takes for new what the next copy writes over the one before', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'one\n');
    const file = openTail(path);
    file.lines();
    for (const [last, first] of [
      ['two', 'three'],
      ['four is longer', 'five'],
    ] as const) {
      appendFileSync(path, `${last}\n`);
      copyFileSync(path, `${path}.old`);
      writeFileSync(path, `${first}\n`);
      expect(file.lines()).toEqual([last, first]);
      expect(file.lines()).toEqual([]);
    }
    file.tail.close();
  });

  it('passes over the hole that a writer without O_APPEND leaves', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'x'.repeat(100000) + '\n');
    const file = openTail(path);
    file.lines();
    execFileSync('python3', ['-c', 'import sys\nf=open(sys.argv[1],"r+b")\nf.truncate(0)\nf.seek(5000000)\nf.write(b"line\\n")', path]);
    expect(file.lines()).toEqual(['line']);
    file.tail.close();
  });
});
