/** The answers of `status`, `stats` and `get … banip` in the shape that fail2ban's clients print: lists of pairs. */
import { formatLocalTime } from '../../base/local-time';
import type { BannedAddress, JailStatus } from '../../model/status';
import { PyTuple, type PyValue } from '../../model/python-repr';

const pair = (name: string, value: PyValue): PyTuple<PyValue> => new PyTuple<PyValue>([name, value]);

/** `status`. */
export function serverStatus(names: readonly string[]): PyValue {
  return [pair('Number of jail', names.length), pair('Jail list', [...names].sort().join(', '))];
}

/** What `status JAIL FLAVOR` knows; another word is told in the log and taken for `basic`. */
export const FLAVORS: readonly string[] = ['short', 'basic', 'stats', 'cymru'];

/** Whether a flavor names everybody who is banned. */
export const listsBans = (flavor: string): boolean => flavor !== 'short' && flavor !== 'stats';

/** As the original calls the ways of following a log. */
function backendName(backend: string): string {
  const [word = ''] = backend.toLowerCase().split('[');
  return word === 'systemd' || word === 'polling' ? word : 'pyinotify';
}

/** `stats`, and the flavor of that name: the backend, failures and bans, each now and in all. */
export function jailStatistics(status: JailStatus, backend: string): PyValue {
  const { currentlyFailed, totalFailed, currentlyBanned, totalBanned } = status;
  const failures = new PyTuple<PyValue>([currentlyFailed, totalFailed]);
  return [backendName(backend), failures, new PyTuple<PyValue>([currentlyBanned, totalBanned])];
}

/**
 * `status JAIL [flavor]`: `basic`, `short` without the list of addresses, `stats`, or `cymru`: nobody on the network is asked about the
 * addresses, so that its lists say what the original says when it cannot ask.
 */
export function jailStatus(status: JailStatus, flavor: string, backend: string): PyValue {
  if (flavor === 'stats') return jailStatistics(status, backend);
  const watched = status.journalmatch.length > 0 ? pair('Journal matches', status.journalmatch) : pair('File list', status.files);
  const filter = [pair('Currently failed', status.currentlyFailed), pair('Total failed', status.totalFailed), watched];
  const actions = [pair('Currently banned', status.currentlyBanned), pair('Total banned', status.totalBanned)];
  if (listsBans(flavor)) actions.push(pair('Banned IP list', status.banned));
  if (flavor === 'cymru') for (const what of ['ASN', 'Country', 'RIR']) actions.push(pair(`Banned ${what} list`, ['error']));
  return [pair('Filter', filter), pair('Actions', actions)];
}

/** One line of `get JAIL banip --with-time`. */
export function bannedWithTime(ban: BannedAddress): string {
  const end = ban.bantime === -1 ? '9999-12-31 23:59:59' : formatLocalTime(ban.time + ban.bantime);
  return `${ban.id} \t${formatLocalTime(ban.time)} + ${ban.bantime} = ${end}`;
}
