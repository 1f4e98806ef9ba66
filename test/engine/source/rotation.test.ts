import { appendFileSync, copyFileSync, renameSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { createFollower } from '../../../src/engine/source/follower';
import type { Follower, Position } from '../../../src/engine/source/source';
import { temporaryFolder } from '../../support/folder';
import { followOptions, keptReader, until } from '../../support/reader';

let folder = temporaryFolder();
let follower: Follower;
const inFolder = (name: string): string => join(folder.path, name);
const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}`);
const text = (from: number, to: number): string =>
  numbers(from, to)
    .map((line) => `${line}\n`)
    .join('');

/** Writes numbered lines to argv[1] and rotates it every 50 ms, as argv[3] says, keeping all rotations. */
const WRITER = `
import os, sys, time, glob
path, count, how = sys.argv[1], int(sys.argv[2]), sys.argv[3]
out = open(path, 'ab', 0)
last = time.monotonic()
for number in range(1, count + 1):
    line = b'line %d\\n' % number
    if number % 7 == 0:
        out.write(line[:3]); out.write(line[3:])
    else:
        out.write(line)
    if number % 20 == 0: time.sleep(0.002)
    if time.monotonic() - last > 0.05:
        last = time.monotonic()
        old = sorted((int(name.rsplit('.', 1)[1]) for name in glob.glob(path + '.*')), reverse=True)
        for index in old: os.rename('%s.%d' % (path, index), '%s.%d' % (path, index + 1))
        os.rename(path, path + '.1')
        if how == 'create': open(path, 'ab').close()
        if how != 'late': out.close()
        else:
            previous = out
        out = open(path, 'ab', 0)
`;

function start(): Follower {
  follower = createFollower({ clock: systemClock, logger: silentLogger });
  return follower;
}

beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await follower.close();
  folder.remove();
});

describe.each(['move', 'create'])('under load, rotated every 50 ms (%s)', (how) => {
  it('reads each of 20000 lines exactly once and in order', async () => {
    const path = inFolder('load.log');
    writeFileSync(path, '');
    const reader = keptReader();
    start().follow(path, followOptions(), reader);
    const writer = spawn('python3', ['-c', WRITER, path, '20000', how], { stdio: ['ignore', 'ignore', 'inherit'] });
    const [code] = (await once(writer, 'exit')) as [number | null];
    expect(code).toBe(0);
    await until(() => reader.lines().length >= 20000, 'all lines', 10).catch(() => undefined);
    expect(reader.lines()).toEqual(numbers(1, 20000));
    expect(reader.kinds().filter((kind) => kind === 'rotated').length).toBeGreaterThan(5);
  });
});

describe('a restart', () => {
  const path = (): string => inFolder('a.log');

  async function readUntil(count: number, position: Position | null): Promise<{ lines: string[]; position: Position | null }> {
    const reader = keptReader();
    const handle = start().follow(path(), followOptions({ position }), reader);
    await until(() => reader.lines().length >= count && reader.kinds().includes('in-operation'), 'the lines');
    const found = { lines: reader.lines(), position: handle.position() };
    await follower.close();
    return found;
  }

  it('reads what was written meanwhile, and nothing twice', async () => {
    writeFileSync(path(), text(1, 10));
    const before = await readUntil(10, null);
    appendFileSync(path(), text(11, 15));
    const after = await readUntil(5, before.position);
    expect(after.lines).toEqual(numbers(11, 15));
    expect((await readUntil(0, after.position)).lines).toEqual([]);
  });

  it('reads the rest of the file that was rotated away meanwhile, then those after it', async () => {
    writeFileSync(path(), text(1, 10));
    const { position } = await readUntil(10, null);
    appendFileSync(path(), text(11, 12));
    renameSync(path(), inFolder('a.log.1'));
    writeFileSync(path(), text(13, 15));
    renameSync(inFolder('a.log.1'), inFolder('a.log.2'));
    renameSync(path(), inFolder('a.log.1'));
    writeFileSync(path(), text(16, 17));
    expect((await readUntil(7, position)).lines).toEqual(numbers(11, 17));
  });

  it('reads the rest from the copy when the file was copied and cut meanwhile', async () => {
    writeFileSync(path(), text(1, 10));
    const { position } = await readUntil(10, null);
    appendFileSync(path(), text(11, 12));
    copyFileSync(path(), inFolder('a.log.1'));
    truncateSync(path());
    appendFileSync(path(), text(13, 15));
    expect((await readUntil(5, position)).lines).toEqual(numbers(11, 15));
  });

  it('knows a name with a date before its ending', async () => {
    writeFileSync(path(), text(1, 10));
    const { position } = await readUntil(10, null);
    appendFileSync(path(), text(11, 12));
    renameSync(path(), inFolder('a-20261122.log'));
    writeFileSync(path(), text(13, 15));
    expect((await readUntil(5, position)).lines).toEqual(numbers(11, 15));
  });

  it('begins anew when the old file is not to be found', async () => {
    writeFileSync(path(), text(1, 10));
    const { position } = await readUntil(10, null);
    unlinkSync(path());
    writeFileSync(path(), text(20, 22));
    expect((await readUntil(3, position)).lines).toEqual(numbers(20, 22));
  });

  it('may happen in the middle: a position taken after any batch continues without loss', async () => {
    writeFileSync(path(), text(1, 3500));
    const reader = keptReader();
    start().follow(path(), followOptions(), reader);
    await until(() => reader.lines().length === 3500, 'all lines');
    await follower.close();
    for (const { batch, position } of reader.batches.slice(0, -1)) {
      const last = Number(batch.lines.at(-1)!.slice(5));
      expect((await readUntil(1, position)).lines[0]).toBe(`line ${last + 1}`);
    }
  });
});

describe('a pattern that matches rotated files too', () => {
  it('does not bring their lines twice', async () => {
    writeFileSync(inFolder('a.log.1'), text(1, 2));
    writeFileSync(inFolder('a.log'), text(3, 4));
    const reader = keptReader();
    const handle = start().follow(inFolder('a.log*'), followOptions(), reader);
    await until(() => reader.lines().length === 4, 'history');
    renameSync(inFolder('a.log.1'), inFolder('a.log.2'));
    renameSync(inFolder('a.log'), inFolder('a.log.1'));
    writeFileSync(inFolder('a.log'), text(5, 6));
    await until(() => reader.lines().length >= 6, 'the new lines');
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(reader.lines().sort()).toEqual(numbers(1, 6));
    expect(handle.files()).toContain(inFolder('a.log'));
  });
});
