/** Somebody sets the machine's clock hours ahead or back while a jail runs: failures count on, bans are made, and end. */
import { jailWorld } from '../../support/jail-world';

const HOURS = 3 * 3600;
const A = '192.0.2.1';
const B = '192.0.2.2';

it.each([
  ['ahead', HOURS],
  ['back', -HOURS],
])('three failures earn a ban right after the clock was set three hours %s, and it ends after its time', async (_, hours) => {
  const { jail, clock, action, lines } = jailWorld();
  await jail.start();
  await lines(`fail ${A}`, `fail ${A}`, `fail ${A}`);
  expect([...action.table.keys()]).toEqual([A]);
  clock.jump(clock.now() + hours);
  await lines(`fail ${B}`, `fail ${B}`, `fail ${B}`);
  await jail.settled();
  expect(action.table.has(B)).toBe(true);
  await clock.advance(2);
  // A ban of before is over when the clock says so: at once ahead, not before its hour back.
  expect(action.table.has(A)).toBe(hours < 0);
  await clock.advance(601);
  expect(action.table.has(B)).toBe(false);
  await clock.advance(hours < 0 ? HOURS : 0);
  expect([action.table.size, action.faults]).toEqual([0, []]);
});

it.each([
  ['ahead and back', HOURS, 3],
  ['back and ahead', -HOURS, 2],
])('after a clock was set %s only what it called too old meanwhile counts no more', async (_, hours, more) => {
  const { jail, clock, action, lines } = jailWorld();
  await jail.start();
  await lines(`fail ${A}`);
  clock.jump(clock.now() + hours);
  await clock.advance(5);
  await lines(`fail ${B}`);
  clock.jump(clock.now() - hours);
  await lines(...Array.from({ length: more - 1 }, () => `fail ${A}`));
  expect(action.table.has(A)).toBe(false);
  await lines(`fail ${A}`, `fail ${B}`, `fail ${B}`);
  // The failure of B is dated as the clock was: hours ago, when it was set back.
  expect([action.table.has(A), action.table.has(B)]).toEqual([true, hours > 0]);
  expect(action.faults).toEqual([]);
});
