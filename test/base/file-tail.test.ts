import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { manualClock } from '../support/clock';
import { temporaryFolder } from '../support/folder';
import { openTail } from '../support/tail';
import { join } from 'node:path';

let folder = temporaryFolder();
afterAll(() => folder.remove());
beforeEach(() => {
  folder.remove();
  folder = temporaryFolder();
});
const inFolder = (name: string): string => join(folder.path, name);

function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}

describe('a file that grows', () => {
  it('is read line by line, and a half line waits for its end', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'one\ntwo\r\nhal');
    const file = openTail(path);
    expect(file.lines()).toEqual(['one', 'two']);
    expect(file.lines()).toEqual([]);
    appendFileSync(path, 'f\n\nlast\n');
    expect(file.lines()).toEqual(['half', '', 'last']);
    file.tail.close();
  });

  it('has a position just behind the last complete line, with the hash of the first line', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'grüße\nzwei\nhalb');
    const file = openTail(path);
    expect(file.batches().at(-1)!.position).toEqual({ firstLineHash: sha1('grüße\n'), offset: Buffer.byteLength('grüße\nzwei\n') });
    expect(file.tail.positionOf(file.tail.place).offset).toBe(13);
    file.tail.close();
  });

  it('has no fingerprint while its first line is not complete', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'half');
    const file = openTail(path);
    expect(file.lines()).toEqual([]);
    expect(file.tail.positionOf(file.tail.place)).toEqual({ firstLineHash: '', offset: 0 });
    file.tail.close();
  });

  it('begins at the last line’s end when it is followed from the end', () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'old\nha');
    const file = openTail(path);
    file.tail.check();
    file.tail.seek(file.tail.end()!);
    appendFileSync(path, 'lf\nnew\n');
    expect(file.lines()).toEqual(['half', 'new']);
    file.tail.close();
  });
});

describe('rotation by renaming', () => {
  it('drains the old file before the new one is begun', () => {
    const path = inFolder('a.log');
    writeFileSync(path, '1\n');
    const file = openTail(path);
    expect(file.lines()).toEqual(['1']);
    appendFileSync(path, '2\n');
    renameSync(path, inFolder('a.log.1'));
    writeFileSync(path, '4\n');
    appendFileSync(inFolder('a.log.1'), '3\n');
    expect(file.lines()).toEqual(['2', '3', '4']);
    expect(file.kinds()).toEqual(['rotated']);
    file.tail.close();
  });

  it('stays with the old file while the new one is empty, and hears late writers afterwards', () => {
    const path = inFolder('a.log');
    writeFileSync(path, '1\n');
    const file = openTail(path);
    file.lines();
    renameSync(path, inFolder('a.log.1'));
    writeFileSync(path, '');
    appendFileSync(inFolder('a.log.1'), '2\n');
    expect(file.lines()).toEqual(['2']);
    appendFileSync(path, '3\n');
    expect(file.lines()).toEqual(['3']);
    appendFileSync(inFolder('a.log.1'), 'late\n');
    const late = file.batches();
    expect(late.map(({ lines, position }) => [lines, position.offset])).toEqual([[['late'], 2]]);
    expect(late[0]!.late).toBe(true);
    file.tail.close();
  });

  it('finds the files that came and went between two looks', () => {
    const path = inFolder('a.log');
    writeFileSync(path, '1\n');
    const file = openTail(path);
    file.lines();
    for (const next of ['2', '3', '4']) {
      for (let number = 4; number > 0; number--) {
        rmSync(inFolder(`a.log.${number + 1}`), { force: true });
        execFileSync('sh', ['-c', 'test ! -e "$0" || mv "$0" "$1"', inFolder(`a.log.${number}`), inFolder(`a.log.${number + 1}`)]);
      }
      renameSync(path, inFolder('a.log.1'));
      writeFileSync(path, `${next}\n`);
    }
    expect(file.lines()).toEqual(['2', '3', '4']);
    file.tail.close();
  });

  it('never takes old rotations, or a copy, for new lines', () => {
    const path = inFolder('a.log');
    writeFileSync(inFolder('a.log.2'), 'old 2\n');
    writeFileSync(inFolder('a.log.1'), 'old 1\n');
    writeFileSync(path, '1\n');
    const file = openTail(path);
    file.lines();
    execFileSync('cp', [path, inFolder('a.log.2026-copy')]);
    execFileSync('cp', [path, inFolder('a.log.3')]);
    renameSync(path, inFolder('a.log.0'));
    writeFileSync(path, '2\n');
    expect(file.lines()).toEqual(['2']);
    file.tail.close();
  });

  it('lets go of a deleted file after a while and takes up the next one', async () => {
    const clock = manualClock(Date.now() / 1000);
    const path = inFolder('a.log');
    writeFileSync(path, '1\n');
    const file = openTail(path, clock);
    file.lines();
    unlinkSync(path);
    expect(file.lines()).toEqual([]);
    expect(file.kinds()).toEqual([]);
    await clock.advance(2);
    expect(file.lines()).toEqual([]);
    expect(file.kinds()).toEqual(['missing']);
    await clock.advance(60);
    file.lines();
    writeFileSync(path, 'again\n');
    expect(file.lines()).toEqual(['again']);
    expect(file.kinds()).toEqual(['missing', 'back', 'rotated']);
    file.tail.close();
  });

  it('reads nothing twice when an editor writes the file anew, but all of a new file that begins alike', () => {
    const path = inFolder('a.log');
    writeFileSync(path, '# header\n1\n');
    const file = openTail(path);
    file.lines();
    appendFileSync(path, '2\n');
    writeFileSync(inFolder('new'), '# header\n1\n2\n');
    renameSync(inFolder('new'), path);
    expect(file.lines()).toEqual(['2']);
    writeFileSync(inFolder('new'), '# header\n3\n4\n5\n');
    renameSync(inFolder('new'), path);
    expect(file.lines()).toEqual(['# header', '3', '4', '5']);
    file.tail.close();
  });

  it('reads nothing twice when a file was away and comes back', async () => {
    const clock = manualClock(Date.now() / 1000);
    const path = inFolder('a.log');
    writeFileSync(path, '1\n');
    const file = openTail(path, clock);
    file.lines();
    renameSync(path, inFolder('elsewhere'));
    for (const seconds of [1, 60]) {
      file.lines();
      await clock.advance(seconds);
    }
    file.lines();
    renameSync(inFolder('elsewhere'), path);
    appendFileSync(path, '2\n');
    expect(file.lines()).toEqual(['2']);
    file.tail.close();
  });
});

