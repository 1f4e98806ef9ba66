/** What `bailiff VERB` prints: questions and orders to a fail2ban-compatible server, as text for people or as JSON. */
import { isIP } from 'node:net';
import { AppError } from '../../base/errors';
import { formatProblem } from '../../model/problem';
import type { BannedAddress } from '../../model/status';
import { endOfBan } from '../../model/ticket';
import type { Control } from '../../panel/control/control';
import { allJails, countBroken } from '../../panel/control/all-jails';
import { formatTable } from './table';

export interface VerbRequest {
  readonly verb: string;
  readonly words: readonly string[];
  readonly json: boolean;
  /** Seconds since the epoch. */
  readonly now: number;
}

export const VERBS = ['status', 'jails', 'banned', 'ban', 'unban'] as const;

function wrong(message: string): AppError {
  return new AppError('BAD_ARGUMENT', message);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function localTime(time: number): string {
  const date = new Date(time * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function timeLeft(ban: BannedAddress, now: number): string {
  if (ban.bantime === -1) return 'permanent';
  const left = Math.max(0, Math.round(endOfBan(ban) - now));
  if (left < 60) return `${left} s`;
  if (left < 3600) return `${Math.floor(left / 60)} min`;
  return left < 86400 ? `${Math.floor(left / 3600)} h ${Math.floor((left % 3600) / 60)} min` : `${Math.floor(left / 86400)} d`;
}

async function status(control: Control, request: VerbRequest): Promise<string> {
  const [info, all] = await Promise.all([control.info(), allJails(control)]);
  const { jails, otherProblems } = all;
  const banned = jails.reduce((sum, jail) => sum + jail.currentlyBanned, 0);
  const told = [...jails.flatMap((jail) => jail.problems ?? []), ...otherProblems];
  if (request.json) return json({ ...info, jails: jails.length, banned, problems: told });
  const rows = [
    ['Engine', `${info.engine} ${info.version}`],
    ['Jails', countBroken(all) === 0 ? String(jails.length) : `${jails.length}, problems: ${countBroken(all)}`],
    ['Banned', String(banned)],
  ];
  const problems = told.map((problem) => [problem.severity, formatProblem(problem)]);
  return formatTable([...rows, ...problems]);
}

async function listJails(control: Control, request: VerbRequest): Promise<string> {
  const { jails } = await allJails(control);
  if (request.json) return json(jails);
  const rows = jails.map((jail) => [
    jail.name,
    (jail.problems ?? []).some((problem) => problem.severity === 'error') ? 'broken' : 'active',
    ...[jail.currentlyBanned, jail.totalBanned, jail.currentlyFailed, jail.totalFailed].map(String),
  ]);
  return formatTable([['JAIL', 'STATE', 'BANNED', 'TOTAL', 'FAILED', 'TOTAL'], ...rows], [2, 3, 4, 5]);
}

async function listBanned(control: Control, request: VerbRequest): Promise<string> {
  const bans = await control.banned();
  if (request.json) return json(bans);
  const rows = bans.map((ban) => [ban.id, ban.jail, localTime(ban.time), timeLeft(ban, request.now)]);
  return bans.length === 0 ? 'Nobody is banned.\n' : formatTable([['ADDRESS', 'JAIL', 'BANNED SINCE', 'TIME LEFT'], ...rows]);
}

/** An address, or a range with a prefix length that fits. */
function isAddress(word: string): boolean {
  const [address = '', prefix, ...more] = word.split('/');
  const family = isIP(address);
  const longest = family === 4 ? 32 : 128;
  return family !== 0 && more.length === 0 && (prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= longest));
}

function addressesOf(words: readonly string[]): readonly string[] {
  if (words.length === 0) throw wrong('name at least one IP address');
  const bad = words.find((word) => !isAddress(word));
  if (bad !== undefined) throw wrong(`'${bad}' is not an IP address or range`);
  return words;
}

async function ban(control: Control, request: VerbRequest): Promise<string> {
  const [jail, ...words] = request.words;
  if (jail === undefined || isAddress(jail)) throw wrong('name the jail first: bailiff ban JAIL IP...');
  const count = await control.ban(jail, addressesOf(words));
  return request.json ? json({ banned: count }) : `Newly banned in ${jail}: ${count}\n`;
}

async function unban(control: Control, request: VerbRequest): Promise<string> {
  const [first] = request.words;
  const jail = first === undefined || isAddress(first) ? null : first;
  const count = await control.unban(jail, addressesOf(jail === null ? request.words : request.words.slice(1)));
  return request.json ? json({ unbanned: count }) : `Unbanned${jail === null ? '' : ` in ${jail}`}: ${count}\n`;
}

/** What the verb prints. Rejects with an AppError: BAD_ARGUMENT for the user's mistake, the control's for the rest. */
export async function runVerb(control: Control, request: VerbRequest): Promise<string> {
  if (['status', 'jails', 'banned'].includes(request.verb) && request.words.length > 0)
    throw wrong(`'${request.verb}' takes no further words`);
  switch (request.verb) {
    case 'status':
      return status(control, request);
    case 'jails':
      return listJails(control, request);
    case 'banned':
      return listBanned(control, request);
    case 'ban':
      return ban(control, request);
    case 'unban':
      return unban(control, request);
    default:
      throw wrong(`there is no verb '${request.verb}': see bailiff --help`);
  }
}
