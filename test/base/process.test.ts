/** The process runner with real children: results, limits, whole groups ended, nothing thrown. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import { SpareProcess } from '../../src/base/process-spare';
import { boundedRunner, recordingRunner, succeeded, systemRunner, type ProcessRunner, type RunRequest } from '../../src/base/process';

const spare = new SpareProcess(systemClock);
const withSpare = systemRunner(systemClock, spare);

let turn: Promise<unknown> = Promise.resolve();

/** Begins each command when a process waits for it. */
const prepared: ProcessRunner = {
  async run(request) {
    const begun = turn.then(async () => {
      while (!spare.isReady) {
        await withSpare.run({ command: '/bin/true', args: [], timeout: 10 });
        await wait(10);
      }
      return { result: withSpare.run(request) };
    });
    turn = begun;
    return (await begun).result;
  },
};
const shell = (script: string, more: Partial<RunRequest> = {}): RunRequest => ({
  command: '/bin/sh',
  args: ['-c', script],
  timeout: 10,
  ...more,
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bailiff-process-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** True once no process with this id is alive (a zombie is dead). */
function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? true;
  } catch {
    return true;
  }
}

const runners = [
  ['a process of its own', systemRunner(systemClock)],
  ['one made ahead', prepared],
] as const;

describe.each(runners)('systemRunner.run in %s', (_, runner) => {
  it('gives code, output and errors of a command', async () => {
    const result = await runner.run(shell('echo out; echo err >&2; exit 3'));
    expect(result).toEqual({ code: 3, signal: null, stdout: 'out\n', stderr: 'err\n', timedOut: false, truncated: false });
    expect(succeeded(result)).toBe(false);
    expect(succeeded(await runner.run(shell('true')))).toBe(true);
  });

  it('hands arguments, standard input and environment on untouched', async () => {
    const hostile = 'a "b" \'c\' `id` $(id) \\ ;\n*';
    const args = ['-c', 'printf "%s|" "$0" "$1" "$VALUE"; cat', hostile, 'two'];
    const result = await runner.run({ command: '/bin/sh', args, stdin: 'from stdin', env: { VALUE: hostile }, timeout: 10 });
    expect(result.stdout).toBe(`${hostile}|two|${hostile}|from stdin`);
  });

  it('gives an empty standard input and the environment of the server when nothing is said', async () => {
    const result = await runner.run(shell('cat; printf "%s" "$PATH"'));
    expect(result.stdout).toBe(process.env['PATH']);
  });

  it('answers like a shell when a command is missing or cannot be executed', async () => {
    expect(await runner.run({ command: '/no/such/command', args: [], timeout: 5 })).toMatchObject({ code: 127, timedOut: false });
    expect(await runner.run({ command: folder, args: [], timeout: 5 })).toMatchObject({ code: 126 });
    expect(await runner.run(shell('true', { args: ['-c', 'true', 'a\0b'] }))).toMatchObject({ code: 126 });
    expect(await runner.run(shell('true', { args: ['-c', 'true', 'x'.repeat(3_000_000)] }))).toMatchObject({ code: 126 });
    expect(await runner.run({ command: '/no/such/command', args: [], timeout: 5, umask: 0o77 })).toMatchObject({ code: 127 });
  });

  it('keeps a bounded part of the output and lets the command finish', async () => {
    const result = await runner.run(shell('head -c 300000 /dev/zero | tr "\\0" x; echo done >&2', { maxOutput: 1000 }));
    expect(result).toMatchObject({ code: 0, truncated: true, stderr: 'done\n', stdout: 'x'.repeat(1000) });
  });

  it('sets the mask of the child and leaves ours alone', async () => {
    const before = process.umask();
    const file = path.join(folder, 'made');
    const result = await runner.run(
      shell('umask; : > "$0"; printf "%s" "$1"', { args: ['-c', `umask; : > ${file}; echo "$0 $1"`, 'zero', 'one'], umask: 0o77 }),
    );
    expect(result.stdout).toBe('0077\nzero one\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(process.umask()).toBe(before);
  });

  it('tells the signal that ended a command', async () => {
    expect(await runner.run(shell('kill -USR1 $$'))).toMatchObject({ code: null, signal: 'SIGUSR1', timedOut: false });
  });

  it('has all of the output when this process was busy while the command ended', async () => {
    const runs = Array.from({ length: 30 }, (_, at) => runner.run(shell(`sleep 0.${10 + at}; seq 10000`)));
    for (let round = 0; round < 12; round++) {
      const until = systemClock.monotonic() + 0.13;
      while (systemClock.monotonic() < until) continue;
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const result of await Promise.all(runs)) expect(result.stdout.endsWith('\n10000\n')).toBe(true);
  });

  it('does not wait for a child that the command left behind', async () => {
    const started = systemClock.monotonic();
    const result = await runner.run(shell('sleep 20 & echo $!'));
    process.kill(Number(result.stdout));
    expect(result.code).toBe(0);
    expect(systemClock.monotonic() - started).toBeLessThan(5);
  });
});

describe.each(runners)('a time limit in %s', (_, runner) => {
  it('ends the whole process group, also children that ignore SIGTERM', async () => {
    const started = systemClock.monotonic();
    const script = `trap '' TERM; (trap '' TERM; sleep 30) & echo $! > ${folder}/child; sleep 31 & echo $! > ${folder}/other; echo begun; wait; wait`;
    const result = await runner.run(shell(script, { timeout: 0.3 }));
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL', timedOut: true, stdout: 'begun\n' });
    expect(systemClock.monotonic() - started).toBeLessThan(4);
    await wait(100);
    for (const name of ['child', 'other']) expect(isGone(Number(readFileSync(path.join(folder, name), 'utf8')))).toBe(true);
  });

  it('lets a command clean up after SIGTERM, and still counts as a failure', async () => {
    const result = await runner.run(shell(`trap 'echo bye > ${folder}/bye; exit 0' TERM; sleep 20 & wait`, { timeout: 0.3 }));
    expect(result.timedOut).toBe(true);
    expect(succeeded(result)).toBe(false);
    expect(existsSync(path.join(folder, 'bye'))).toBe(true);
  });
});

describe('boundedRunner', () => {
  it('does not count a command that runs longer than its patience: it holds up no other', async () => {
    const bounded = boundedRunner(systemRunner(systemClock), 1, { clock: systemClock, seconds: 0.1 });
    const ended: string[] = [];
    const slow = bounded.run(shell('sleep 3')).finally(() => ended.push('slow'));
    const quick = await bounded.run(shell('echo quick')).finally(() => ended.push('quick'));
    expect(quick.stdout).toBe('quick\n');
    expect((await slow).code).toBe(0);
    expect(ended).toEqual(['quick', 'slow']);
    expect((await bounded.run(shell('echo after'))).stdout).toBe('after\n');
  });

  it('runs at most so many commands at a time, in order, and all of them', async () => {
    let now = 0;
    let most = 0;
    const order: string[] = [];
    const slow = {
      async run(request: RunRequest) {
        now++;
        most = Math.max(most, now);
        order.push(request.command);
        await wait(5);
        now--;
        return recordingRunner().run(request);
      },
    };
    const bounded = boundedRunner(slow, 2);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    await Promise.all(names.map((command) => bounded.run({ command, args: [], timeout: 1 })));
    expect(most).toBe(2);
    expect(order).toEqual(names);
  });
});

describe('recordingRunner', () => {
  it('runs nothing, keeps the requests and answers as told', async () => {
    const recorder = recordingRunner((request) => (request.command === 'bad' ? { code: 1 } : {}));
    expect(await recorder.run({ command: 'good', args: [], timeout: 1 })).toMatchObject({ code: 0 });
    expect(await recorder.run({ command: 'bad', args: [`touch ${folder}/x`], timeout: 1 })).toMatchObject({ code: 1 });
    expect(recorder.requests.map((request) => request.command)).toEqual(['good', 'bad']);
    expect(existsSync(path.join(folder, 'x'))).toBe(false);
  });
});
