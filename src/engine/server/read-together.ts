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
  #timer: Timer | null = null;

  constructor(readonly clock: Clock) {}

  /** Has somebody read with the others, at the latest in a while. */
  add(reader: Reading): void {
    this.#waiting.add(reader);
    this.#timer ??= this.clock.after(PATIENCE, () => this.begin());
  }

  /** All who were added read. */
  begin(): void {
    this.#timer?.cancel();
    this.#timer = null;
    for (const reader of this.#waiting) reader.read();
    this.#waiting.clear();
  }
}
