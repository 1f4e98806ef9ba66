/** Logs as drawn bytes that come in pieces: read in blocks they give the lines that are in them, and filters find in the blocks what they find line by line. */
import { fuzz } from '../support/fuzzer';

/** Lines; as many more as one likes: `npm run fuzz -- blocks`. */
const LINES = 40_000;
const SEED = 9;

test('drawn bytes are the same lines and failures in blocks and line by line, wherever they are cut', async () => {
  const tally = await fuzz('blocks', SEED, LINES);
  console.log(
    `blocks (seed ${SEED}): ${tally.same} of ${tally.pairs} lines alike, in ${tally.reads} reads; ${tally.failures} failures, ${tally.late} lines of slow cases`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs + tally.late).toBeGreaterThanOrEqual(LINES);
  expect(tally.same).toBe(tally.pairs);
  expect(tally.late).toBeLessThan(tally.pairs / 2);
  expect(tally.failures).toBeGreaterThan(LINES / 20);
  expect(tally.reads).toBeGreaterThan(1000);
}, 300_000);
