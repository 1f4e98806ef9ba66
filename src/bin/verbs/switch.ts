/** `jails`, `enable-jails`, `disable-jails`: which jails there are, and switching them, each by itself. */
import { allJails } from '../../panel/control/all-jails';
import type { SwitchResult } from '../../panel/control/editor/editor';
import { switchJails } from '../../panel/web/acts/edits';
import { CONFIRM, confirmed, withBack } from './confirm';
import { listOf, noWords, wrong } from './items';
import { formatTable } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

async function jails({ dashed, words }: Call, { configuration, control }: CliWorld): Promise<Answer> {
  noWords('jails', words);
  if (dashed) {
    const states = (await configuration.jails()).map(({ name, enabled }) => ({ name, state: enabled ? 'active' : 'inactive' }));
    return { text: formatTable(states.map(({ name, state }) => [name, state])), json: states };
  }
  const running = (await allJails(control)).jails;
  const rows = running.map((jail) => [
    jail.name,
    (jail.problems ?? []).some((problem) => problem.severity === 'error') ? 'broken' : 'active',
    ...[jail.currentlyBanned, jail.totalBanned, jail.currentlyFailed, jail.totalFailed].map(String),
  ]);
  return { text: formatTable([['JAIL', 'STATE', 'BANNED', 'TOTAL', 'FAILED', 'TOTAL'], ...rows], [2, 3, 4, 5]), json: running };
}

async function setJails(on: boolean, { words, options }: Call, world: CliWorld): Promise<Answer> {
  const names = [...new Set(listOf(words))];
  const verb = on ? 'enable-jails' : 'disable-jails';
  if (names.length === 0) throw wrong(`name at least one jail: ${verb} JAIL[;JAIL…]`);
  const rooms = await world.working();
  const what = `switching ${names.length === 1 ? 'a jail' : `${names.length} jails`} ${on ? 'on' : 'off'}`;
  const change = (): Promise<readonly SwitchResult[]> => world.progress.during(what, () => switchJails(rooms, world.actor, names, on));
  const deed = { what: `${on ? 'jail.on' : 'jail.off'} ${names.join(' ')}`.slice(0, 200) };
  const { done: results, back } = await confirmed(world, options, deed, change);
  const answer = {
    text: results.map(({ jail, ok }) => (ok ? `The jail ${jail} is ${on ? 'active' : 'inactive'}.\n` : '')).join(''),
    json: { results },
    failures: results
      .filter(({ ok }) => !ok)
      .map(({ jail, message }) => `${jail}: ${(message ?? 'it was not switched').replace(`[${jail}] `, '')}`),
  };
  return withBack(answer, back);
}

export const switchVerbs: readonly Verb[] = [
  {
    name: 'jails',
    operands: '',
    summary: 'the jails that run, and their counts; --jails: `JAIL active|inactive` of all jails of the configuration',
    options: [],
    run: jails,
  },
  {
    name: 'enable-jails',
    operands: 'JAIL[;JAIL…]',
    summary: 'switch jails on',
    options: [CONFIRM],
    run: (call, world) => setJails(true, call, world),
  },
  {
    name: 'disable-jails',
    operands: 'JAIL[;JAIL…]',
    summary: 'switch jails off: their bans are lifted',
    options: [],
    run: (call, world) => setJails(false, call, world),
  },
];
