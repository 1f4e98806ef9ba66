/** Starts a program that runs as long as we do: its lines of output are handed on, its errors go where ours go, and it is stopped in order. */
import type { Clock } from './clock';
import { begin } from './process-begin';

export interface ChildRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** The whole environment of the child; without it the child has ours. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Each line of standard output, without its newline. */
  onLine(line: string): void;
}

export interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Why it could not be started. */
  readonly error: Error | null;
}

export interface LongChild {
  readonly pid: number | null;
  /** Kept when the child has ended; never rejects. */
  readonly ended: Promise<ChildEnd>;
  /** SIGTERM, and SIGKILL when it has not ended within `grace` seconds; kept when it has ended. */
  stop(grace: number): Promise<ChildEnd>;
}

/** A line longer than this is handed on in pieces. */
const MAX_LINE = 65536;

/** The child leads a process group of its own, so that Ctrl-C in a terminal reaches us alone and we stop it in order. Never throws. */
export function startChild(request: ChildRequest, clock: Clock): LongChild {
  const env = request.env === undefined ? {} : { env: { ...request.env } };
  const started = begin(request.command, request.args, { stdio: ['ignore', 'pipe', 'inherit'], detached: true, ...env });
  if (started instanceof Error) {
    const ended = Promise.resolve({ code: null, signal: null, error: started });
    return { pid: null, ended, stop: () => ended };
  }
  const child = started;
  let rest = '';
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE) lines.push(rest.slice(0, MAX_LINE));
    rest = rest.length > MAX_LINE ? '' : rest;
    lines.forEach((line) => request.onLine(line));
  });
  let alive = true;
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('error', (error) => resolve({ code: null, signal: null, error }));
    child.once('close', (code, signal) => resolve({ code, signal, error: null }));
  }).finally(() => {
    alive = false;
  });
  async function stop(grace: number): Promise<ChildEnd> {
    if (alive) child.kill('SIGTERM');
    const timer = clock.after(grace, () => void (alive && child.kill('SIGKILL')));
    const end = await ended;
    timer.cancel();
    return end;
  }
  return { pid: child.pid ?? null, ended, stop };
}
