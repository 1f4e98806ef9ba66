/** The dates that we see in drawn lines beside those that the original sees: the same text cut out, the same time or none. */
import { fuzz } from '../support/fuzzer';

/** Lines; as many more as one likes: `npm run fuzz -- dates`. */
const LINES = 50_000;
const SEED = 8;

test('both programs see the same dates in drawn lines', async () => {
  const tally = await fuzz('dates', SEED, LINES);
  console.log(`dates (seed ${SEED}): ${tally.same} of ${tally.pairs} lines alike, ${tally.meant} meant; ${tally.failures} with a date`);
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(LINES);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(tally.pairs / 20);
  expect(tally.failures).toBeGreaterThan(LINES / 5);
}, 300_000);
