/** A clock that is turned by hand: due timers run in order of their time, and what they start is given room to settle. */
import type { Clock, Timer } from '../../src/base/clock';

export interface ManualClock extends Clock {
  /** Turns the clock on by `seconds`, running the timers that come due, in order; promises they start settle in between. */
  advance(seconds: number): Promise<void>;
  /** Turns the clock to `now` (forward only), as `advance` does. */
  advanceTo(now: number): Promise<void>;
  /** Sets the wall clock without running timers: somebody changed the time of the machine. */
  jump(now: number): void;
  /** How many timers wait. */
  readonly waiting: number;
}

interface Entry {
  due: number;
  readonly order: number;
  readonly period: number | null;
  readonly run: () => void;
}

/** Lets promises, and a few rounds of real I/O, settle. */
export async function settle(rounds = 5): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}

/**
 * A clock that stands still until it is advanced.
 * @param start seconds since the epoch
 */
export function manualClock(start = 1_700_000_000): ManualClock {
  const timers = new Set<Entry>();
  let monotonic = 0;
  let offset = start;
  let order = 0;

  function add(seconds: number, period: number | null, run: () => void): Timer {
    const entry: Entry = { due: monotonic + Math.max(0, seconds), order: order++, period, run };
    timers.add(entry);
    return { cancel: () => void timers.delete(entry) };
  }

  function nextDue(limit: number): Entry | null {
    let next: Entry | null = null;
    for (const entry of timers) {
      if (entry.due > limit) continue;
      if (next === null || entry.due < next.due || (entry.due === next.due && entry.order < next.order)) next = entry;
    }
    return next;
  }

  async function advance(seconds: number): Promise<void> {
    const limit = monotonic + seconds;
    await settle();
    for (let entry = nextDue(limit); entry !== null; entry = nextDue(limit)) {
      monotonic = Math.max(monotonic, entry.due);
      if (entry.period === null) timers.delete(entry);
      else entry.due += Math.max(entry.period, 1e-3);
      entry.run();
      await settle();
    }
    monotonic = limit;
  }

  return {
    now: () => offset + monotonic,
    monotonic: () => monotonic,
    after: (seconds, run) => add(seconds, null, run),
    every: (seconds, run) => add(seconds, seconds, run),
    advance,
    advanceTo: (now) => advance(Math.max(0, now - (offset + monotonic))),
    jump(now) {
      offset = now - monotonic;
    },
    get waiting() {
      return timers.size;
    },
  };
}
