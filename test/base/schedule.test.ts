import { cronSchedule } from '../../src/base/schedule';

test('runs when the time comes, not while it still runs, and no more when cancelled', async () => {
  let [runs, running, overlaps] = [0, 0, 0];
  let reached = (): void => undefined;
  const twice = new Promise<void>((resolve) => (reached = resolve));
  const timer = cronSchedule('* * * * * *', async () => {
    runs++;
    overlaps += running;
    running = 1;
    if (runs === 2) reached();
    await new Promise((resolve) => setTimeout(resolve, 1300));
    running = 0;
  });
  await twice;
  timer.cancel();
  const before = runs;
  await new Promise((resolve) => setTimeout(resolve, 2200));
  expect([runs, overlaps]).toEqual([before, 0]);
});

test('refuses an expression that is none', () => {
  expect(() => cronSchedule('every night', () => Promise.resolve())).toThrow();
});
