/** A disk that answers reads of a log with an error (EIO): it is told once, nothing else suffers, and each line is read once when the disk is well again. */
import { execFileSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

let server: TestServer;

afterEach(() => server.remove());

const found = (): readonly string[] => Array.from(server.log.matchAll(/\] Found (\S+)/g), ([, id = '']) => id);
const told = (from: number): number => Array.from(server.log.slice(from).matchAll(/a\.log.*EIO/g)).length;

async function exactly(count: number): Promise<void> {
  const ids = Array.from({ length: count }, (_, n) => `10.0.0.${n}`);
  await waitFor(`${count} failures`, () => new Set(found()).size >= count, 60);
  expect([...found()].sort()).toEqual([...ids].sort());
}

test('reads of a log fail for a while, at the start, while it is followed, over a rotation', async () => {
  server = new TestServer();
  const [log, other, flag, shim] = ['a.log', 'b.log', 'broken', 'failing-disk.so'].map((name) => server.path(name)) as [
    string,
    string,
    string,
    string,
  ];
  execFileSync('g++', ['-x', 'c', '-shared', '-fPIC', '-o', shim, join(__dirname, '../support/failing-disk.c'), '-ldl']);
  server.before = ['env', `LD_PRELOAD=${shim}`, `FAILS_AT=${log}`, `FAILS_WHILE=${flag}`];
  let count = 0;
  const line = (file: string): void => server.fail(file, `10.0.0.${count++}`);
  server.jails(`[j1]\nlogpath = ${log}\nmaxretry = 1000\n\n[j2]\nlogpath = ${other}\nmaxretry = 1000\n`);
  writeFileSync(flag, '');
  line(log);
  line(other);
  await server.start('j1', 'j2');
  await waitFor('it is told', () => told(0) > 0, 30);
  rmSync(flag);
  await exactly(count);
  for (let round = 0; round < 2; round++) {
    const begin = server.log.length;
    writeFileSync(flag, '');
    line(log);
    await waitFor('it is told', () => told(begin) > 0, 30);
    line(other);
    await waitFor('the other jail goes on', () => found().includes(`10.0.0.${count - 1}`), 30);
    line(log);
    if (round === 1) renameSync(log, `${log}.1`);
    line(log);
    // Several more looks: it is told once.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(told(begin)).toBe(1);
    rmSync(flag);
    await exactly(count);
  }
}, 120_000);
