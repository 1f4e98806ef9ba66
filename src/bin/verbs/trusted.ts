/** `trusted`, `add-trusted`, `remove-trusted`: the words of ignoreip, with what people told about them. */
import type { ItemResult } from '../../panel/control/bans/ban-desk';
import { trustEntries, distrustEntries } from '../../panel/web/acts/trusted';
import { CONFIRM, confirmed, withBack } from './confirm';
import { itemAnswer, listOf, noWords, quoted, secondsOf, wrong } from './items';
import { formatTable, moment } from './print';
import type { Answer, Call, OptionSpec, Verb } from './verb';
import type { CliWorld } from './world';

/** Plesk's documentation parts addresses by both. */
const PARTS = /[;,\s]/;
const JAIL: OptionSpec = { name: 'jail', value: 'JAIL', meaning: 'in one jail only' };

async function trusted({ dashed, words }: Call, world: CliWorld): Promise<Answer> {
  noWords('trusted', words);
  const entries = await (await world.working()).trusted.list();
  if (dashed) {
    const rows = entries.filter(({ jail }) => jail === null).map(({ entry, note }) => [entry, note]);
    return { text: formatTable(rows), json: entries };
  }
  const rows = entries.map(({ entry, jail, end, note, file, line }) => [
    ...[entry, jail ?? 'all jails', end === null ? '' : moment(end), note, `${file}:${line}`],
  ]);
  const heading = ['ENTRY', 'TRUSTED IN', 'UNTIL', 'DESCRIPTION', 'STANDS IN'];
  return { text: entries.length === 0 ? 'Nobody is trusted.\n' : formatTable([heading, ...rows]), json: entries };
}

function entriesOf(words: readonly string[], verb: string): readonly string[] {
  const entries = listOf(words, PARTS);
  if (entries.length === 0) throw wrong(`name at least one address, range or host name: ${verb} IP[;IP…]`);
  return [...new Set(entries)];
}

/** The jail that was named, which the files must have. */
async function jailOf({ options }: Call, { configuration }: CliWorld): Promise<string | null> {
  const jail = options.text('jail');
  if (jail !== null && (await configuration.jail(jail)) === null) throw wrong(`--jail: there is no jail ${quoted(jail)}`);
  return jail;
}

async function addTrusted(call: Call, world: CliWorld): Promise<Answer> {
  const { options, words } = call;
  const entries = entriesOf(words, 'add-trusted');
  const jail = await jailOf(call, world);
  const time = options.text('time');
  const end = time === null ? null : world.clock.now() + secondsOf('--time', time, { forever: false });
  const note = options.text('description') ?? '';
  const rooms = await world.working();
  const wishes = entries.map((entry) => ({ entry, note, end, jail }));
  const results = await world.progress.during('changing trusted addresses', () => trustEntries(rooms, world.actor, wishes));
  return itemAnswer(results, ({ id, jail: of }) => `${id} is trusted${of === '' ? '' : ` in ${of}`}.`);
}

async function removeTrusted(call: Call, world: CliWorld): Promise<Answer> {
  const entries = entriesOf(call.words, 'remove-trusted');
  const jail = await jailOf(call, world);
  const rooms = await world.working();
  const items = entries.map((entry) => ({ entry, jail }));
  const change = (): Promise<readonly ItemResult[]> =>
    world.progress.during('changing trusted addresses', () => distrustEntries(rooms, world.actor, items));
  const deed = { what: `trusted.remove ${entries.join(' ')}`.slice(0, 200) };
  const { done: results, back } = await confirmed(world, call.options, deed, change);
  const answer = itemAnswer(results, ({ id, jail: of }) => `${id} is trusted${of === '' ? '' : ` in ${of}`} no longer.`);
  return withBack(answer, back);
}

export const trustedVerbs: readonly Verb[] = [
  {
    name: 'trusted',
    letter: 't',
    operands: '',
    summary: 'trusted addresses; --trusted: those of all jails, `IP DESCRIPTION` in each line',
    options: [],
    run: trusted,
  },
  {
    name: 'add-trusted',
    operands: 'IP[;IP…]',
    summary: 'trust addresses, ranges or host names: they are never banned',
    options: [
      { name: 'description', value: 'TEXT', meaning: 'kept with the entries' },
      JAIL,
      { name: 'time', value: 'TIME', meaning: 'for how long: seconds, 2h, 7d (default: until they are removed)' },
    ],
    run: addTrusted,
  },
  { name: 'remove-trusted', operands: 'IP[;IP…]', summary: 'trust them no longer', options: [JAIL, CONFIRM], run: removeTrusted },
];
