/** `jail list|show|add|update|remove|reset|test`: jails of the configuration, as the pages show and edit them. */
import { formatProblem } from '../../model/problem';
import type { JailView, OptionView } from '../../panel/control/editor/configuration';
import type { Edit } from '../../panel/control/editor/editor';
import { NEW_NAME } from '../../panel/web/new-name';
import { assignments, refuseSlips } from './assignments';
import { changed, EDITING, planned } from './edited';
import { noWords, quoted, secondsOf, wrong } from './items';
import { previewText } from './preview-text';
import { printable } from '../../base/steering';
import { count, formatTable } from './print';
import type { Answer, Call, OptionSpec, Verb } from './verb';
import type { CliWorld } from './world';

const VARIABLES: OptionSpec = { name: 'variables', value: null, meaning: 'take names that fail2ban does not know: variables for %(…)s' };

/** The jail that the first word names, and the other words. @throws AppError BAD_ARGUMENT with the names that there are */
async function jailAndWords({ words }: Call, { configuration }: CliWorld, verb: string): Promise<readonly [JailView, readonly string[]]> {
  const [name, ...others] = words;
  if (name === undefined) throw wrong(`name the jail: jail ${verb} JAIL`);
  const jail = await configuration.jail(name);
  if (jail === null) throw wrong(`there is no jail ${quoted(name)}: see \`bailiff jail list\``);
  return [jail, others];
}

function stateOf({ enabled, observing }: JailView): string {
  return enabled ? (observing ? 'observing' : 'active') : 'inactive';
}

const valueOf = ({ options }: JailView, name: string): string => options.find((option) => option.name === name)?.value ?? '';

async function list({ words }: Call, { configuration }: CliWorld): Promise<Answer> {
  noWords('jail list', words);
  const jails = await configuration.jails();
  const rows = jails.map((jail) => [
    ...[jail.name, stateOf(jail), jail.edited ? 'edited' : jail.origin, jail.filter],
    ...['maxretry', 'findtime', 'bantime'].map((name) => valueOf(jail, name)),
    String(jail.logs.reduce((sum, { files }) => sum + files, 0)),
    jail.problems.length === 0 ? '' : count(jail.problems.length, 'problem', 'problems'),
  ]);
  const heading = ['JAIL', 'STATE', 'ORIGIN', 'FILTER', 'MAXRETRY', 'FINDTIME', 'BANTIME', 'LOGS', ''];
  const json = jails.map((jail) => ({ ...jail, options: undefined, raw: undefined, sections: undefined }));
  return { text: formatTable([heading, ...rows], [7]), json };
}

function optionLine({ name, value, file, line, own }: OptionView): readonly string[] {
  const place = file === null ? 'default' : `${file}:${line ?? '?'}`;
  return [name, (value ?? '').replace(/\n\s*/g, ' ⏎ '), own ? `${place} (own)` : place];
}

async function show(call: Call, world: CliWorld): Promise<Answer> {
  const [jail, others] = await jailAndWords(call, world, 'show');
  noWords('jail show', others);
  const rows = [
    ['Jail', jail.name],
    ['State', stateOf(jail)],
    ['Origin', jail.edited ? `${jail.origin}, edited` : jail.origin],
    ['Filter', jail.filter],
    ['Actions', jail.actions.join(', ')],
    ...jail.logs.map(({ path, files }) => ['Log', `${path} (${count(files, 'file', 'files')})`]),
    ...jail.problems.map((problem) => [problem.severity === 'error' ? 'Error' : 'Warning', formatProblem(problem)]),
  ];
  const options = jail.options.filter(({ value }) => value !== null).map(optionLine);
  return { text: `${formatTable(rows)}\n${formatTable([['OPTION', 'VALUE', 'STANDS IN'], ...options])}`, json: jail };
}

function edit(world: CliWorld, call: Call, edits: readonly Edit[], verb: string, jail: string, done: string): Promise<Answer> {
  if (call.options.has('plan')) return planned(world, edits);
  return changed(world, edits, { action: `jail.${verb}`, subject: jail }, done, call.options);
}

async function add(call: Call, world: CliWorld): Promise<Answer> {
  const [name, ...words] = call.words;
  if (name === undefined || name.includes('=')) throw wrong('name the new jail first: jail add JAIL NAME=VALUE…');
  if (!NEW_NAME.test(name)) throw wrong(`${quoted(name)} is no name for a jail: letters, digits, '-', '_' and '.', 64 at most`);
  if ((await world.configuration.jail(name)) !== null) throw wrong(`there is a jail ${quoted(name)} already: see \`jail update\``);
  const options = assignments(words);
  if (Object.keys(options).length === 0) throw wrong('give its options: jail add JAIL filter=FILTER logpath=FILE …');
  if (!call.options.has('variables')) refuseSlips(options, []);
  const answer = await edit(world, call, [{ kind: 'add-jail', jail: name, options }], 'add', name, `The jail ${name} is added.`);
  const idle = !call.options.has('plan') && (await world.configuration.jail(name))?.enabled === false;
  return idle ? { ...answer, text: `${answer.text}It is inactive: \`bailiff enable-jails ${name}\` switches it on.\n` } : answer;
}

