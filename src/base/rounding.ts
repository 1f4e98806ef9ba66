/** Rounds numbers the way Python's `round` does, because counts and times that others compare with ours were rounded by it. */

/** The nearest integer; a half goes to the even neighbour (banker's rounding): 0.5 → 0, 1.5 → 2, 2.5 → 2, −0.5 → 0. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
