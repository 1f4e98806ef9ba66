/** Memory that a burst of work has left behind goes back to the system when there is little to do: V8 by itself keeps it for minutes, and its holes for good. */
import { setFlagsFromString } from 'node:v8';
import type { Clock } from './clock';

/** What a process is asked about its memory, and told to do with it. */
export interface MemoryOfProcess {
  /** CPU seconds since it began. */
  cpu(): number;
  /** Collects what is of no use; with `compact` what is left moves together. Stops all else for that long: a tenth of a second for 20 MB in use. */
  collect(compact: boolean): void;
}

/** Seconds between two looks. */
const LOOK_EVERY = 10;
/** Seconds until the first ten that are looked at begin: when they are over, what helped a start is let go of (`engine/source/followed-files`). */
const FROM = 10;
/** Who uses less CPU than this share has little to do: looking after thousands of files takes up to a tenth on a machine that is slow to wake. */
const IDLE = 0.15;
/** CPU seconds of work that may have left so much. */
const WORK = 0.3;
/** Seconds from one time to the next. */
const NOT_BEFORE = 600;
/** The nursery shrinks when V8 sees at a second collection that little came in the last five seconds: what came before the first must lie behind that, seconds. */
const SECOND_LOOK = 6;

/** This process; null when it was not started with `--expose-gc`. */
export function ownMemory(): MemoryOfProcess | null {
  const { gc } = globalThis;
  if (gc === undefined) return null;
  return {
    cpu() {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1e6;
    },
    collect(compact) {
      if (compact) setFlagsFromString('--compact-on-every-full-gc');
      void gc();
      if (compact) setFlagsFromString('--no-compact-on-every-full-gc');
    },
  };
}

/** Looks every ten seconds, not in the first ones, whether there is little to do and work was done that may have left memory behind. */
export class MemoryKeeper {
  #cpu = 0;
  /** CPU seconds when memory was last given back. */
  #since = 0;

  constructor(
    private readonly clock: Clock,
    private readonly memory: MemoryOfProcess,
  ) {
    clock.after(FROM, () => {
      this.#cpu = memory.cpu();
      this.#lookAfter(LOOK_EVERY);
    });
  }

  #lookAfter(seconds: number): void {
    this.clock.after(seconds, () => this.#look());
  }

  #look(): void {
    const before = this.#cpu;
    this.#cpu = this.memory.cpu();
    const idle = this.#cpu - before < IDLE * LOOK_EVERY;
    if (!idle || this.#cpu - this.#since < WORK) return this.#lookAfter(LOOK_EVERY);
    this.memory.collect(true);
    this.clock.after(SECOND_LOOK, () => {
      this.memory.collect(false);
      this.#cpu = this.#since = this.memory.cpu();
      this.#lookAfter(NOT_BEFORE);
    });
  }
}
