/** The one clock: everything that needs the time or a timer is given a Clock, so that tests can turn it by hand. */

export interface Timer {
  /** Stops the timer; a second call does nothing. */
  cancel(): void;
}

export interface Clock {
  /** Seconds since the epoch, with fraction. */
  now(): number;
  /** Seconds that only ever grow; for measuring how long something took. */
  monotonic(): number;
  /** Calls `run` once after `seconds`. The timer does not keep the process alive. */
  after(seconds: number, run: () => void): Timer;
  /** Calls `run` every `seconds` until cancelled. The timer does not keep the process alive. */
  every(seconds: number, run: () => void): Timer;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now() / 1000,
  // (`performance` would bring a dozen modules of Node's into memory.)
  monotonic: () => Number(process.hrtime.bigint()) / 1e9,
  after(seconds, run) {
    const handle = setTimeout(run, Math.min(seconds * 1000, 0x7fffffff));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
  every(seconds, run) {
    const handle = setInterval(run, seconds * 1000);
    handle.unref();
    return { cancel: () => clearInterval(handle) };
  },
};

/** A promise that is kept after `seconds` on the given clock. */
export function sleep(clock: Clock, seconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(seconds, resolve);
  });
}

/** Lets everybody else work for so long, by the real time: whoever lives by a clock that only moves with lines of a log goes on as well. */
export function pause(seconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, seconds * 1000);
  });
}

const waiting: (() => void)[] = [];

/**
 * Lets everybody else have a turn: what came from files, sockets and timers meanwhile. Of many who wait (thousands of files at the start) one goes on at
 * a time, and everybody else has a turn between each two: calls of `setImmediate` that are due are all made before anything that came is looked at.
 */
export function othersTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(nextTurn);
  });
}

function nextTurn(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(nextTurn);
}
