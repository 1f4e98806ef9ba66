/** What came of trying a jail or a filter, as text for people. */
import { formatDuration } from '../../base/duration';
import type { FilterTestSummary, TestedLine } from '../../model/filter-test';
import type { JailPreview } from '../../model/jail-preview';
import { formatProblem } from '../../model/problem';
import { printable } from '../../base/steering';
import { count, formatTable, moment } from './print';
import type { Answer } from './verb';

const STOPPED = {
  end: '',
  time: 'There was no time for the rest of the logs.\n',
  bytes: 'There was too much: the rest of the logs was not read.\n',
};

/** With an error of the jail nothing was read. */
export function previewText(preview: JailPreview): Answer {
  const { bans, banned, addresses, lines, failures, ignored, files, from, problems, messages, stopped } = preview;
  const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  const unread = files.flatMap(({ path, problem }) => (problem === null ? [] : [`${path}: ${problem}`]));
  const rows = bans.map((ban) => [
    ...[ban.id, moment(ban.time), ban.bantime === -1 ? 'for ever' : formatDuration(ban.bantime)],
    ...[String(ban.failures), ban.users.join(', ')],
  ]);
  const text = [
    `${count(lines, 'line', 'lines')} of ${count(files.length, 'file', 'files')} since ${moment(from)}: ${count(failures, 'failure', 'failures')}`,
    `${ignored === 0 ? '' : `, ${ignored} of trusted addresses`}, ${count(banned, 'ban', 'bans')} of ${count(addresses, 'address', 'addresses')}.\n`,
    STOPPED[stopped],
    ...problems.filter(({ severity }) => severity !== 'error').map((problem) => `Warning: ${printable(formatProblem(problem))}\n`),
    ...messages.map((message) => `Log: ${printable(message)}\n`),
    rows.length === 0 ? '' : formatTable([['ADDRESS', 'BANNED AT', 'FOR', 'FAILURES', 'USERS'], ...rows], [3]),
    banned > bans.length ? `and ${banned - bans.length} more\n` : '',
  ];
  return { text: text.join(''), json: preview, failures: [...errors, ...unread] };
}

const SHOWN = ['all', 'matched', 'missed', 'none'] as const;
export type Shown = (typeof SHOWN)[number];

export function isShown(word: string): word is Shown {
  return SHOWN.some((one) => one === word);
}

function isWanted({ verdict }: TestedLine, shown: Shown): boolean {
  return shown === 'all' || (shown === 'matched' && verdict === 'counted') || (shown === 'missed' && verdict !== 'counted');
}

export function filterText(summary: FilterTestSummary, lines: readonly TestedLine[], shown: Shown): string {
  const { regexes, dates, problems } = summary;
  const rows = regexes.map((one) => [String(one.hits), one.microseconds.toFixed(1), one.option, one.slow ? 'slow' : '', one.regex]);
  const dangers = regexes.flatMap(({ option, danger }) => (danger === null ? [] : [`Danger in ${option}: ${printable(danger.message)}\n`]));
  const wanted = lines.filter((line) => isWanted(line, shown));
  const told = wanted.map(({ number, verdict, failure, text }) => [String(number), verdict, failure?.id ?? '', text]);
  return [
    `${count(summary.lines, 'line', 'lines')}: ${summary.matched} matched, ${summary.ignored} ignored, ${summary.missed} missed, in ${summary.seconds.toFixed(1)} s.\n`,
    summary.stopped === 'time' ? 'There was no time for the rest of the lines.\n' : '',
    summary.skipped === 0 ? '' : `The first ${summary.skipped} bytes of the log were passed over (--lines).\n`,
    ...problems.map((problem) => `${problem.severity === 'error' ? 'Error' : 'Warning'}: ${printable(formatProblem(problem))}\n`),
    ...dangers,
    rows.length === 0 ? '' : `\n${formatTable([['HITS', 'µS', 'OPTION', '', 'REGEX'], ...rows], [0, 1])}`,
    dates.length === 0 ? '' : `\n${formatTable([['HITS', 'DATE'], ...dates.map(({ name, hits }) => [String(hits), name])], [0])}`,
    told.length === 0 ? '' : `\n${formatTable([['LINE', 'VERDICT', 'ADDRESS', 'TEXT'], ...told], [0])}`,
  ].join('');
}
