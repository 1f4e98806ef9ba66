/** Bodies of forms and of the API, drawn from what each route takes and damaged: each is answered with what is documented, and what is refused changes nothing. */
import { fuzz } from '../support/fuzzer';

/** Requests; as many more as one likes: `npm run fuzz -- forms`. */
const REQUESTS = 6_000;
const SEED = 5;

test('drawn requests are answered as documented, and refused ones change nothing', async () => {
  const tally = await fuzz('forms', SEED, REQUESTS);
  console.log(
    `forms (seed ${SEED}): ${tally.same} of ${tally.pairs} requests as they must be, ${tally.failures} refused, ${tally.changed} changed something; ${tally.whole} through the whole app; ${tally.kept} reached new code, ${tally.blocks} blocks`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(REQUESTS);
  expect(tally.same).toBe(tally.pairs);
  expect(tally.failures).toBeGreaterThan(REQUESTS / 5);
  expect(tally.failures).toBeLessThan(tally.pairs * 0.8);
  // Requests that are good really do what they ask for.
  expect(tally.changed).toBeGreaterThan(REQUESTS / 30);
  expect(tally.whole).toBeGreaterThan(REQUESTS / 100);
  expect(tally.blocks).toBeGreaterThan(700);
}, 300_000);
