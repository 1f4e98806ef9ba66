/** The same timed scripts on the stock server and on ours: the same log, answers, actions and database. */
import { play, type Difference } from '../support/scenario-player';
import type { Scenario } from '../support/scenario';
import { RESTART_AT, RESTARTED } from './scenarios/restarted';
import { RUNNING } from './scenarios/running';

/** Differences that shall be: docs/deviations.md tells why. */
const MEANT: ReadonlySet<string> = new Set([
  'reload of a jail with another action: 7 $ get f4 actions',
  'reload of a jail with another action: acts f4',
  'ignorecache: log h2 192.0.2.1',
  'lines are read on where reading stopped: 23 $ status r2',
]);

/** Bans of a few seconds end too early on a busy machine, on either server: only what differs every time that it is played is a difference. */
const ROUNDS = 3;

async function judge(scenarios: readonly Scenario[], restartAt: readonly number[] = []): Promise<void> {
  const isMeant = ({ scenario, what }: Difference): boolean => MEANT.has(`${scenario}: ${what}`);
  const differences = await play(scenarios, restartAt);
  const meant = new Set(differences.filter(isMeant).map(({ scenario }) => scenario));
  let others = differences.filter((difference) => !isMeant(difference));
  for (let round = 1; round < ROUNDS && others.length > 0; round++) {
    const names = new Set(others.map(({ scenario }) => scenario));
    console.log(`scenarios: played again: ${[...names].join(', ')}`);
    const again = await play(
      scenarios.filter(({ name }) => names.has(name)),
      restartAt,
    );
    others = again.filter((difference) => !isMeant(difference));
  }
  const different = new Set([...meant, ...others.map(({ scenario }) => scenario)]);
  console.log(`scenarios: ${scenarios.length - different.size}/${scenarios.length} the same, meant: ${[...meant].join(', ') || 'none'}`);
  expect(others.map(({ scenario, what, stock, ours }) => `${scenario}\n${what}\n--- original\n${stock}\n--- ours\n${ours}`)).toEqual([]);
}

test('servers that run through', () => judge(RUNNING), 360_000);

test('servers that are restarted', () => judge(RESTARTED, [RESTART_AT]), 360_000);
