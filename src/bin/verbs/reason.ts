/** `reason`: why an address is banned, with the lines that led to it, as the pages tell it. */
import { parseAddress } from '../../model/address';
import type { BanReason } from '../../panel/control/bans/ban-board';
import { reasonOf } from '../../panel/control/bans/ban-reason';
import { quoted, wrong } from './items';
import { formatTable, moment } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

const FORM = 'reason IP[,JAIL], or JAIL IP';

/** One id, and the jails to look in. */
async function asked({ words }: Call, { control }: CliWorld): Promise<{ readonly id: string; readonly jails: readonly string[] }> {
  const [first = '', second, ...others] = words;
  const [one = '', other = null, ...more] = second === undefined ? first.split(',').map((part) => part.trim()) : [second, first];
  if (one === '' || others.length + more.length > 0) throw wrong(`name one address: ${FORM}`);
  if (other === null && parseAddress(one) === null) throw wrong(`${quoted(one)} is not an IP address or range: ${FORM}`);
  if (other !== null) return { id: one, jails: [other] };
  const banned = await control.banned();
  return { id: one, jails: banned.filter(({ id }) => id === one).map(({ jail }) => jail) };
}

function reasonText({ jail, id, time, failures, users, failregexes, files, domain, manual, lines }: BanReason): string {
  const rows = [
    ['Address', id],
    ['Jail', jail],
    ['Banned', moment(time, 'not written down')],
    ...(failures === null ? [] : [['Failures', String(failures)]]),
    ...(manual === null ? [] : [['By hand', `${manual.who}${manual.reason === '' ? '' : `: ${manual.reason}`}`]]),
    ...(users.length === 0 ? [] : [['Users', users.join(', ')]]),
    ...(domain === null ? [] : [['Domain', domain]]),
    ...files.map((file) => ['Log', file]),
    ...failregexes.map((regex) => ['Failregex', regex]),
    ...lines.map(({ text }) => ['Line', text]),
  ];
  return formatTable(rows);
}

async function reason(call: Call, world: CliWorld): Promise<Answer> {
  const { id, jails } = await asked(call, world);
  if (jails.length === 0) return { text: '', json: [], failures: [`${id} is not banned`] };
  const { database, notebook, control } = await world.working();
  const deps = { control, database, manual: notebook, tester: { tester: world.tester, confdir: world.place.confdir } };
  const reasons = await world.progress.during('looking for the lines', () => Promise.all(jails.map((jail) => reasonOf(jail, id, deps))));
  return { text: reasons.map(reasonText).join('\n'), json: reasons };
}

export const reasonVerb: Verb = {
  name: 'reason',
  operands: 'IP[,JAIL], or JAIL IP',
  summary: 'why an address is banned: the lines that led to it, the users that were tried, the log and the failregex',
  options: [],
  run: reason,
};
