/** A monitor that was just started tells nothing of what happened before it listened: until then the firewall is looked at. */
import { silentLogger } from '../../../src/base/logger';
import { FirewallWatch, type WatchedJail } from '../../../src/engine/server/firewall-watch';
import { manualClock } from '../../support/clock';

test('places are looked at every few seconds while the monitor begins, then only when it tells, and each minute', async () => {
  const clock = manualClock();
  const looks: number[] = [];
  const jail: WatchedJail = {
    name: 'j',
    places: [{ key: 'k', tool: 'nft', program: 'nft', within: 'inet bailiff' }],
    watches: () => true,
    recheck: () => Promise.resolve(void looks.push(Math.floor(clock.monotonic()))),
  };
  const began = clock.monotonic();
  const watch = new FirewallWatch({
    clock,
    logger: silentLogger,
    runner: { run: () => Promise.reject(new Error('nothing is run')) },
    spawn: () => ({ kill: () => undefined, pause: () => undefined, resume: () => undefined }),
    jails: () => [jail],
  });
  watch.start();
  for (let second = 0; second < 60; second++) await clock.advance(1);
  watch.stop();
  const after = looks.map((at) => at - Math.floor(began));
  expect(after.filter((at) => at <= 10).length).toBeGreaterThanOrEqual(3);
  expect(after.filter((at) => at > 10 && at < 60)).toEqual([]);
});
