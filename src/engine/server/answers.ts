/** The answers of `status` and `get … banip` in the shape that fail2ban's clients print: lists of pairs. */
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

const two = (value: number): string => String(value).padStart(2, '0');

/** `YYYY-MM-DD HH:MM:SS` in local time; beyond the year 9999 the end of that year. */
export function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime()) || date.getFullYear() > 9999) return '9999-12-31 23:59:59';
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** One line of `get JAIL banip --with-time`. */
export function bannedWithTime(ban: BannedAddress): string {
  const end = ban.bantime === -1 ? '9999-12-31 23:59:59' : localTime(ban.time + ban.bantime);
  return `${ban.id} \t${localTime(ban.time)} + ${ban.bantime} = ${end}`;
}
