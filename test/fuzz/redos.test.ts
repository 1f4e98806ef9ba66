/** Lines found by search, on which the stock filters take long: each regex holds up the engine once at most, and its steps are bounded from then on. */
import { fuzz } from '../support/fuzzer';

/** Lines; as many more as one likes: `npm run fuzz -- redos`. */
const LINES = 16_000;
const SEED = 5;

test('no stock filter is held up by lines that were searched for to hold it up', async () => {
  const tally = await fuzz('redos', SEED, LINES);
  console.log(`redos (seed ${SEED}): ${tally.pairs} lines, ${tally.failures} regexes that were slow once`);
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(LINES);
  expect(tally.same).toBe(tally.pairs);
  // The search finds some that are slow indeed.
  expect(tally.failures).toBeGreaterThan(0);
}, 300_000);
