/** Configuration folders as careful, careless and hostile hands would write them, read by us and by the original: the same commands, or an error on both sides. */
import { fuzz } from '../support/fuzzer';

/** Jails, and lists of options; as many more as one likes: `npm run fuzz -- ini`, `npm run fuzz -- options`. */
const [JAILS, LISTS] = [1_500, 60_000];
const SEED = 4;

test('both programs read the same from drawn configuration folders', async () => {
  const tally = await fuzz('ini', SEED, JAILS);
  console.log(
    `ini (seed ${SEED}): ${tally.same} of ${tally.pairs} jails alike, ${tally.meant} meant; ${tally.failures} in folders that both read`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(JAILS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(JAILS / 20);
  expect(tally.failures).toBeGreaterThan(JAILS / 4);
}, 300_000);

test('both programs take drawn lists of options apart alike', async () => {
  const tally = await fuzz('options', SEED, LISTS);
  console.log(`options (seed ${SEED}): ${tally.same} of ${tally.pairs} texts alike, ${tally.meant} meant; ${tally.failures} refused`);
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(LISTS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(LISTS / 1000);
  expect(tally.failures).toBeLessThan(LISTS * 0.8);
}, 300_000);
