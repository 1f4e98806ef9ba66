import { appendFileSync, mkdirSync, renameSync, symlinkSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAX_LINES } from '../../../src/base/file-cursor';
import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { createFollower } from '../../../src/engine/source/follower';
import type { Follower } from '../../../src/engine/source/source';
import { temporaryFolder } from '../../support/folder';
import { followOptions, keptReader, until } from '../../support/reader';

let folder = temporaryFolder();
let follower: Follower;
const inFolder = (name: string): string => join(folder.path, name);

function makeFollower(backend: 'auto' | 'polling' = 'auto'): Follower {
  follower = createFollower({ clock: systemClock, logger: silentLogger, backend });
  return follower;
}

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await follower.close();
  folder.remove();
});

describe.each(['auto', 'polling'] as const)('with the backend %s', (backend) => {
  it('hands out what is there as history and what comes as operation', async () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'old\n');
    const reader = keptReader();
    makeFollower(backend).follow(path, followOptions(), reader);
    await until(() => reader.kinds().includes('in-operation'), 'the end');
    appendFileSync(path, 'new\n');
    await until(() => reader.lines().length === 2, 'the new line');
    expect(reader.batches.map(({ batch }) => [batch.source, batch.lines, batch.inOperation])).toEqual([
      [path, ['old'], false],
      [path, ['new'], true],
    ]);
    expect(reader.batches[1]!.position.offset).toBe(8);
  });

  it('takes up a file that comes later, from its beginning', async () => {
    const reader = keptReader();
    makeFollower(backend).follow(inFolder('a.log'), followOptions({ mode: 'tail' }), reader);
    await until(() => reader.kinds().includes('missing'), 'the notice');
    writeFileSync(inFolder('a.log'), 'first\n');
    await until(() => reader.lines().length === 1, 'the line', 3);
    expect(reader.kinds()).toContain('back');
  });
});

it('looks at a file that came back as often as before, with polling', async () => {
  const path = inFolder('a.log');
  const reader = keptReader();
  makeFollower('polling').follow(path, followOptions(), reader);
  await new Promise((resolve) => setTimeout(resolve, 3000));
  writeFileSync(path, 'one\n');
  await until(() => reader.lines().length === 1, 'the first line', 3);
  appendFileSync(path, 'two\n');
  await until(() => reader.lines().length === 2, 'the second line', 2);
});

it('gives a reader that comes later its own beginning, also in a file that was missing at first', async () => {
  const path = inFolder('a.log');
  const early = keptReader();
  const later = keptReader();
  makeFollower().follow(path, followOptions(), early);
  await until(() => early.kinds().includes('missing'), 'the notice');
  writeFileSync(path, '100 a\n200 b\n');
  await until(() => early.lines().length === 2, 'the lines');
  follower.follow(path, followOptions({ since: 150, dateOf: (_path, line) => Number.parseInt(line, 10) }), later);
  await until(() => later.kinds().includes('in-operation'), 'the end');
  appendFileSync(path, '300 c\n');
  await until(() => early.lines().length === 3 && later.lines().length === 2, 'the new line');
  expect(later.lines()).toEqual(['200 b', '300 c']);
  expect(early.lines()).toEqual(['100 a', '200 b', '300 c']);
});

it('takes one who comes to a file at rest at its end at once, and one who begins before that with the lines it wants', async () => {
  const path = inFolder('a.log');
  writeFileSync(path, '100 a\n200 b\n');
  const dateOf = (_path: string, line: string): number => Number.parseInt(line, 10);
  const [early, atEnd, behind] = [keptReader(), keptReader(), keptReader()];
  makeFollower().follow(path, followOptions({ dateOf, datesAs: 'number' }), early);
  await until(() => early.kinds().includes('in-operation'), 'the end');
  follower.follow(path, followOptions({ since: 300, dateOf, datesAs: 'number' }), atEnd);
  expect(atEnd.kinds()).toEqual(['in-operation']);
  follower.follow(path, followOptions({ since: 200, dateOf, datesAs: 'number' }), behind);
  await until(() => behind.lines().length === 1, 'the young line');
  appendFileSync(path, '300 c\n');
  await until(() => [early, atEnd, behind].every((reader) => reader.lines().includes('300 c')), 'the new line for all');
  expect([early.lines(), atEnd.lines(), behind.lines()]).toEqual([['100 a', '200 b', '300 c'], ['300 c'], ['200 b', '300 c']]);
});

