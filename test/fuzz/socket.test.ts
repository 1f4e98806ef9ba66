/** Hostile bytes on the socket of our engine: each message gets an answer or an error, the server lives, and its memory and time stay bounded. */
import { fuzz } from '../support/fuzzer';

/** Inputs; a million by `npm run fuzz -- socket`. */
const INPUTS = 60_000;
const SEED = 5;

test('damaged, foreign, huge and endless messages cost the server nothing', async () => {
  const tally = await fuzz('socket', SEED, INPUTS);
  const { rss = 0, pause = 0 } = tally;
  console.log(
    `socket (seed ${SEED}): ${tally.same} of ${tally.pairs} inputs as they must be; at most ${rss} MiB, longest pause ${pause} ms`,
  );
  expect(tally.different).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(INPUTS);
  expect(tally.same).toBe(tally.pairs);
  // A good part of them is no message of fail2ban's at all.
  expect(tally.failures).toBeGreaterThan(INPUTS / 4);
  expect(rss).toBeGreaterThan(0);
}, 300_000);
