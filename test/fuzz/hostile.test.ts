/** An offender who writes somebody else's address wherever he may write: our filters never name another, and with the stock filters ours names nobody whom the original does not. */
import { fuzz } from '../support/fuzzer';

const SEED = 7;
/** Lines; ten million by `npm run fuzz -- hostile-own`, two million by `npm run fuzz -- hostile`. */
const [OWN, STOCK] = [60_000, 20_000];

test('no shipped filter names anybody but the offender', async () => {
  const tally = await fuzz('hostile-own', SEED, OWN);
  console.log(`hostile-own (seed ${SEED}): ${tally.same} of ${tally.pairs} lines as they must be, ${tally.failures} with a failure`);
  expect(tally.different).toEqual([]);
  expect(tally.same).toBe(tally.pairs);
  expect(tally.pairs).toBeGreaterThanOrEqual(OWN);
  // The lines are lines of the filters: each of them finds the offender.
  expect(tally.failures).toBeGreaterThan(OWN / 4);
  expect(tally.filters).toBe(tally.of);
}, 300_000);

test('with the stock filters ours names nobody whom the original does not', async () => {
  const tally = await fuzz('hostile', SEED, STOCK);
  console.log(
    `hostile (seed ${SEED}): ${tally.same} of ${tally.pairs} lines as they must be, ${tally.failures} with a failure; the original names another in ${tally.victims}`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.same).toBe(tally.pairs);
  expect(tally.pairs + tally.late).toBeGreaterThanOrEqual(STOCK);
  expect(tally.failures).toBeGreaterThan(STOCK / 4);
  expect(tally.filters).toBe(tally.of);
  // Lines that can mislead a filter: some of the original's are.
  expect(tally.victims).toBeGreaterThan(0);
}, 300_000);
