/** Jails of one start begin to read together: thousands of files that they share are opened and searched once for all of them. */
import type { Clock, Timer } from '../../base/clock';

/** A jail that is slow to start holds up the reading of the others no longer than this, seconds. */
const PATIENCE = 2;

/** Who reads when it is told to. */
interface Reading {
  read(): void;
}

export class ReadTogether {
  readonly #waiting = new Set<Reading>();
  readonly #timer: Timer;

  constructor(clock: Clock) {
    this.#timer = clock.every(PATIENCE, () => this.#begin());
  }

  add(reader: Reading): void {
    this.#waiting.add(reader);
  }

  /** All are started. */
  end(): void {
    this.#timer.cancel();
    this.#begin();
  }

  #begin(): void {
    for (const reader of this.#waiting) reader.read();
    this.#waiting.clear();
  }
}
