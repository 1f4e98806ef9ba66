/** Memory is given back at rest only, after work; and a real process becomes smaller by it. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { MemoryKeeper, ownMemory, type MemoryOfProcess } from '../../src/base/process-memory';
import { manualClock, type ManualClock } from '../support/clock';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
const root = path.resolve(__dirname, '../..');
/** Keeps one of eight objects, and tells what the heap holds before they move together and afterwards. */
const HOLES = `
  const memory = require('${root}/src/base/process-memory.ts').ownMemory();
  let kept = Array.from({ length: 400_000 }, (_, at) => ({ at, text: [at] }));
  memory.collect(false);
  kept = kept.filter((_, at) => at % 8 === 0);
  memory.collect(false);
  const before = process.memoryUsage().heapTotal;
  memory.collect(true);
  console.log(JSON.stringify([before, process.memoryUsage().heapTotal, memory.cpu() > 0, kept.length]));
`;
let clock: ManualClock;
let memory: MemoryOfProcess & { seconds: number; readonly collected: boolean[] };

beforeEach(() => {
  clock = manualClock();
  memory = {
    seconds: 0,
    collected: [],
    cpu: () => memory.seconds,
    collect: (compact) => void memory.collected.push(compact),
  };
  new MemoryKeeper(clock, memory);
});

test('not before a start is over', async () => {
  await clock.advance(9);
  memory.seconds = 1;
  await clock.advance(10);
  expect(memory.collected).toEqual([]);
  await clock.advance(1);
  expect(memory.collected).toEqual([true]);
});

test('after work, at the first look without: what is left moves together, and a second collection shrinks the nursery', async () => {
  await clock.advance(10);
  memory.seconds = 5;
  await clock.advance(10);
  expect(memory.collected).toEqual([]);
  memory.seconds = 5.4;
  await clock.advance(10);
  expect(memory.collected).toEqual([true]);
  await clock.advance(6);
  expect(memory.collected).toEqual([true, false]);
});

test('once only, until as much work was done again', async () => {
  memory.seconds = 5;
  await clock.advance(100);
  expect(memory.collected).toEqual([true, false]);
  memory.seconds = 5.2;
  await clock.advance(1000);
  expect(memory.collected).toHaveLength(2);
  memory.seconds = 5.4;
  await clock.advance(26);
  expect(memory.collected).toHaveLength(4);
  memory.seconds = 60;
  await clock.advance(500);
  expect(memory.collected).toHaveLength(4);
});

test('not while there is something to do', async () => {
  for (let look = 0; look < 20; look++) {
    memory.seconds += 1.6;
    await clock.advance(10);
  }
  expect(memory.collected).toEqual([]);
});

test('there is nothing to ask in a process that may not collect', () => {
  expect(ownMemory()).toBeNull();
});

test('a process whose heap is full of holes holds less of it afterwards', () => {
  const program = path.join(folder.path, 'holes.ts');
  writeFileSync(program, HOLES);
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', path.join(root, 'test/support/typescript.mjs'), program], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  const [before, after, cpu, kept] = JSON.parse(stdout) as [number, number, boolean, number];
  expect([cpu, kept]).toEqual([true, 50_000]);
  expect(after).toBeLessThan(before * 0.8);
});
