/** The texts of `--help`: of the whole program, and of one verb. */
import { spelled } from './read-call';
import type { OptionSpec, Verb } from './verb';
import { SHARED, VERBS } from './verbs';

/** Verbs that need no server: each is a line of help. */
const STANDING: readonly (readonly [string, string])[] = [
  ['start [--demo] [--enforce]', 'run engine and pages in the foreground'],
  ['setup FOLDER', 'make a configuration folder for the services of this machine'],
  ['password [--user NAME]', 'set the password of the log-in page (reads it from standard input)'],
];

const WIDTH = 30;

function line(left: string, right: string): string {
  return left.length < WIDTH ? `  ${left.padEnd(WIDTH)} ${right}\n` : `  ${left}\n  ${' '.repeat(WIDTH)} ${right}\n`;
}

function optionLine(spec: OptionSpec): string {
  const letter = spec.short === undefined ? '' : `-${spec.short}, `;
  return line(`${letter}${spelled(spec)}${spec.value === null ? '' : ` ${spec.value}`}`, spec.meaning);
}

export function programHelp(): string {
  return [
    'Usage: bailiff VERB [WORDS] [OPTIONS]\n',
    '       bailiff --VERB …            the same, with the words and lists of `plesk bin ip_ban`\n\n',
    ...STANDING.map(([left, right]) => line(left, right)),
    '\n',
    ...VERBS.map(({ name, operands, summary }) => line(operands === '' ? name : `${name} ${operands}`, summary)),
    '\nOptions of all verbs:\n',
    ...SHARED.map(optionLine),
    '\n`bailiff VERB --help` tells the options of a verb.\n',
    'Environment: BAILIFF_HOME (folder of our own data), BAILIFF_PORT (of `start`, default 8787).\n',
    'Exit codes: 0 done, 1 the server refused or something was not done, 2 a mistake in the command, 3 no server answers.\n',
  ].join('');
}

export function verbHelp({ name, letter, operands, summary, options }: Verb): string {
  const dashed = `--${name.replace(' ', '-')}`;
  const spellings = letter === undefined ? dashed : `${dashed}, -${letter}`;
  return [
    `Usage: bailiff ${`${name} ${operands}`.trimEnd()} [OPTIONS]\n`,
    `Also spelled: ${spellings}\n\n`,
    `${summary[0]?.toUpperCase() ?? ''}${summary.slice(1)}.\n`,
    ...(options.length === 0 ? [] : ['\nOptions:\n', ...options.map(optionLine)]),
    '\n`bailiff --help` tells the options of all verbs.\n',
  ].join('');
}
