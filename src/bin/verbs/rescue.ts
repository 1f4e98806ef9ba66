/** `rescue`: for somebody who is locked out: the server is ended, and all bans leave the firewall, whether it answers or not. */
import { messageOf } from '../../base/errors';
import type { Swept } from '../../panel/control/rescue/firewall-sweep';
import { setRunning } from '../../panel/web/acts/settings';
import { noWords, wrong } from './items';
import { count, formatTable } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

const NEXT =
  'The database keeps the bans. Before the server starts again, trust your own address: `bailiff add-trusted ADDRESS`, then `bailiff enable`.\n';

/** Ends the server; why it still runs, null when it does not. */
async function ended(world: CliWorld): Promise<string | null> {
  const { engine, running, pid } = await world.daemon.state();
  if (!running && pid === null) return null;
  const how = `${pid === null ? 'end it' : `end it with \`kill -9 ${pid}\``} and give this command again`;
  // systemd ends it all the same.
  if (engine === null && world.place.daemon === 'direct') return `the server does not answer and may put bans back: ${how}`;
  try {
    await setRunning(await world.working(), world.actor, false);
    return null;
  } catch (error) {
    return `the server did not end and may put bans back: ${messageOf(error)}; ${how}`;
  }
}

function told(swept: readonly Swept[], dryRun: boolean): string {
  if (dryRun) return 'This server only records its bans: the firewall is left alone.\n';
  if (swept.length === 0) return 'Nothing of it stands in the firewall any more.\n';
  const gone = swept.filter(({ message }) => message === null).length;
  return `${formatTable(swept.map(({ what, message }) => [what, message ?? 'taken out']))}${count(gone, 'thing was', 'things were')} taken out of the firewall.\n`;
}

async function rescue({ words, options }: Call, world: CliWorld): Promise<Answer> {
  noWords('rescue', words);
  if (!options.has('yes'))
    throw wrong('this ends intrusion detection and takes all bans out of the firewall; if that is wanted: rescue --yes');
  // At once, for somebody waits outside; and again, for the server may have put bans back until it ended.
  const clear = (): Promise<readonly Swept[]> => world.progress.during('clearing the firewall', () => world.clearFirewall());
  const first = await clear();
  const stillRuns = await world.progress.during('ending the server', () => ended(world));
  const again = new Map([...first, ...(await clear())].map((thing) => [thing.what, thing]));
  const swept = [...again.values()];
  const left = swept.filter(({ message }) => message !== null).map(({ what, message }) => `${what} still stands: ${message ?? ''}`);
  return {
    text: told(swept, world.place.dryRun) + NEXT,
    json: { ended: stillRuns === null, swept },
    failures: [...(stillRuns === null ? [] : [stillRuns]), ...left],
  };
}

export const rescueVerbs: readonly Verb[] = [
  {
    name: 'rescue',
    operands: '',
    summary: 'when you are locked out: end the server and take all bans out of the firewall, also when it does not answer',
    options: [{ name: 'yes', value: null, meaning: 'yes, do it' }],
    run: rescue,
  },
];
