/** From a process id: whether that process lives, and since when. Linux tells both in /proc. */
import { readFileSync } from 'node:fs';

/** The kernel counts in hundredths of a second for programs, whatever its own clock does. */
const TICKS = 100;
/** Places behind the name in /proc/PID/stat: the state, and the start in ticks since the machine came up. */
const STATE = 0;
const START = 19;

/** When a process began, in seconds since the epoch; null when there is none, or it has ended and only waits to be collected. */
export function startOfProcess(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const boot = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'latin1'))?.[1];
    // The name may hold blanks and brackets; the last bracket ends it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const start = Number(fields[START]);
    if (boot === undefined || !Number.isFinite(start) || fields[STATE] === 'Z' || fields[STATE] === 'X') return null;
    return Number(boot) + start / TICKS;
  } catch {
    return null;
  }
}

/** The process id in a pid file; null when there is no such file, or something else in it. */
export function pidInFile(file: string): number | null {
  try {
    const text = readFileSync(file, 'latin1').trim();
    return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null;
  } catch {
    return null;
  }
}
