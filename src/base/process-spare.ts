/**
 * A process made ahead: a shell that waits to be told which command it is to become. To fork a server takes longer than most of its commands take,
 * so it is done while nobody waits for it.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Clock } from './clock';

/**
 * Reads words, each after the number of its lines, up to a line `.` (what follows is the command's standard input) or `:` (it has none), and becomes
 * the command. What a shell like itself is to do it does itself: to start another takes longer than to read the command. The words are only ever values of
 * variables, and the script of that shell. Should the server end, so does this.
 */
const WAIT = `# runs a command of an action
set --
while IFS= read -r lines; do
  case $lines in . | :) break ;; esac
  IFS= read -r word || exit 0
  while [ "$lines" -gt 1 ]; do
    IFS= read -r line || exit 0
    word="$word
$line"
    lines=$((lines - 1))
  done
  set -- "$@" "$word"
done
case $lines in
.) ;;
:) exec </dev/null ;;
*) exit 0 ;;
esac
case "$# $1 $2" in
'3 /bin/sh -c') set -- && eval "unset lines word line; $word" ;;
*) exec "$@" ;;
esac`;
/** Characters of all words: a shell reads them one by one. */
const LONGEST = 8192;
/** What every shell reads as it stands. */
const PLAIN = /^[\t\n\x20-\x7e]*$/;
/** Seconds after a command was begun until the next process is made. */
const SOON = 0.005;

/** Keeps one process ready, from the first command on. */
export class SpareProcess {
  #waiting: ChildProcess | null = null;
  #ordered = false;

  constructor(private readonly clock: Clock) {}

  get isReady(): boolean {
    return this.#waiting !== null;
  }

  /** The process that is the command now, with pipes for what it reads, prints and complains of; null when there is none, or none that can be it. */
  take(command: string, args: readonly string[], stdin: string | undefined): ChildProcess | null {
    const child = this.#waiting;
    this.#order();
    const told = child === null ? null : orders([command, ...args], stdin);
    if (child === null || told === null) return null;
    this.#waiting = null;
    child.ref();
    for (const pipe of pipesOf(child)) pipe.ref();
    child.stdin?.end(told);
    return child;
  }

  #order(): void {
    if (this.#ordered) return;
    this.#ordered = true;
    this.clock.after(SOON, () => {
      this.#ordered = false;
      this.#waiting ??= this.#make();
    });
  }

  #make(): ChildProcess | null {
    try {
      const child = spawn('/bin/sh', ['-c', WAIT], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
      const gone = (): void => {
        if (this.#waiting === child) this.#waiting = null;
      };
      child.once('exit', gone);
      child.on('error', gone);
      // A command that ends without reading is no error of ours.
      child.stdin.on('error', () => undefined);
      child.unref();
      for (const pipe of pipesOf(child)) pipe.unref();
      return child;
    } catch {
      return null;
    }
  }
}

function pipesOf({ stdin, stdout, stderr }: ChildProcess): readonly Socket[] {
  return [stdin, stdout, stderr] as unknown as readonly Socket[];
}

/** What `WAIT` reads; null for words that it may not read as they are. */
function orders(words: readonly string[], stdin: string | undefined): string | null {
  let length = 0;
  let text = '';
  for (const word of words) {
    length += word.length;
    if (length > LONGEST || !PLAIN.test(word)) return null;
    text += `${word.split('\n').length}\n${word}\n`;
  }
  return stdin === undefined ? `${text}:\n` : `${text}.\n${stdin}`;
}
