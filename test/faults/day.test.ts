/** An hour of a busy server in compressed time; a whole day by `npm run soak -- day`. */
import { playDay, slope } from './day';

const SEED = 3;

test('an hour of lines, rotations, bans and their ends: all counters are as counted apart from the server, and no descriptor is left open', async () => {
  const figures = await playDay(SEED, 1);
  console.log(`an hour (seed ${SEED}): ${JSON.stringify(figures)}`);
  expect(figures.wrong).toEqual([]);
  expect(figures.lines).toBeGreaterThan(25_000);
  expect(figures.rotations).toBeGreaterThan(0);
  expect(figures.bans).toBeGreaterThan(50);
  expect(figures.unbans).toBeGreaterThan(20);
  expect(figures.descriptors.last).toBeLessThanOrEqual(figures.descriptors.first + 3);
}, 300_000);

test('the slope is that of the line through the points', () => {
  expect(
    slope([
      [0, 5],
      [1, 7],
      [2, 9],
    ]),
  ).toBeCloseTo(2);
  expect(
    slope([
      [0, 1],
      [1, 3],
      [2, 1],
      [3, 3],
    ]),
  ).toBeCloseTo(0.4);
});