it('does not look for young lines in a file that was written long before', async () => {
  const path = inFolder('a.log');
  writeFileSync(path, '1 a\n2 b\n');
  utimesSync(path, 1000, 1000);
  let looked = 0;
  const dateOf = (): number => (looked++, 1e9);
  const [late, young] = [keptReader(), keptReader()];
  makeFollower().follow(path, followOptions({ since: 1000 + 27 * 3600, dateOf }), late);
  await until(() => late.kinds().includes('in-operation'), 'the end');
  expect([looked, late.lines()]).toEqual([0, []]);
  follower.follow(path, followOptions({ since: 1000 + 25 * 3600, dateOf }), young);
  await until(() => young.lines().length === 2, 'lines that may be dated in another zone');
});

it('is called by fail2ban’s names', async () => {
  expect(makeFollower('auto').backend).toBe('pyinotify');
  await follower.close();
  expect(makeFollower('polling').backend).toBe('polling');
});

it('brings a line to the reader within a fraction of a second', async () => {
  const path = inFolder('a.log');
  writeFileSync(path, '');
  const reader = keptReader();
  makeFollower().follow(path, followOptions(), reader);
  await until(() => reader.kinds().includes('in-operation'), 'the end');
  const times: number[] = [];
  for (let count = 1; count <= 20; count++) {
    appendFileSync(path, `${count}\n`);
    times.push(await until(() => reader.lines().length === count, 'the line'));
  }
  expect(times.sort((a, b) => a - b)[10]!).toBeLessThan(100);
});

it('begins at the end with the mode tail, and at the first young line with the mode head', async () => {
  const path = inFolder('a.log');
  writeFileSync(path, '100 a\n200 b\n300 c\n');
  const tail = keptReader();
  const head = keptReader();
  const dateOf = (_path: string, line: string): number => Number.parseInt(line, 10);
  makeFollower().follow(path, followOptions({ mode: 'tail' }), tail);
  follower.follow(path, followOptions({ since: 200, dateOf }), head);
  await until(() => head.lines().length === 2, 'the young lines');
  appendFileSync(path, '400 d\n');
  await until(() => tail.lines().length === 1, 'the new line');
  await until(() => head.lines().length === 3, 'the new line');
  expect(tail.batches.map(({ batch }) => [batch.lines, batch.inOperation])).toEqual([[['400 d'], true]]);
  expect(head.lines()).toEqual(['200 b', '300 c', '400 d']);
});

describe('several readers of one file', () => {
  it('get the very same batch, each behind its own stored position', async () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'one\ntwo\nthree\n');
    const readers = [keptReader(), keptReader(), keptReader()];
    makeFollower();
    const whole = follower.follow(path, followOptions(), readers[0]!);
    await until(() => readers[0]!.lines().length === 3, 'all lines');
    const hash = whole.position()!.firstLineHash;
    follower.follow(path, followOptions({ position: { firstLineHash: hash, offset: 4 } }), readers[1]!);
    follower.follow(path, followOptions({ position: { firstLineHash: hash, offset: 14 } }), readers[2]!);
    await until(() => readers.every((reader) => reader.kinds().includes('in-operation')), 'the end');
    appendFileSync(path, 'four\n');
    await until(() => readers.every((reader) => reader.lines().includes('four')), 'the new line');
    expect(readers.map((reader) => reader.lines())).toEqual([['one', 'two', 'three', 'four'], ['two', 'three', 'four'], ['four']]);
    expect(readers[1]!.batches.at(-1)!.batch).toBe(readers[0]!.batches.at(-1)!.batch);
  });

  it('do not stop each other: one that rejects gets a notice, the others get all', async () => {
    const path = inFolder('a.log');
    writeFileSync(path, 'one\n');
    let failing = true;
    const bad = keptReader(() => (failing ? Promise.reject(new Error('database locked')) : Promise.resolve()));
    const good = keptReader();
    makeFollower();
    const handle = follower.follow(path, followOptions(), bad);
    follower.follow(path, followOptions(), good);
    await until(() => good.lines().length === 1 && bad.kinds().includes('in-operation'), 'the first line');
    expect(bad.notices.find(({ kind }) => kind === 'reader')?.message).toBe('database locked');
    failing = false;
    appendFileSync(path, 'two\n');
    await until(() => bad.lines().length === 1 && good.lines().length === 2, 'the second line');
    expect(handle.position()?.offset).toBe(8);
  });

  it('are waited for: no batch is read before the last one was handled by all, and other files go on', async () => {
    writeFileSync(inFolder('a.log'), 'x\n'.repeat(2.5 * MAX_LINES));
    writeFileSync(inFolder('b.log'), 'y\n');
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    let begun = 0;
    const slow = keptReader(() => {
      begun++;
      return gate;
    });
    const quick = keptReader();
    makeFollower();
    const handle = follower.follow(inFolder('a.log'), followOptions(), slow);
    follower.follow(inFolder('a.log'), followOptions(), quick);
    follower.follow(inFolder('b.log'), followOptions(), quick);
    await until(() => quick.lines().includes('y'), 'the other file');
    expect([begun, quick.lines().filter((line) => line === 'x').length]).toEqual([1, MAX_LINES]);
    expect(handle.position()).toBeNull();
    open();
    await until(() => slow.lines().length === 2.5 * MAX_LINES, 'the rest');
    expect(slow.batches.every(({ batch }) => batch.lines.length <= MAX_LINES)).toBe(true);
    expect(handle.position()?.offset).toBe(5 * MAX_LINES);
  });
});

