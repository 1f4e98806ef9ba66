/** Configuration folders as careful, careless and hostile hands would write them, read by us and by the original: the same commands, or an error on both sides. */
import { fuzz } from '../support/fuzzer';

/** Jails, single files, and lists of options; as many more as one likes: `npm run fuzz -- ini`, `npm run fuzz -- ini-files`, `npm run fuzz -- options`. */
const [JAILS, FILES, LISTS] = [1_500, 20_000, 60_000];
const SEED = 4;

test('both programs read the same from drawn configuration folders', async () => {
  const tally = await fuzz('ini', SEED, JAILS);
  console.log(
    `ini (seed ${SEED}): ${tally.same} of ${tally.pairs} jails alike, ${tally.meant} meant; ${tally.failures} in folders that both read`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(JAILS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(tally.pairs / 20);
  expect(tally.failures).toBeGreaterThan(JAILS / 4);
}, 300_000);

test('both parsers read the same from single files that are changed again and again, and edits of them change nothing else', async () => {
  const tally = await fuzz('ini-files', SEED, FILES);
  console.log(
    `ini-files (seed ${SEED}): ${tally.same} of ${tally.pairs} files alike, ${tally.failures} with mistakes; ${tally.edits} edits; ${tally.blocks} blocks of code`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(FILES);
  expect(tally.same).toBe(tally.pairs);
  expect(tally.failures).toBeGreaterThan(FILES / 5);
  expect(tally.failures).toBeLessThan(tally.pairs * 0.8);
  expect(tally.edits).toBeGreaterThan(FILES / 10);
}, 300_000);

test('both programs take drawn lists of options apart alike', async () => {
  const tally = await fuzz('options', SEED, LISTS);
  console.log(`options (seed ${SEED}): ${tally.same} of ${tally.pairs} texts alike, ${tally.meant} meant; ${tally.failures} refused`);
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(LISTS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(tally.pairs / 1000);
  expect(tally.failures).toBeLessThan(tally.pairs * 0.8);
}, 300_000);
