/** Holds back Ctrl-C while something is under way that must come to its end: a jail of the stock server that has another ban time for a moment. */

export interface Guard {
  /** Whether somebody asked us to end while something was under way: then nothing more is to be begun. */
  readonly interrupted: boolean;
  /** Works to the end; asked a second time, the process ends at once. */
  during<T>(work: () => Promise<T>): Promise<T>;
}

/** The lawful nothing: nobody interrupts. */
export const noGuard: Guard = { interrupted: false, during: (work) => work() };

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** @param tell a sentence for standard error */
export function createGuard(tell: (text: string) => void): Guard {
  let interrupted = false;
  function onSignal(signal: NodeJS.Signals): void {
    if (interrupted) {
      letGo();
      process.kill(process.pid, signal);
      return;
    }
    interrupted = true;
    tell('finishing what is under way; once more to end at once');
  }
  function letGo(): void {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
  return {
    get interrupted() {
      return interrupted;
    },
    async during(work) {
      for (const signal of SIGNALS) process.on(signal, onSignal);
      try {
        return await work();
      } finally {
        letGo();
      }
    },
  };
}
