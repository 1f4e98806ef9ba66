/** Drawn patterns on drawn texts, by V8 and by our own matcher, beside Python's `re`: the same match with the same groups, or the same error. */
import { fuzz } from '../support/fuzzer';

/** Pairs of pattern and text; as many more as one likes: `npm run fuzz -- regex`. */
const PAIRS = 40_000;
const SEED = 6;

test('drawn patterns match as Python matches', async () => {
  const tally = await fuzz('regex', SEED, PAIRS);
  console.log(
    `regex (seed ${SEED}): ${tally.same} of ${tally.pairs} searches alike, ${tally.failures} with a match, ${tally.v8} on V8, ${tally.own} on our matcher`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(PAIRS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(tally.pairs / 1000);
  expect(tally.late).toBeLessThan(tally.pairs / 1000);
  expect(tally.failures).toBeGreaterThan(PAIRS / 4);
  expect(Math.min(tally.v8 ?? 0, tally.own ?? 0)).toBeGreaterThan(PAIRS / 4);
}, 300_000);
