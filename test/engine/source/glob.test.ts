import { appendFileSync, mkdirSync, readdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import { foldersOf } from '../../../src/engine/source/followed-glob';
import { createFollower } from '../../../src/engine/source/follower';
import type { Follower } from '../../../src/engine/source/source';
import { temporaryFolder } from '../../support/folder';
import { followOptions, keptReader, until } from '../../support/reader';

let folder = temporaryFolder();
let follower: Follower;
const inFolder = (name: string): string => join(folder.path, name);

function start(backend: 'auto' | 'polling' = 'auto'): Follower {
  follower = createFollower({ clock: systemClock, logger: silentLogger, backend });
  return follower;
}

beforeEach(() => {
  folder = temporaryFolder();
  follower = createFollower({ clock: systemClock, logger: silentLogger });
});
afterEach(async () => {
  await follower.close();
  folder.remove();
});

describe.each(['auto', 'polling'] as const)('with the backend %s', (backend) => {
  it('a pattern picks up a new file in a new folder within two seconds, from its beginning', async () => {
    mkdirSync(inFolder('system/one.example/logs'), { recursive: true });
    writeFileSync(inFolder('system/one.example/logs/error_log'), 'one\n');
    const reader = keptReader();
    const handle = start(backend).follow(inFolder('system/*/logs/error_log'), followOptions(), reader);
    await until(() => reader.lines().length === 1, 'the first file');
    mkdirSync(inFolder('system/two.example/logs'), { recursive: true });
    writeFileSync(inFolder('system/two.example/logs/error_log'), 'two\n');
    expect(await until(() => reader.lines().includes('two'), 'the new file')).toBeLessThan(2000);
    expect(handle.files()).toEqual([inFolder('system/one.example/logs/error_log'), inFolder('system/two.example/logs/error_log')]);
    expect(reader.kinds().filter((kind) => kind === 'added')).toEqual(['added']);
    appendFileSync(inFolder('system/two.example/logs/error_log'), 'three\n');
    await until(() => reader.lines().includes('three'), 'the next line');
  });
});

it('a pattern waits for folders that are not there yet', async () => {
  const reader = keptReader();
  start().follow(inFolder('later/*.log'), followOptions(), reader);
  await new Promise((resolve) => setTimeout(resolve, 300));
  mkdirSync(inFolder('later'));
  writeFileSync(inFolder('later/a.log'), 'a\n');
  expect(await until(() => reader.lines().length === 1, 'the file')).toBeLessThan(2000);
});

it('a pattern keeps each file’s own position', async () => {
  for (const name of ['a.log', 'b.log']) writeFileSync(inFolder(name), `${name} 1\n`);
  const reader = keptReader();
  const handle = start().follow(inFolder('*.log'), followOptions(), reader);
  await until(() => reader.lines().length === 2, 'both');
  const stored = new Map(handle.files().map((path) => [path, handle.position(path)]));
  await follower.close();
  appendFileSync(inFolder('b.log'), 'b.log 2\n');
  const again = keptReader();
  start().follow(inFolder('*.log'), followOptions({ positionOf: (path) => stored.get(path) ?? null }), again);
  await until(() => again.kinds().filter((kind) => kind === 'in-operation').length === 2, 'both ends');
  expect(again.lines()).toEqual(['b.log 2']);
});

it('a vanished file of a pattern is told of, and is followed again when it comes back', async () => {
  writeFileSync(inFolder('a.log'), 'a\n');
  const reader = keptReader();
  start().follow(inFolder('*.log'), followOptions(), reader);
  await until(() => reader.lines().length === 1, 'the line');
  unlinkSync(inFolder('a.log'));
  await until(() => reader.kinds().includes('missing'), 'the notice');
  writeFileSync(inFolder('a.log'), 'b\n');
  await until(() => reader.lines().length === 2, 'the line in the new file');
});

it('serves all who ask for one pattern: each gets what is there as history, and goes on when another stops', async () => {
  writeFileSync(inFolder('a.log'), 'a 1\n');
  const [first, second] = [keptReader(), keptReader()];
  const handle = start().follow(inFolder('*.log'), followOptions(), first);
  await until(() => first.kinds().includes('in-operation'), 'the end of the first');
  writeFileSync(inFolder('a.log'), 'a 2\n', { flag: 'a' });
  await until(() => first.lines().length === 2, 'the second line');
  follower.follow(inFolder('*.log'), followOptions(), second);
  await until(() => second.lines().length === 2, 'the same lines');
  await handle.stop();
  writeFileSync(inFolder('b.log'), 'b 1\n');
  await until(() => second.lines().includes('b 1'), 'the new file');
  expect([first.lines(), second.lines()]).toEqual([
    ['a 1', 'a 2'],
    ['a 1', 'a 2', 'b 1'],
  ]);
});

it('leaves out files of a pattern that it is told to leave out, then or later', async () => {
  for (const name of ['a.log', 'b.log', 'c.log']) writeFileSync(inFolder(name), `${name} 1\n`);
  const reader = keptReader();
  const except = new Set([inFolder('a.log')]);
  const handle = start().follow(inFolder('*.log'), followOptions({ except }), reader);
  await until(() => reader.lines().length === 2, 'the others');
  except.add(inFolder('b.log'));
  handle.leave?.(inFolder('b.log'));
  for (const name of ['a.log', 'b.log', 'c.log']) appendFileSync(inFolder(name), `${name} 2\n`);
  writeFileSync(inFolder('d.log'), 'd.log 1\n');
  await until(() => reader.lines().length === 4, 'the lines of the others');
  expect(handle.files()).toEqual([inFolder('c.log'), inFolder('d.log')]);
  expect(reader.lines().sort()).toEqual(['b.log 1', 'c.log 1', 'c.log 2', 'd.log 1']);
});

it('reads nothing of a pattern before it is told to, and then all', async () => {
  writeFileSync(inFolder('a.log'), 'a 1\n');
  const reader = keptReader();
  const handle = start().follow(inFolder('*.log'), followOptions({ paused: true }), reader);
  expect(handle.files()).toEqual([inFolder('a.log')]);
  appendFileSync(inFolder('a.log'), 'a 2\n');
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(reader.lines()).toEqual([]);
  handle.resume();
  await until(() => reader.lines().length === 2, 'both lines');
});

it('a path with brackets in its name that is there is no pattern', async () => {
  writeFileSync(inFolder('a[1].log'), 'a\n');
  const reader = keptReader();
  start().follow(inFolder('a[1].log'), followOptions(), reader);
  await until(() => reader.lines().length === 1, 'the line');
});

it('a path that is named and matched as well brings its lines once', async () => {
  writeFileSync(inFolder('a.log'), 'a\n');
  const reader = keptReader();
  start().follow(inFolder('a.log'), followOptions(), reader);
  follower.follow(inFolder('*.log'), followOptions(), reader);
  await until(() => reader.kinds().includes('in-operation'), 'the end');
  appendFileSync(inFolder('a.log'), 'b\n');
  await until(() => reader.lines().length >= 2, 'the next line');
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(reader.lines()).toEqual(['a', 'b']);
});

it('names the folders whose changes matter', () => {
  mkdirSync(inFolder('system/one/logs'), { recursive: true });
  expect(foldersOf(inFolder('system/*/logs/*_log')).sort()).toEqual([
    inFolder('system'),
    inFolder('system/one'),
    inFolder('system/one/logs'),
  ]);
  expect(foldersOf(inFolder('no/such/*.log'))).toEqual([folder.path]);
});

it('two thousand files of one folder are read, followed, and let go of with their descriptors', async () => {
  const open = (): number => readdirSync('/proc/self/fd').length;
  const before = open();
  const names = Array.from({ length: 2000 }, (_, index) => inFolder(`${index}.log`));
  for (const name of names) writeFileSync(name, 'old\n');
  const reader = keptReader();
  start().follow(inFolder('*.log'), followOptions(), reader);
  await until(() => reader.kinds().filter((kind) => kind === 'in-operation').length === 2000, 'all ends', 20);
  for (const name of names) appendFileSync(name, `${name}\n`);
  await until(() => reader.batches.length >= 4000, 'all new lines', 10);
  expect(new Set(reader.lines().filter((line) => line !== 'old')).size).toBe(2000);
  // What it takes in its quietest second: others work in this process too, and a busy machine counts more.
  let idle = Infinity;
  for (let second = 0; second < 10 && idle >= 500_000; second++) {
    const used = process.cpuUsage();
    await new Promise((resolve) => setTimeout(resolve, 1000));
    const { user, system } = process.cpuUsage(used);
    idle = Math.min(idle, user + system);
  }
  expect(idle).toBeLessThan(500_000);
  await follower.close();
  rmSync(folder.path, { recursive: true });
  expect(open()).toBeLessThan(before + 20);
});
