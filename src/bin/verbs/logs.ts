/** `log list|show`: the server's own log, its files and its lines. */
import type { LogLine, LogQuery } from '../../panel/control/logs/logs';
import { noWords, quoted, wholeOf, wrong } from './items';
import { printable } from '../../base/steering';
import { formatTable, moment } from './print';
import type { Answer, Call, Verb } from './verb';
import type { CliWorld } from './world';

const MOST = 100_000;
const PAGE = 1000;

async function files({ words }: Call, { logs }: CliWorld): Promise<Answer> {
  noWords('log list', words);
  const found = await logs.files();
  const rows = found.map(({ path, bytes, modified }) => [path, String(bytes), moment(modified)]);
  const place = found.length > 0 ? null : await logs.place();
  const none =
    place === null
      ? 'The server does not tell where its log is.\n'
      : `The log goes to ${printable(place.target)}; there is no file to read.\n`;
  return { text: found.length === 0 ? none : formatTable([['FILE', 'BYTES', 'LAST WRITTEN'], ...rows], [1]), json: found };
}

async function lines({ words, options }: Call, world: CliWorld): Promise<Answer> {
  const { logs, progress } = world;
  const [name, ...others] = words;
  noWords('log show FILE', others);
  const wanted = wholeOf('--lines', options.text('lines') ?? '50', 1, MOST);
  const found = await logs.files();
  const file = name === undefined ? found[0] : found.find((one) => one.name === name || one.path === name);
  if (file === undefined && name !== undefined) throw wrong(`there is no log file ${quoted(name)}: see \`bailiff log list\``);
  if (file === undefined) return files({ dashed: false, words: [], options }, world);
  const level = options.text('level')?.toUpperCase() ?? null;
  const filter = { level, jail: options.text('jail'), address: options.text('address'), text: options.text('text') };
  const told = await progress.during(`reading ${printable(file.name)}`, () => newest(logs, { file: file.name, ...filter }, wanted));
  return { text: told.map(({ text }) => `${printable(text)}\n`).join(''), json: told };
}

/** The last lines that the query wants, in the order of the file. */
async function newest(
  logs: CliWorld['logs'],
  query: Omit<LogQuery, 'from' | 'limit' | 'direction'>,
  wanted: number,
): Promise<readonly LogLine[]> {
  const pages: (readonly LogLine[])[] = [];
  let count = 0;
  for (let from: number | null = null; count < wanted;) {
    const page = await logs.read({ ...query, from, limit: Math.min(PAGE, wanted - count), direction: 'older' });
    pages.push(page.lines);
    count += page.lines.length;
    if (page.older === null) break;
    from = page.older;
  }
  return pages.reverse().flat();
}

export const logVerbs: readonly Verb[] = [
  { name: 'log list', operands: '', summary: "the files of the server's own log", options: [], run: files },
  {
    name: 'log show',
    operands: '[FILE]',
    summary: 'the last lines of the log, or of one of its rotated files',
    options: [
      { name: 'lines', value: 'NUMBER', meaning: 'how many (default: 50)' },
      { name: 'level', value: 'LEVEL', meaning: 'only those of a level: ERROR, WARNING, NOTICE, INFO …' },
      { name: 'jail', value: 'JAIL', meaning: 'only those of a jail' },
      { name: 'address', value: 'IP', meaning: 'only those with an address, or one of a range' },
      { name: 'text', value: 'TEXT', meaning: 'only those that hold a text' },
    ],
    run: lines,
  },
];
