/** `filter list|show|add|update|remove|test`: filters of the configuration, as the pages show, write and try them. */
import { AppError } from '../../base/errors';
import { formatProblem } from '../../model/problem';
import type { DefinitionView } from '../../panel/control/editor/configuration';
import type { FilterTestRequest } from '../../panel/control/tester/tester';
import { NEW_NAME } from '../../panel/web/new-name';
import { changed, EDITING, planned } from './edited';
import { noWords, quoted, wholeOf, wrong } from './items';
import { filterText, isShown } from './preview-text';
import { printableLines } from '../../base/steering';
import { formatTable } from './print';
import type { Answer, Call, OptionSpec, Verb } from './verb';
import type { CliWorld } from './world';

const FILE: OptionSpec = { name: 'file', value: 'FILE', meaning: "its whole text, from a file or from standard input ('-')" };
const FAILREGEX: OptionSpec = { name: 'failregex', value: 'REGEX', meaning: 'instead of a file: what a failure looks like', many: true };
const IGNOREREGEX: OptionSpec = { name: 'ignoreregex', value: 'REGEX', meaning: 'and which of these lines do not count', many: true };
const TEXT = [FILE, FAILREGEX, IGNOREREGEX];
const MOST_LINES = 1_000_000;
/** Jails that a list names of each filter. */
const SHOWN = 5;

async function filterOf({ words }: Call, { configuration }: CliWorld, verb: string): Promise<DefinitionView> {
  const [name, ...others] = words;
  if (name === undefined) throw wrong(`name the filter: filter ${verb} FILTER`);
  noWords(`filter ${verb} FILTER`, others);
  const filter = await configuration.filter(name);
  if (filter === null) throw wrong(`there is no filter ${quoted(name)}: see \`bailiff filter list\``);
  return filter;
}

/** The first names, and how many more there are. */
function someOf(names: readonly string[]): string {
  const more = names.length - SHOWN;
  return names.slice(0, SHOWN).join(', ') + (more > 0 ? ` (+${more})` : '');
}

async function list({ words }: Call, { configuration }: CliWorld): Promise<Answer> {
  noWords('filter list', words);
  const filters = await configuration.filters();
  const rows = filters.map(({ name, origin, usedBy, problems }) => [
    name,
    origin,
    someOf(usedBy),
    problems.length === 0 ? '' : String(problems.length),
  ]);
  const json = filters.map(({ name, origin, usedBy, problems }) => ({ name, origin, usedBy, problems }));
  return { text: formatTable([['FILTER', 'ORIGIN', 'USED BY', 'PROBLEMS'], ...rows]), json };
}

async function show(call: Call, world: CliWorld): Promise<Answer> {
  const filter = await filterOf(call, world, 'show');
  const { files, problems } = filter;
  const text = [
    ...files.map(({ file, text: content }) => `# ${file}\n${content.endsWith('\n') ? content : `${content}\n`}`),
    ...problems.map((problem) => `# ${problem.severity}: ${formatProblem(problem)}\n`),
  ];
  return { text: printableLines(text.join('')), json: filter };
}

/** The text that a call gives, as a file or as regexes; null when it gives none. */
async function textOf({ options }: Call, { read }: CliWorld): Promise<string | null> {
  const file = options.text('file');
  const [fail, ignore] = [options.all('failregex'), options.all('ignoreregex')];
  if (file !== null && fail.length + ignore.length > 0)
    throw wrong('--file holds the whole text: give it without --failregex and --ignoreregex');
  if (file !== null) return read(file);
  if (fail.length + ignore.length === 0) return null;
  const lines = (name: string, regexes: readonly string[]): string =>
    regexes.length === 0 ? '' : `${name} = ${regexes.join(`\n${' '.repeat(name.length + 3)}`)}\n`;
  const broken = [...fail, ...ignore].find((regex) => /[\r\n]/.test(regex));
  if (broken !== undefined) throw wrong(`${quoted(broken)} holds a line break: give each regex by itself`);
  return `[Definition]\n${lines('failregex', fail)}${lines('ignoreregex', ignore)}`;
}

async function write(verb: 'add' | 'update', call: Call, world: CliWorld): Promise<Answer> {
  const [name, ...others] = call.words;
  if (name === undefined) throw wrong(`name the filter: filter ${verb} FILTER --file FILE`);
  noWords(`filter ${verb} FILTER`, others);
  const known = (await world.configuration.filter(name)) !== null;
  if (verb === 'add' && known) throw wrong(`there is a filter ${quoted(name)} already: see \`filter update\``);
  if (verb === 'update' && !known) throw wrong(`there is no filter ${quoted(name)}: see \`filter add\``);
  if (!known && !NEW_NAME.test(name)) throw wrong(`${quoted(name)} is no name for a filter: letters, digits, '-', '_' and '.', 64 at most`);
  const text = await textOf(call, world);
  if (text === null) throw wrong('give its text: --file FILE, or --failregex REGEX');
  const edits = [{ kind: 'filter', name, text } as const];
  if (call.options.has('plan')) return planned(world, edits);
  const deed = { action: `filter.${verb === 'add' ? 'add' : 'edit'}`, subject: name };
  return changed(world, edits, deed, `The filter ${name} is ${verb === 'add' ? 'added' : 'changed'}.`, call.options);
}

