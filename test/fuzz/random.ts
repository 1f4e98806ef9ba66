/** Draws numbers from a seed: the same seed, the same draws. */

export interface Random {
  /** A whole number from 0 to `below` − 1. */
  below(below: number): number;
  /** True in `share` of the draws. */
  chance(share: number): boolean;
  pick<T>(items: readonly T[]): T;
}

/** A stream of draws for one number of one run; streams of different numbers have nothing in common. */
export function randomOf(seed: number, number: number): Random {
  let state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(number + 1, 0xc2b2ae35);
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x100000000;
  };
  const below = (most: number): number => Math.floor(next() * most);
  return { below, chance: (share) => next() < share, pick: (items) => items[below(items.length)]! };
}

/** The items in a drawn order. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const order = [...items];
  for (let index = order.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}
