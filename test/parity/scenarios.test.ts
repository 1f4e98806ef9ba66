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
]);

function judge(scenarios: readonly Scenario[], differences: readonly Difference[]): void {
  const isMeant = ({ scenario, what }: Difference): boolean => MEANT.has(`${scenario}: ${what}`);
  const names = new Set(differences.map(({ scenario }) => scenario));
  const meant = new Set(differences.filter(isMeant).map(({ scenario }) => scenario));
  console.log(`scenarios: ${scenarios.length - names.size}/${scenarios.length} the same, meant: ${[...meant].join(', ') || 'none'}`);
  const others = differences.filter((difference) => !isMeant(difference));
  expect(others.map(({ scenario, what, stock, ours }) => `${scenario}\n${what}\n--- original\n${stock}\n--- ours\n${ours}`)).toEqual([]);
}

test('servers that run through', async () => {
  judge(RUNNING, await play(RUNNING));
}, 120_000);

test('servers that are restarted', async () => {
  judge(RESTARTED, await play(RESTARTED, [RESTART_AT]));
}, 120_000);
