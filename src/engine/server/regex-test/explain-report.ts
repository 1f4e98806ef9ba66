/** Makes text for people of an explained line: each stage, with a caret below the place where it stopped. */
import { formatLocalTime } from '../../../base/local-time';
import type { ExplainedDate, ExplainedFailure, ExplainedRegex, LineExplanation, Verdict } from '../../../model/explanation';

/** Characters of a text that are shown around a place. */
const WIDTH = 110;
const BEFORE = 70;
const LONGEST = 300;

const ODD = /[\p{C}\p{Zl}\p{Zp}]/u;

/** A character as it may be printed: controls of a terminal are spelled out. */
function visible(character: string): string {
  if (!ODD.test(character)) return character;
  if (character === '\t') return '\\t';
  if (character === '\n') return '\\n';
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

const plain = (text: string): string => [...text.slice(0, LONGEST)].map(visible).join('') + (text.length > LONGEST ? '…' : '');

/** A text, cut where it is long, and a caret below one of its characters. */
function pointed(text: string, column: number): readonly string[] {
  const characters = [...text].map(visible);
  const at = Math.min(column, characters.length);
  const from = characters.length <= WIDTH ? 0 : Math.max(0, at - BEFORE);
  const to = Math.min(characters.length, from + WIDTH);
  const before = (from > 0 ? '…' : '') + characters.slice(from, at).join('');
  const behind = characters.slice(at, to).join('') + (to < characters.length ? '…' : '');
  return [before + behind, `${' '.repeat([...before].length)}^`];
}

const columnOf = (text: string, offset: number): number => [...text.slice(0, offset)].length;

const indented = (lines: readonly string[]): string => lines.map((line) => `|     ${line}\n`).join('');

function dateStage({ text, template, time, problem }: ExplainedDate): string {
  if (problem !== null) return `|- Date: ${plain(problem)}\n`;
  if (time === null) return '|- Date: none found\n';
  const when = `${formatLocalTime(time)} (${time})`;
  if (template === null) return `|- Date: none in the line; it counts with ${when}\n`;
  return `|- Date: ${plain(text)} = ${when}\n${indented([plain(template)])}`;
}

function regexStage(name: string, regex: ExplainedRegex, text: string): string {
  const { matched, furthest, column, complete, groups } = regex;
  if (matched) {
    const found = Object.entries(groups).map(([group, value]) => `${group} = ${plain(value)}`);
    return `|- ${name}: matches\n${indented([plain(regex.regex), ...found])}`;
  }
  if (furthest === 0 && complete) return `|- ${name}: nothing of it was found\n${indented([plain(regex.regex)])}`;
  const how = complete ? 'stops here' : 'takes too many steps; it came as far as here';
  const searched = text.endsWith('\n') ? text.slice(0, -1) : text;
  return `|- ${name}: ${how}\n${indented([...pointed(searched, columnOf(searched, furthest)), ...pointed(regex.regex, column)])}`;
}

const RESULTS: Readonly<Record<Verdict, string>> = {
  counted: 'counted',
  'no-date': 'matches, but there is no date: a server counts it only when it is new, with the time of its reading',
  'prefix-missed': 'missed: the prefregex does not match',
  missed: 'missed: no failregex matches',
  ignored: 'ignored: an ignoreregex matches',
  'no-failure': 'no failure (yet): the line is kept for later ones of its session',
  'no-id': 'matches, but names nobody who could be banned',
  error: 'cannot be judged',
};

function failureStage({ failregex, id, address, dns, user, session, time }: ExplainedFailure): string {
  const facts: readonly (readonly [string, string | null])[] = [
    ['failregex', String(failregex + 1)],
    ['id', id],
    ['address', address ?? (id === null ? null : id)],
    ['name to be looked up', dns],
    ['user', user],
    ['session', session],
    ['time', time === null ? null : formatLocalTime(time)],
  ];
  return facts.flatMap(([name, value]) => (value === null ? [] : [`      ${name}: ${plain(value)}\n`])).join('');
}

/** The report on one line. @param number of the line, from 1 */
export function reportExplanation(explained: LineExplanation, number: number): string {
  const { line, date, text, prefregex, content, failregex, ignoreregex, verdict, failure } = explained;
  const searched = content ?? text;
  return [
    `Line ${number}: ${plain(line)}\n`,
    dateStage(date),
    prefregex === null ? '' : regexStage('Prefregex', prefregex, text),
    ...failregex.map((regex, index) => regexStage(`Failregex ${index + 1}`, regex, searched)),
    ...ignoreregex.map((regex, index) => regexStage(`Ignoreregex ${index + 1}`, regex, searched)),
    `\`- Result: ${RESULTS[verdict]}\n`,
    failure === null ? '' : failureStage(failure),
    '\n',
  ].join('');
}