describe('what is not a log file', () => {
  it.each(['folder', 'fifo', 'link to nowhere', 'socket path'])('%s: a notice, no crash, no waiting, and back again afterwards', (what) => {
    const path = inFolder('a.log');
    writeFileSync(path, '1\n');
    const file = openTail(path);
    file.lines();
    unlinkSync(path);
    if (what === 'folder') mkdirSync(path);
    else if (what === 'fifo') execFileSync('mkfifo', [path]);
    else if (what === 'link to nowhere') symlinkSync(inFolder('nowhere'), path);
    else symlinkSync('/dev/tty', path);
    expect(file.lines()).toEqual([]);
    rmSync(path, { recursive: true });
    writeFileSync(path, '2\n');
    expect(file.lines()).toEqual(['2']);
    expect(file.kinds().filter((kind) => kind !== 'rotated')).toEqual(what === 'link to nowhere' ? [] : ['unreadable', 'back']);
    file.tail.close();
  });

  it.each([
    ['while it is still read', 5],
    ['long after it was let go of', 100],
  ])('a link that is swapped back to an earlier file: its lines count once, %s', async (_when, seconds) => {
    const clock = manualClock();
    const point = (to: string): void => {
      symlinkSync(inFolder(to), inFolder('new'));
      renameSync(inFolder('new'), inFolder('link'));
    };
    writeFileSync(inFolder('one'), 'a\nb\n');
    writeFileSync(inFolder('two'), 'c\n');
    point('one');
    const file = openTail(inFolder('link'), clock);
    expect(file.lines()).toEqual(['a', 'b']);
    point('two');
    expect(file.lines()).toEqual(['c']);
    await clock.advance(seconds);
    appendFileSync(inFolder('two'), 'd\n');
    expect(file.lines()).toEqual(['d']);
    point('one');
    appendFileSync(inFolder('one'), 'e\n');
    expect(file.lines()).toEqual(['e']);
    appendFileSync(inFolder('two'), 'f\n');
    appendFileSync(inFolder('one'), 'g\n');
    expect(file.lines().sort()).toEqual(['f', 'g']);
    point('two');
    expect(file.lines()).toEqual([]);
    file.tail.close();
  });

  it('follows a symbolic link to its new target', () => {
    writeFileSync(inFolder('one'), '1\n');
    writeFileSync(inFolder('two'), '2\n');
    symlinkSync(inFolder('one'), inFolder('link'));
    const file = openTail(inFolder('link'));
    expect(file.lines()).toEqual(['1']);
    symlinkSync(inFolder('two'), inFolder('new'));
    renameSync(inFolder('new'), inFolder('link'));
    expect(file.lines()).toEqual(['2']);
    file.tail.close();
  });
});
