/** Makes text for people of a preview. */
import { formatDuration } from '../../../base/duration';
import { formatLocalTime } from '../../../base/local-time';
import type { JailPreview, PreviewedBan } from '../../../model/jail-preview';
import { formatProblem } from '../../../model/problem';

const LEFT_OUT: Readonly<Record<JailPreview['leftOut'][number], string>> = {
  ignorecommand: 'the ignorecommand was not run',
  names: 'host names were not looked up',
  'earlier bans': 'earlier bans, which make new ones longer, are not known',
};

const STOPPED: Readonly<Record<JailPreview['stopped'], string>> = {
  end: '',
  time: ' (the rest was not read: there was no time left)',
  bytes: ' (the rest was not read: it was too much)',
};

/** Text of a log as it may be printed. */
const plain = (text: string): string => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?');

function banLines({ id, time, bantime, failures, users, matches }: PreviewedBan): string {
  const length = bantime === -1 ? 'for ever' : `for ${formatDuration(Math.round(bantime))}`;
  const tried = users.length === 0 ? '' : `, as ${users.map(plain).join(', ')}`;
  const lines = matches.map((line) => `    ${plain(line)}\n`);
  return `${formatLocalTime(time)}  ${plain(id)}  ${length}, after ${failures} failure(s)${tried}\n${lines.join('')}`;
}

export function reportPreview(preview: JailPreview): string {
  const { jail, first, last, stopped, lines, files, failures, ignored, banned, addresses, bans, leftOut, problems, messages } = preview;
  const covered = first === null || last === null ? 'no dated line' : `${formatLocalTime(first)} to ${formatLocalTime(last)}`;
  const unread = files.filter(({ problem }) => problem !== null);
  return [
    ...problems.map((problem) => `${problem.severity.toUpperCase()}: ${formatProblem(problem)}\n`),
    `Jail ${jail}: ${covered}${STOPPED[stopped]}\n`,
    `${lines} line(s) of ${files.length} log(s), ${failures} failure(s) counted, ${ignored} ignored, ${banned} ban(s) of ${addresses} address(es)\n\n`,
    ...bans.map(banLines),
    bans.length < banned ? `and ${banned - bans.length} more\n` : '',
    ...unread.map(({ path, problem }) => `${plain(path)}: ${plain(problem ?? '')}\n`),
    ...messages.map((message) => `${plain(message)}\n`),
    ...leftOut.map((left) => `Note: ${LEFT_OUT[left]}.\n`),
  ].join('');
}
