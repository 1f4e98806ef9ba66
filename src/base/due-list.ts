/** What is due when: found without a walk over all that is not. */

/** Part of a round: sums of fractions are not exact. */
const NEARLY = 1e-6;

export class DueList<T> {
  /** By the number of the round that they are due in. */
  private readonly rounds = new Map<number, T[]>();

  /** @param round seconds; what becomes due within a round is taken at its end */
  constructor(private readonly round: number) {}

  /** Taken once from `due` on, in seconds; may stand in the list several times. */
  add(thing: T, due: number): void {
    const number = Math.ceil(due / this.round - NEARLY);
    const present = this.rounds.get(number);
    if (present === undefined) this.rounds.set(number, [thing]);
    else present.push(thing);
  }

  /** All that is due at `now`, which may only grow; they are not in the list any more. */
  take(now: number): readonly T[] {
    const last = Math.floor(now / this.round + NEARLY);
    const taken: T[] = [];
    for (const [number, things] of this.rounds) {
      if (number > last) continue;
      this.rounds.delete(number);
      for (const thing of things) taken.push(thing);
    }
    return taken;
  }
}
