/** No line is lost, and none counts twice, whatever becomes of the log: replaced by what is none, swapped, cut, compressed, and thousands of files that come and go. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { gzipSync } from 'node:zlib';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  server.write('a.log', '');
});

afterEach(() => server.remove());

/** Ids that were found, each as often as it was. */
const found = (): readonly string[] => Array.from(server.log.matchAll(/\] Found (\S+)/g), ([, id = '']) => id);
const id = (n: number): string => `10.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

/** Waits until exactly those up to `count` were found. */
async function all(count: number): Promise<void> {
  await waitFor(`${count} failures`, () => new Set(found()).size >= count, 60);
  expect([...found()].sort()).toEqual(Array.from({ length: count }, (_, n) => id(n)).sort());
}

test('the log becomes a folder, a FIFO, a link to nowhere, a link to another file, and a file again', async () => {
  const log = server.path('a.log');
  server.jails(`[j1]\nlogpath = ${log}\nmaxretry = 1000\n`);
  await server.start('j1');
  let count = 0;
  const line = async (file = 'a.log'): Promise<void> => {
    server.fail(file, id(count++));
    await all(count);
  };
  await line();
  const away = (): void => renameSync(log, `${log}.1`);
  const others: Readonly<Record<string, readonly [make: () => void, remove: () => void]>> = {
    folder: [() => mkdirSync(log), () => rmdirSync(log)],
    fifo: [() => execFileSync('mkfifo', [log]), () => unlinkSync(log)],
    nowhere: [() => symlinkSync(server.path('nowhere'), log), () => unlinkSync(log)],
  };
  for (const [make, remove] of Object.values(others)) {
    const told = server.log.length;
    away();
    make();
    await waitFor('it is told', () => /a\.log: .*(not a regular file|does not exist)/.test(server.log.slice(told)), 30);
    remove();
    await line();
  }
  away();
  for (const target of ['first', 'second', 'third']) {
    server.fail(target, id(count++));
    rmSync(log, { force: true });
    symlinkSync(server.path(target), log);
    await all(count);
    await line(target);
  }
}, 180_000);

test('rotated by renaming, with dates, by copy and cut, compressed at once and later, while lines come', async () => {
  const log = server.path('a.log');
  server.jails(`[j1]\nlogpath = ${log}\nmaxretry = 1000\n`);
  await server.start('j1');
  let count = 0;
  const some = (file = 'a.log'): void => {
    for (let n = 0; n < 50; n++) server.fail(file, id(count++));
  };
  // It is being followed.
  some();
  await all(count);
  for (let round = 0; round < 4; round++) {
    some();
    renameSync(log, `${log}.1`);
    // A program that has the old file open still writes there.
    some('a.log.1');
    writeFileSync(log, '');
    some();
    await all(count);
    writeFileSync(`${log}.${round + 2}.gz`, gzipSync(readFileSync(`${log}.1`)));
    rmSync(`${log}.1`);
    some();
    renameSync(log, `${log}-2026010${round + 1}`);
    some();
    await all(count);
    copyFileSync(log, `${log}.copy${round}`);
    truncateSync(log);
    some();
    await all(count);
    // What nobody has read yet when the log is cut stands in the copy alone.
    some();
    copyFileSync(log, `${log}.old`);
    truncateSync(log);
    some();
    await all(count);
  }
}, 180_000);

test('thousands of files come, have their failure, and go: each counts once, and no descriptor stays', async () => {
  mkdirSync(server.path('logs'));
  server.write('logs/steady.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('logs')}/*.log\nmaxretry = 1000\n`);
  await server.start('j1');
  const descriptors = (): number => readdirSync(`/proc/${server.pid}/fd`).length;
  const before = descriptors();
  let count = 0;
  for (let wave = 0; wave < 10; wave++) {
    const names = Array.from({ length: 300 }, (_, n) => `logs/${wave}-${n}.log`);
    // Others are gone before anybody can have looked.
    for (const name of names) {
      appendFileSync(server.path(`${name}.log`), '');
      unlinkSync(server.path(`${name}.log`));
      server.fail(name, id(count++));
    }
    server.fail('logs/steady.log', id(count++));
    await all(count);
    for (const name of names) unlinkSync(server.path(name));
  }
  server.fail('logs/steady.log', id(count++));
  await all(count);
  await waitFor('descriptors are given back', () => descriptors() <= before + 20, 90);
}, 240_000);
