/** Bans survive kills and flushes on real nftables and iptables under load; many more of them with `npm run soak`. */
import { FaultWorld } from './fault-world';

const world = new FaultWorld(7, 5000);
afterAll(() => world.remove());

test('killed ten times at random moments under load and rotation: who earned a ban is banned once in each firewall, and nobody else', async () => {
  const figures = await world.killed(10);
  console.log(JSON.stringify({ ...figures, standing: undefined }));
  expect(figures.standing).toEqual({ missing: [], twice: [], wrong: [] });
  expect(figures.recordedTwice).toEqual([]);
  expect(figures.offenders).toBeGreaterThan(20);
  expect(figures.rotations).toBeGreaterThan(2);
}, 240_000);

test('after each of ten kinds of flushes by others all bans are back', async () => {
  const took = await world.flushed(10);
  console.log(`seconds until all bans stood again: ${took.map(({ how, seconds }) => `${how} ${seconds?.toFixed(1)}`).join(', ')}`);
  expect(took.filter(({ seconds }) => seconds === null)).toEqual([]);
  expect(world.standing()).toEqual({ missing: [], twice: [], wrong: [] });
}, 320_000);
