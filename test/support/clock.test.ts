/** The manual clock itself: timers run in order, at their time, and periodic ones again and again. */
import { sleep } from '../../src/base/clock';
import { manualClock } from './clock';

describe('manualClock', () => {
  it('runs due timers in the order of their time, each seeing its own time', async () => {
    const clock = manualClock(1000);
    const seen: [string, number][] = [];
    clock.after(5, () => seen.push(['late', clock.now()]));
    clock.after(2, () => seen.push(['early', clock.now()]));
    clock.after(50, () => seen.push(['never', clock.now()]));
    await clock.advance(10);
    expect(seen).toEqual([
      ['early', 1002],
      ['late', 1005],
    ]);
    expect(clock.now()).toBe(1010);
  });

  it('repeats a periodic timer until it is cancelled', async () => {
    const clock = manualClock(0);
    let count = 0;
    const timer = clock.every(1, () => count++);
    await clock.advance(3);
    timer.cancel();
    await clock.advance(3);
    expect(count).toBe(3);
    expect(clock.waiting).toBe(0);
  });

  it('runs timers that a due timer starts by way of a promise', async () => {
    const clock = manualClock(0);
    const seen: number[] = [];
    void (async () => {
      await sleep(clock, 1);
      seen.push(clock.now());
      await sleep(clock, 2);
      seen.push(clock.now());
    })();
    await clock.advance(4);
    expect(seen).toEqual([1, 3]);
  });

  it('moves the wall clock without running timers', () => {
    const clock = manualClock(100);
    clock.after(1, () => {
      throw new Error('must not run');
    });
    clock.jump(500);
    expect(clock.now()).toBe(500);
    expect(clock.monotonic()).toBe(0);
  });
});
