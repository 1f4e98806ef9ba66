/** From a command that goes on: the lines of its standard output, each bounded, with a way to hold them back. */
import { messageOf } from './errors';
import { begin } from './process-begin';

export interface LineProcessEvents {
  /** A line without its newline; decoded as UTF-8. */
  onLine(line: string): void;
  /** A line was longer than `maxLine` and was dropped. */
  onTooLong(): void;
  /** The command has ended, or could not be started; called once, after the last line. */
  onExit(reason: string): void;
}

export interface LineProcess {
  /** Holds lines back; the command waits when its pipe is full. A few lines may still come. */
  pause(): void;
  resume(): void;
  /** Ends the command and its process group at once; no line comes after it, `onExit` does. */
  kill(): void;
}

const MAX_STDERR = 2000;

/**
 * Starts a command without a shell; its standard input is empty. Never throws: a command that cannot be started has an `onExit`.
 * @param maxLine bytes
 */
export function spawnLines(command: string, args: readonly string[], events: LineProcessEvents, maxLine = 1 << 20): LineProcess {
  let parts: Buffer[] = [];
  let length = 0;
  let dropping = false;
  let ended = false;
  let stderr = '';
  const child = begin(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  if (child instanceof Error) {
    setImmediate(() => events.onExit(child.message));
    return { pause: () => undefined, resume: () => undefined, kill: () => undefined };
  }
  const { stdout, stderr: complaints, pid } = child;

  function take(piece: Buffer, complete: boolean): void {
    length += piece.length;
    if (length > maxLine && !dropping) {
      dropping = true;
      parts = [];
      events.onTooLong();
    }
    if (!dropping) parts.push(piece);
    if (!complete) return;
    if (!dropping) events.onLine(Buffer.concat(parts).toString('utf8'));
    parts = [];
    length = 0;
    dropping = false;
  }

  stdout?.on('data', (chunk: Buffer) => {
    let from = 0;
    for (let newline = chunk.indexOf(10); newline >= 0 && !ended; newline = chunk.indexOf(10, from)) {
      take(chunk.subarray(from, newline), true);
      from = newline + 1;
    }
    if (from < chunk.length && !ended) take(Buffer.from(chunk.subarray(from)), false);
  });
  complaints?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('utf8')).slice(-MAX_STDERR);
  });
  let told = false;
  const exit = (reason: string): void => {
    if (told) return;
    told = true;
    ended = true;
    events.onExit(reason);
  };
  child.on('error', (error) => exit(messageOf(error)));
  child.on('close', (code, signal) => exit(stderr.trim() || (signal === null ? `ended with code ${code}` : `ended by ${signal}`)));
  return {
    pause: () => void stdout?.pause(),
    resume: () => void stdout?.resume(),
    kill: () => {
      ended = true;
      endGroup(pid);
      stdout?.destroy();
      complaints?.destroy();
    },
  };
}

/** Ends a process group; one that is gone already is no error. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    return;
  }
}
