/** The answers of `status` and `get … banip` in the shape that fail2ban's clients print: lists of pairs. */
import { formatLocalTime } from '../../base/local-time';
import type { BannedAddress, JailStatus } from '../../model/status';
import { PyTuple, type PyValue } from '../../model/python-repr';

const pair = (name: string, value: PyValue): PyTuple<PyValue> => new PyTuple<PyValue>([name, value]);

/** `status`. */
export function serverStatus(names: readonly string[]): PyValue {
  return [pair('Number of jail', names.length), pair('Jail list', [...names].sort().join(', '))];
}

/** `status JAIL [flavor]`: `basic`, or `short` without the list of addresses. */
export function jailStatus(status: JailStatus, flavor: string): PyValue {
  const watched = status.journalmatch.length > 0 ? pair('Journal matches', status.journalmatch) : pair('File list', status.files);
  const filter = [pair('Currently failed', status.currentlyFailed), pair('Total failed', status.totalFailed), watched];
  const actions = [pair('Currently banned', status.currentlyBanned), pair('Total banned', status.totalBanned)];
  if (flavor !== 'short') actions.push(pair('Banned IP list', status.banned));
  return [pair('Filter', filter), pair('Actions', actions)];
}

/** One line of `get JAIL banip --with-time`. */
export function bannedWithTime(ban: BannedAddress): string {
  const end = ban.bantime === -1 ? '9999-12-31 23:59:59' : formatLocalTime(ban.time + ban.bantime);
  return `${ban.id} \t${formatLocalTime(ban.time)} + ${ban.bantime} = ${end}`;
}
