/** The one process runner: a request becomes a child in its own process group, with a time limit and bounded output, and then a result. */
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import { sleep, type Clock } from './clock';
import { begin } from './process-begin';
import type { SpareProcess } from './process-spare';

export interface RunRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Written to standard input, which is then closed; without it standard input is empty. */
  readonly stdin?: string;
  /** The whole environment of the child; without it the child has ours. */
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds; then the child's whole process group is ended. */
  readonly timeout: number;
  /** File mode mask of the child; without it the child has ours. */
  readonly umask?: number;
  /** Bytes kept of each output stream, 64 KiB unless told; what is over is read and dropped. */
  readonly maxOutput?: number;
}

export interface RunResult {
  /** Exit code; 127 for a command that was not found and 126 for one that could not be executed, as shells have it; null after a signal. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** True when output was dropped. */
  readonly truncated: boolean;
}

export interface ProcessRunner {
  /** Runs a command to its end. Never rejects: a command that fails, or cannot be started, is a result. */
  run(request: RunRequest): Promise<RunResult>;
}

/** Between SIGTERM and SIGKILL, seconds. */
const GRACE = 0.2;
/** How long output may still come from children of an ended command, seconds. */
const DRAIN = 0.1;
/** How long an ended group may stay alive after SIGKILL (a process inside the kernel) before it is given up, seconds. */
const GIVE_UP = 2;
const MAX_OUTPUT = 65536;

/** True when a result is a success. */
export function succeeded(result: RunResult): boolean {
  return result.code === 0 && !result.timedOut;
}

/** Runs commands on this machine. Timers come from `clock`. With a `spare` a command need not wait until a process is made for it. */
export function systemRunner(clock: Clock, spare: SpareProcess | null = null): ProcessRunner {
  return { run: (request) => run(request, clock, spare) };
}

/** When a command that runs long makes room for another. */
export interface Patience {
  readonly clock: Clock;
  readonly seconds: number;
}

/** At most `max` commands of `runner` at a time; the others wait in order. With `patience` a command that runs longer does not count any more. */
export function boundedRunner(runner: ProcessRunner, max: number, patience?: Patience): ProcessRunner {
  let running = 0;
  const waiting: (() => void)[] = [];
  function makeRoom(): void {
    const next = waiting.shift();
    if (next) next();
    else running--;
  }
  async function run(request: RunRequest): Promise<RunResult> {
    if (running >= max) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    let counts = true;
    const leave = (): void => {
      if (counts) makeRoom();
      counts = false;
    };
    const timer = patience?.clock.after(patience.seconds, leave);
    try {
      return await runner.run(request);
    } finally {
      timer?.cancel();
      leave();
    }
  }
  return { run };
}

export interface RecordingRunner extends ProcessRunner {
  readonly requests: readonly RunRequest[];
}

/** The lawful nothing: runs no command, keeps every request and answers as told (success unless told). */
export function recordingRunner(answer: (request: RunRequest) => Partial<RunResult> = () => ({})): RecordingRunner {
  const requests: RunRequest[] = [];
  return {
    requests,
    run(request) {
      requests.push(request);
      return Promise.resolve({ code: 0, signal: null, stdout: '', stderr: '', timedOut: false, truncated: false, ...answer(request) });
    },
  };
}

/** The words to execute: another mask than ours is set by a shell that then becomes the command, because setting ours would race with our other files. */
function commandLine({ command, args, umask }: RunRequest): [string, string[]] {
  if (umask === undefined || umask === process.umask()) return [command, [...args]];
  return ['/bin/sh', ['-c', 'umask "$0"; exec "$@"', umask.toString(8).padStart(4, '0'), command, ...args]];
}

function run(request: RunRequest, clock: Clock, spare: SpareProcess | null): Promise<RunResult> {
  const [command, args] = commandLine(request);
  const stdout = collector(request.maxOutput ?? MAX_OUTPUT);
  const stderr = collector(request.maxOutput ?? MAX_OUTPUT);
  return new Promise((resolve) => {
    let timedOut = false;
    let groupEnded: Promise<void> = Promise.resolve();
    const ready = request.env === undefined ? spare?.take(command, args, request.stdin) : null;
    const child = ready ?? launch(command, args, request.env, request.stdin);
    if (child instanceof Error) {
      resolve({ ...notStarted(child), timedOut });
      return;
    }
    const limit = clock.after(request.timeout, () => {
      timedOut = true;
      groupEnded = endGroup(child, clock);
      clock.after(GRACE + GIVE_UP, () => finish(null, 'SIGKILL'));
    });
    let settled = false;
    const finish = (code: number | null, signal: NodeJS.Signals | null): void => {
      if (settled) return;
      settled = true;
      limit.cancel();
      child.stdout?.destroy();
      child.stderr?.destroy();
      const output = { stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.full() || stderr.full() };
      void groupEnded.then(() => resolve({ code, signal, timedOut, ...output }));
    };
    child.stdout?.on('data', stdout.add);
    child.stderr?.on('data', stderr.add);
    child.on('error', (error) => {
      if (settled || child.pid !== undefined) return;
      settled = true;
      limit.cancel();
      resolve({ ...notStarted(error), timedOut });
    });
    // A command may leave a child behind that keeps its output open: its end counts, not theirs. What it wrote itself is in the pipe by then, and is
    // read before we look: a timer that comes due while we are busy would run before that.
    const drained = (code: number | null, signal: NodeJS.Signals | null): void => {
      setImmediate(() => setImmediate(() => finish(code, signal)));
    };
    child.on('exit', (code, signal) => clock.after(DRAIN, () => drained(code, signal)));
    child.on('close', finish);
  });
}

/** Starts the child as leader of a process group; an error that comes at once (a word with NUL, words too long, no free descriptor) is a value. */
function launch(command: string, args: string[], env: RunRequest['env'], stdin: string | undefined): ChildProcess | Error {
  const stdio: ['ignore' | 'pipe', 'pipe', 'pipe'] = [stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'];
  const child = begin(command, args, { detached: true, stdio, ...(env === undefined ? {} : { env: { ...env } }) });
  if (child instanceof Error) return child;
  // A child that ends without reading is no error of ours.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(stdin);
  return child;
}

/** SIGTERM to the group, then SIGKILL to what is left of it. */
async function endGroup(child: ChildProcess, clock: Clock): Promise<void> {
  signalGroup(child, 'SIGTERM');
  await sleep(clock, GRACE);
  signalGroup(child, 'SIGKILL');
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Nobody of the group is left.
  }
}

function notStarted(error: Error): RunResult {
  const missing = (error as NodeJS.ErrnoException).errno === -constants.errno.ENOENT;
  return { code: missing ? 127 : 126, signal: null, stdout: '', stderr: error.message, timedOut: false, truncated: false };
}

/** Keeps the first `max` bytes of a stream. */
function collector(max: number): { add(this: void, chunk: Buffer): void; text(): string; full(): boolean } {
  const chunks: Buffer[] = [];
  let size = 0;
  return {
    add(chunk) {
      if (size < max) chunks.push(chunk.subarray(0, max - size));
      size += chunk.length;
    },
    text: () => Buffer.concat(chunks).toString('utf8'),
    full: () => size > max,
  };
}
