/** Whether a process lives and since when, by real processes. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pidInFile, startOfProcess } from '../../src/base/process-life';

it('tells when a process began, and that it has ended', async () => {
  const before = Date.now() / 1000;
  const child = spawn('/bin/cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const pid = child.pid ?? 0;
  const since = startOfProcess(pid);
  expect(Math.abs((since ?? 0) - before)).toBeLessThan(5);
  expect(startOfProcess(pid)).toBe(since);
  child.stdin.end();
  await ended;
  expect(startOfProcess(pid)).toBeNull();
});

it('takes a process that only waits to be collected for ended', async () => {
  // The shell becomes a program that never asks for its child's end.
  const parent = spawn('/bin/sh', ['-c', 'true & echo $!; exec /bin/cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  const pid = Number(await new Promise<string>((resolve) => parent.stdout.once('data', (text: Buffer) => resolve(text.toString()))));
  for (let round = 0; round < 100 && startOfProcess(pid) !== null; round++) await new Promise((resolve) => setTimeout(resolve, 50));
  expect(startOfProcess(pid)).toBeNull();
  const ended = new Promise((resolve) => parent.once('exit', resolve));
  parent.stdin.end();
  await ended;
});

it('reads a pid file, and nothing else for one', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-pid-'));
  const file = path.join(folder, 'a.pid');
  expect(pidInFile(file)).toBeNull();
  for (const [text, pid] of [
    ['123\n', 123],
    ['0', null],
    ['-1', null],
    ['12 34', null],
    ['../1', null],
    ['', null],
  ] as const) {
    writeFileSync(file, text);
    expect(pidInFile(file)).toBe(pid);
  }
  rmSync(folder, { recursive: true });
});