it('reads nothing after stop, and nothing while it rests', async () => {
  const path = inFolder('a.log');
  writeFileSync(path, 'one\n');
  const resting = keptReader();
  const stopped = keptReader();
  makeFollower();
  const rest = follower.follow(path, followOptions(), resting);
  const stop = follower.follow(path, followOptions(), stopped);
  await until(() => stopped.lines().length === 1 && resting.lines().length === 1, 'the first line');
  rest.pause();
  await stop.stop();
  appendFileSync(path, 'two\n');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([resting.lines(), stopped.lines()]).toEqual([['one'], ['one']]);
  rest.resume();
  await until(() => resting.lines().length === 2, 'the line written meanwhile');
  appendFileSync(path, 'three\n');
  await until(() => resting.lines().length === 3, 'the new line');
  expect(resting.lines()).toEqual(['one', 'two', 'three']);
  expect(stopped.lines()).toEqual(['one']);
  expect(stop.position()?.offset).toBe(4);
});

it('hears what is written behind a symbolic link, and follows the link to another file', async () => {
  mkdirSync(inFolder('real'));
  writeFileSync(inFolder('real/one'), '');
  writeFileSync(inFolder('real/two'), 'two\n');
  symlinkSync('real/one', inFolder('a.log'));
  const reader = keptReader();
  makeFollower().follow(inFolder('a.log'), followOptions(), reader);
  await until(() => reader.kinds().includes('in-operation'), 'the end');
  appendFileSync(inFolder('real/one'), 'one\n');
  expect(await until(() => reader.lines().length === 1, 'the line')).toBeLessThan(1000);
  symlinkSync('real/two', inFolder('new'));
  renameSync(inFolder('new'), inFolder('a.log'));
  await until(() => reader.lines().length === 2, 'the other file');
  appendFileSync(inFolder('real/two'), 'three\n');
  await until(() => reader.lines().length === 3, 'the line in the other file');
});

it('goes on when the folder is replaced and when the file is removed and made again', async () => {
  mkdirSync(inFolder('logs'));
  const path = inFolder('logs/a.log');
  writeFileSync(path, 'one\n');
  const reader = keptReader();
  makeFollower().follow(path, followOptions(), reader);
  await until(() => reader.lines().length === 1, 'the first line');
  renameSync(inFolder('logs'), inFolder('old'));
  mkdirSync(inFolder('logs'));
  writeFileSync(path, 'two\n');
  await until(() => reader.lines().length === 2, 'the line in the new folder', 5);
  unlinkSync(path);
  await until(() => reader.kinds().includes('missing'), 'the notice', 5);
  writeFileSync(path, 'three\n');
  await until(() => reader.lines().length === 3, 'the line in the new file', 5);
});

it('uses UTF-8 and says so when nobody knows the encoding', async () => {
  writeFileSync(inFolder('a.log'), 'ö\n');
  const reader = keptReader();
  makeFollower().follow(inFolder('a.log'), followOptions({ encoding: 'klingon' }), reader);
  await until(() => reader.lines().length === 1, 'the line');
  expect(reader.lines()).toEqual(['ö']);
  expect(reader.kinds()).toContain('decoding');
});