async function remove(call: Call, world: CliWorld): Promise<Answer> {
  const { name, origin, usedBy } = await filterOf(call, world, 'remove');
  if (origin === 'shipped') throw wrong(`the filter ${quoted(name)} is shipped and not changed: there is nothing to remove`);
  if (origin === 'own' && usedBy.length > 0)
    throw new AppError('SERVER_REFUSED', `the filter ${quoted(name)} is used by ${usedBy.join(', ')}`);
  const edits = [{ kind: 'remove-filter', name } as const];
  if (call.options.has('plan')) return planned(world, edits);
  const done = origin === 'own' ? `The filter ${name} is removed.` : `The filter ${name} is as it came.`;
  return changed(world, edits, { action: 'filter.remove', subject: name }, done, call.options);
}

/** A filter that is saved, or a text in its place; a log of the server, or lines. */
async function requestOf(call: Call, world: CliWorld): Promise<FilterTestRequest> {
  const [name, ...others] = call.words;
  noWords('filter test FILTER', others);
  const text = await textOf(call, world);
  if (name === undefined && text === null) throw wrong('name the filter, or give a text with --file or --failregex');
  const [, plain = name ?? 'new', given] = /^([^[]*)\[(.*)\]$/s.exec(name ?? 'new') ?? [];
  if (text === null && (await world.configuration.filter(plain)) === null)
    throw wrong(`there is no filter ${quoted(plain)}: see \`filter list\``);
  const log = call.options.text('log-file');
  const input = call.options.text('input');
  if ((log === null) === (input === null))
    throw wrong("give what it is tried on: --log-file FILE (a log of the server) or --input FILE ('-' for standard input)");
  if (input === '-' && call.options.text('file') === '-') throw wrong('standard input cannot be both the filter and the lines');
  return {
    filter: text === null ? { name: name ?? '' } : { text, file: `${plain}.local`, ...(given === undefined ? {} : { options: given }) },
    source: log === null ? { lines: await world.read(input ?? '-') } : { log },
    confdir: world.place.confdir,
    limit: wholeOf('--lines', call.options.text('lines') ?? '100000', 1, MOST_LINES),
  };
}

async function test(call: Call, world: CliWorld): Promise<Answer> {
  const shown = call.options.text('show') ?? 'none';
  if (!isShown(shown)) throw wrong(`--show is 'all', 'matched', 'missed' or 'none', not ${quoted(shown)}`);
  const request = await requestOf(call, world);
  const result = await world.progress.during('trying the filter', () => world.tester.testFilter(request));
  if (result.kind === 'unfinished') return { text: '', json: result, failures: [result.message] };
  const errors = result.summary.problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  return { text: filterText(result.summary, result.lines, shown), json: result, failures: errors };
}

export const filterVerbs: readonly Verb[] = [
  { name: 'filter list', operands: '', summary: 'all filters, and which jails use them', options: [], run: list },
  { name: 'filter show', operands: 'FILTER', summary: 'the files of one filter, and what is wrong with them', options: [], run: show },
  {
    name: 'filter add',
    operands: 'FILTER',
    summary: 'add a filter',
    options: [...TEXT, ...EDITING],
    run: (call, world) => write('add', call, world),
  },
  {
    name: 'filter update',
    operands: 'FILTER',
    summary: 'write our own text of a filter; beside a shipped one its options win one by one',
    options: [...TEXT, ...EDITING],
    run: (call, world) => write('update', call, world),
  },
  { name: 'filter remove', operands: 'FILTER', summary: 'remove our own text of a filter', options: EDITING, run: remove },
  {
    name: 'filter test',
    operands: '[FILTER]',
    summary: 'try a filter, saved or not, on a log of the server or on lines; FILTER may have options: sshd[mode=aggressive]',
    options: [
      { name: 'log-file', value: 'FILE', meaning: 'a log of the server' },
      { name: 'input', value: 'FILE', meaning: "lines of any other file, or of standard input ('-')" },
      ...TEXT,
      { name: 'lines', value: 'NUMBER', meaning: 'how many lines of its end are looked at (default: 100000)' },
      { name: 'show', value: 'WHICH', meaning: "lines that are told: 'all', 'matched', 'missed' or 'none' (default)" },
    ],
    run: test,
  },
];
