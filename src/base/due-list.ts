/** What is due when: found without a walk over all that is not. */

/** Part of a round: sums of fractions are not exact. */
const NEARLY = 1e-6;
/** Of what is in no list. */
export const NOT_DUE = -1;

/** What can stand in a list, once. */
export interface Dated {
  /** The round that it is due in; only the list writes it. `NOT_DUE` at first. */
  round: number;
}

export class DueList<T extends Dated> {
  /** By the round; those that were put elsewhere or taken out since stand here still. */
  private readonly rounds = new Map<number, T[]>();

  /** @param length of a round, seconds; what becomes due within a round is taken at its end */
  constructor(private readonly length: number) {}

  /** Taken once from `due` on, in seconds from 0, and not when it was due before. */
  put(thing: T, due: number): void {
    const round = Math.max(0, Math.ceil(due / this.length - NEARLY));
    if (thing.round === round) return;
    thing.round = round;
    const present = this.rounds.get(round);
    if (present === undefined) this.rounds.set(round, [thing]);
    else present.push(thing);
  }

  /** Is not taken any more. */
  remove(thing: T): void {
    thing.round = NOT_DUE;
  }

  /** All that is due at `now`, which may only grow; they are not in the list any more. */
  take(now: number): readonly T[] {
    const last = Math.floor(now / this.length + NEARLY);
    const taken: T[] = [];
    for (const [round, things] of this.rounds) {
      if (round > last) continue;
      this.rounds.delete(round);
      for (const thing of things) {
        if (thing.round !== round) continue;
        thing.round = NOT_DUE;
        taken.push(thing);
      }
    }
    return taken;
  }
}
