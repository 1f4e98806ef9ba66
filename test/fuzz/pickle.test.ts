/** Pickles changed again and again, led by the code they reach: each is plain data or refused, and what Python reads too is the same value. */
import { fuzz } from '../support/fuzzer';

/** Inputs; as many more as one likes: `npm run fuzz -- pickle`. */
const INPUTS = 30_000;
const SEED = 2;

test('damaged and built pickles are plain data or refused', async () => {
  const tally = await fuzz('pickle', SEED, INPUTS);
  console.log(
    `pickle (seed ${SEED}): ${tally.same} of ${tally.pairs} inputs as they must be, ${tally.failures} refused, ${tally.values} read by Python too; ${tally.kept} reached new code, ${tally.blocks} blocks`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(INPUTS);
  expect(tally.failures).toBeGreaterThan(INPUTS / 4);
  expect(tally.failures).toBeLessThan(tally.pairs * 0.97);
  expect(tally.values).toBeGreaterThan(INPUTS / 50);
  expect(tally.kept).toBeGreaterThan(10);
}, 300_000);
