/** Tells on standard error that something that takes long is still going on: in one line at a terminal, in a line from time to time elsewhere. */
import type { Clock } from '../../base/clock';

export interface Progress {
  /** Works, and tells from the second second on what is being done and for how long. `what` may change while it goes on. */
  during<T>(what: string | (() => string), work: () => Promise<T>): Promise<T>;
}

export interface ProgressWorld {
  readonly clock: Clock;
  readonly write: (text: string) => void;
  readonly terminal: boolean;
}

/** Seconds: until the first word, and between two. */
const FIRST = 1;
const TERMINAL_STEP = 1;
const LOG_STEP = 10;
const CLEAR = '\r\u001b[K';

/** The lawful nothing. */
export const noProgress: Progress = { during: (_what, work) => work() };

export function createProgress({ clock, write, terminal }: ProgressWorld): Progress {
  return {
    async during(what, work) {
      const began = clock.monotonic();
      let told = -Infinity;
      const tick = (): void => {
        const seconds = Math.floor(clock.monotonic() - began);
        if (seconds < FIRST || seconds - told < (terminal ? TERMINAL_STEP : LOG_STEP)) return;
        told = seconds;
        const text = `${typeof what === 'string' ? what : what()} … ${seconds} s`;
        write(terminal ? CLEAR + text : `${text}\n`);
      };
      const timer = clock.every(FIRST, tick);
      try {
        return await work();
      } finally {
        timer.cancel();
        if (terminal && told >= 0) write(CLEAR);
      }
    },
  };
}
