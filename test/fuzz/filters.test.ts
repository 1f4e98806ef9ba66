/** Our filters beside the original's on lines that nobody has seen: the same failures, or the difference is listed in docs/deviations.md. */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';

/** Pairs of line and filter; as many more as one likes: `npm run fuzz`. */
const PAIRS = 200_000;
const SEED = 3;

test('both programs find the same failures in mutated sample lines', async () => {
  const script = path.join(__dirname, '../../scripts/fuzz.mjs');
  const args = [script, 'filters', '--seed', String(SEED), '--pairs', String(PAIRS), '--workers', '2', '--quiet', '--installed'];
  const run = promisify(execFile)(process.execPath, args, { maxBuffer: 64 << 20 });
  const output = await run.then(
    ({ stdout }) => stdout,
    (error: { stdout?: string }) => error.stdout ?? String(error),
  );
  const tally = JSON.parse(/^filters: (\{.*\})$/m.exec(output)?.[1] ?? '{}') as Record<
    'pairs' | 'same' | 'meant' | 'failures' | 'late',
    number
  >;
  console.log(
    `fuzzer (seed ${SEED}): ${tally.same} of ${tally.pairs} pairs of line and filter alike, ${tally.meant} meant; ${tally.failures} failures`,
  );
  expect(output.split('different: ').slice(1)).toEqual([]);
  expect(tally.pairs).toBeGreaterThanOrEqual(PAIRS);
  expect(tally.same + tally.meant).toBe(tally.pairs);
  expect(tally.meant).toBeLessThan(PAIRS / 1000);
  expect(tally.late).toBeLessThan(PAIRS / 1000);
  expect(tally.failures).toBeGreaterThan(PAIRS / 10);
}, 300_000);
