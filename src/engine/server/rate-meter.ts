/** Counts things of the last minute, in slots of five seconds. */

const SLOT = 5;
const SLOTS = 12;

export class RateMeter {
  readonly #counts = new Float64Array(SLOTS);
  #slot = -Infinity;

  /** @param now seconds that only grow */
  add(count: number, now: number): void {
    this.#turn(now);
    const at = ((this.#slot % SLOTS) + SLOTS) % SLOTS;
    this.#counts[at] = (this.#counts[at] ?? 0) + count;
  }

  /** How many there were in the last minute. */
  perMinute(now: number): number {
    this.#turn(now);
    return this.#counts.reduce((sum, count) => sum + count, 0);
  }

  /** Empties the slots that have passed since. */
  #turn(now: number): void {
    const slot = Math.floor(now / SLOT);
    if (slot - this.#slot >= SLOTS) this.#counts.fill(0);
    else for (let passed = this.#slot + 1; passed <= slot; passed++) this.#counts[((passed % SLOTS) + SLOTS) % SLOTS] = 0;
    this.#slot = Math.max(this.#slot, slot);
  }
}