async function update(call: Call, world: CliWorld): Promise<Answer> {
  const [jail, words] = await jailAndWords(call, world, 'update');
  const inherited = call.options.all('inherit').map((name) => name.toLowerCase());
  const options: Record<string, string | null> = { ...assignments(words) };
  for (const name of inherited) {
    if (name in options) throw wrong(`--inherit ${name}: the same option is given a value`);
    options[name] = null;
  }
  if (!call.options.has('variables'))
    refuseSlips(
      options,
      jail.options.map(({ name }) => name),
    );
  const observe = call.options.text('observe');
  if (observe !== null && observe !== 'on' && observe !== 'off') throw wrong(`--observe is 'on' or 'off', not ${quoted(observe)}`);
  const edits: Edit[] = [
    ...(Object.keys(options).length === 0 ? [] : [{ kind: 'jail', jail: jail.name, options } as const]),
    ...(observe === null || (observe === 'on') === jail.observing
      ? []
      : [{ kind: 'observe', jail: jail.name, on: observe === 'on' } as const]),
  ];
  if (edits.length === 0 && observe === null)
    throw wrong('give what is to change: jail update JAIL NAME=VALUE…, --inherit NAME or --observe on');
  return edit(world, call, edits, 'edit', jail.name, `The jail ${jail.name} is changed.`);
}

async function takeAway(verb: 'remove' | 'reset', call: Call, world: CliWorld): Promise<Answer> {
  const [{ name, origin }, others] = await jailAndWords(call, world, verb);
  noWords(`jail ${verb}`, others);
  if (verb === 'remove' && origin === 'shipped')
    throw wrong(`the jail ${quoted(name)} is a shipped one: it can be switched off (disable-jails) or reset (jail reset), not removed`);
  if (verb === 'reset' && origin === 'own') throw wrong(`the jail ${quoted(name)} is your own: it can be removed (jail remove), not reset`);
  const done = verb === 'remove' ? `The jail ${name} is removed.` : `The jail ${name} is as it came.`;
  return edit(world, call, [{ kind: `${verb}-jail`, jail: name }], verb, name, done);
}

async function test(call: Call, world: CliWorld): Promise<Answer> {
  const [jail, words] = await jailAndWords(call, world, 'test');
  const options = assignments(words);
  refuseSlips(
    options,
    jail.options.map(({ name }) => name),
  );
  const since = secondsOf('--since', call.options.text('since') ?? '1d', { forever: false });
  const { editor } = await world.working();
  const edits: readonly Edit[] = Object.keys(options).length === 0 ? [] : [{ kind: 'jail', jail: jail.name, options }];
  const overlay = await editor.overlay(edits);
  try {
    const asked = { confdir: overlay.confdir, jail: jail.name, since };
    const result = await world.progress.during(`reading the logs of ${printable(jail.name)}`, () => world.tester.previewJail(asked));
    if (result.kind === 'unfinished') return { text: '', json: result, failures: [result.message] };
    return previewText(result.preview);
  } finally {
    await overlay.done();
  }
}

export const jailVerbs: readonly Verb[] = [
  { name: 'jail list', operands: '', summary: 'all jails of the configuration with what is in force', options: [], run: list },
  { name: 'jail show', operands: 'JAIL', summary: 'one jail: each option with its value and where it stands', options: [], run: show },
  {
    name: 'jail add',
    operands: 'JAIL NAME=VALUE…',
    summary: 'add a jail; logpath and action may be given several times',
    options: [VARIABLES, ...EDITING],
    run: add,
  },
  {
    name: 'jail update',
    operands: 'JAIL [NAME=VALUE…]',
    summary: 'change options of a jail',
    options: [
      { name: 'inherit', value: 'NAME', meaning: 'go back to what is inherited', many: true },
      { name: 'observe', value: 'on|off', meaning: 'only count and tell, or ban again' },
      VARIABLES,
      ...EDITING,
    ],
    run: update,
  },
  {
    name: 'jail remove',
    operands: 'JAIL',
    summary: 'remove an own jail',
    options: EDITING,
    run: (call, world) => takeAway('remove', call, world),
  },
  {
    name: 'jail reset',
    operands: 'JAIL',
    summary: 'take all changes of a shipped jail back',
    options: EDITING,
    run: (call, world) => takeAway('reset', call, world),
  },
  {
    name: 'jail test',
    operands: 'JAIL [NAME=VALUE…]',
    summary: 'whom a jail would have banned, with changes that are not saved',
    options: [{ name: 'since', value: 'TIME', meaning: 'how far back its logs are read (default: 1d)' }],
    run: test,
  },
];
