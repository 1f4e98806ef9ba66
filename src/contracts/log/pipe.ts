/** Hands lines to a program's standard input in batches: lines of one tag that wait together go out in one run, in order. */
import type { Clock, Timer } from '../../base/clock';
import { succeeded } from '../../base/process';
import type { ProcessRunner } from '../../base/process';

export interface Pipe {
  write(tag: string, line: string): void;
  /** Sends what waits. */
  close(): Promise<void>;
}

/** How long lines are collected, seconds. */
const PAUSE = 0.2;
const MAX_WAITING = 10_000;
const TIMEOUT = 10;

/** @param program the program that takes the lines of a tag */
export function createPipe(
  world: { readonly clock: Clock; readonly runner: ProcessRunner },
  program: (tag: string) => { readonly command: string; readonly args: readonly string[] },
  onError: (message: string) => void,
): Pipe {
  let waiting: (readonly [tag: string, line: string])[] = [];
  let timer: Timer | null = null;
  let sending: Promise<void> = Promise.resolve();
  let failing = false;

  async function send(tag: string, lines: readonly string[]): Promise<void> {
    const { command, args } = program(tag);
    const result = await world.runner.run({ command, args, stdin: `${lines.join('\n')}\n`, timeout: TIMEOUT });
    if (!succeeded(result) && !failing) onError(`${command} does not take the log: ${result.stderr.trim().slice(0, 500)}`);
    failing = !succeeded(result);
  }

  async function sendAll(): Promise<void> {
    while (waiting.length > 0) {
      const tag = waiting[0]?.[0] ?? '';
      const other = waiting.findIndex(([name]) => name !== tag);
      const batch = waiting.splice(0, other === -1 ? waiting.length : other);
      await send(
        tag,
        batch.map(([, line]) => line),
      );
    }
  }

  function start(): Promise<void> {
    timer?.cancel();
    timer = null;
    sending = sending.then(sendAll);
    return sending;
  }

  return {
    write(tag, line) {
      if (waiting.length >= MAX_WAITING) waiting = waiting.slice(1);
      waiting.push([tag, line]);
      timer ??= world.clock.after(PAUSE, () => void start());
    },
    close: start,
  };
}
