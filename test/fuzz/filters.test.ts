/** Our filters beside the original's on lines that nobody has seen: the same failures, or the difference is listed in docs/deviations.md. */
import { fuzz } from '../support/fuzzer';

/** Pairs of line and filter; as many more as one likes: `npm run fuzz -- filters`. */
const PAIRS = 200_000;
const SEED = 3;

test('both programs find the same failures in mutated sample lines', async () => {
  const tally = await fuzz('filters', SEED, PAIRS, 2);
  console.log(
    `fuzzer (seed ${SEED}): ${tally.same} of ${tally.pairs} pairs of line and filter alike, ${tally.meant} meant; ${tally.failures} failures`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(PAIRS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(tally.pairs / 1000);
  expect(tally.late).toBeLessThan(tally.pairs / 1000);
  expect(tally.failures).toBeGreaterThan(PAIRS / 10);
}, 300_000);
