/** The commands that make a server what the files say: of the server itself, of a jail's options, filter and actions. */
import type { Command, CommandWord } from '../../model/command';
import type { Definition } from './definition';
import { ACTION_OPTIONS, type OptionInfo } from './jail-options';
import { listWords, shellWords, toBool, toInt, valueLines } from './option-value';
import type { ServerOptions } from './server-options';

/** The server's part, in the original's order. */
export function serverCommands(server: ServerOptions): Command[] {
  const { syslogsocket, loglevel, logtarget, allowipv6, dbfile, dbmaxmatches, dbpurgeage, stacksize } = server;
  const commands: Command[] = [];
  if (stacksize !== null) commands.push(['set', 'thread', { stacksize }]);
  const values = { syslogsocket, loglevel, logtarget, allowipv6, dbfile, dbmaxmatches, dbpurgeage };
  for (const [name, value] of Object.entries(values)) {
    if (value !== null) commands.push(['set', name, value]);
  }
  return commands;
}

/** Commands of the filter part, those that must come first apart from the rest. */
export interface FilterCommands {
  readonly front: readonly Command[];
  readonly rest: readonly Command[];
}

/** Filter options in their order of appearance: usedns comes first, then prefregex and maxlines, then the rest. */
export function filterCommands(jail: string, options: Iterable<readonly [name: string, value: string]>): FilterCommands {
  const first: Command[] = [];
  const front: Command[] = [];
  const rest: Command[] = [];
  for (const [name, value] of options) {
    if (name === 'usedns') first.push(['set', jail, name, value]);
    else if (name === 'prefregex') front.push(['set', jail, name, value]);
    else if (name === 'maxlines') {
      const count = toInt(value);
      if (count !== null) front.push(['set', jail, name, count]);
    } else if (name === 'failregex' || name === 'ignoreregex') rest.push(...regexCommand(jail, name, valueLines(value)));
    else if (name === 'journalmatch') {
      rest.push(...valueLines(value).map((line) => ['set', jail, 'addjournalmatch', ...shellWords(line)]));
    } else if (name === 'datepattern') rest.push(['set', jail, name, value]);
  }
  return { front: [...first, ...front], rest };
}

function regexCommand(jail: string, name: string, regexes: readonly string[]): Command[] {
  const [only, ...others] = regexes;
  if (only === undefined) return [];
  return others.length === 0 ? [['set', jail, `add${name}`, only]] : [['multi-set', jail, `add${name}`, regexes]];
}

/** One of the jail's options that the server knows. An int that is none is sent as null, as the original does. */
export function jailOptionCommand(jail: string, { name, type }: OptionInfo, value: string): Command {
  if (name === 'ignoreip') return ['set', jail, 'addignoreip', ...listWords(value)];
  if (type === 'int') return ['set', jail, name, toInt(value)];
  return ['set', jail, name, type === 'bool' ? toBool(value) : value];
}

const COMMAND_OPTIONS: ReadonlyMap<string, string> = new Map(ACTION_OPTIONS.map(({ name, type }) => [name, type]));

/** A command action: its resolved commands, then its parameters as written. Without `[Definition]` its commands are null, as the original has it. */
export function actionCommands(jail: string, name: string, { options, parameters, defined }: Definition): Command[] {
  const properties: (readonly [string, CommandWord])[] = [];
  // Without a `[Definition]` all of them are there, in the order of the table.
  const commands = defined ? options : new Map([...ACTION_OPTIONS.map((option) => [option.name, null] as const), ...options]);
  for (const [key, value] of commands) {
    const type = COMMAND_OPTIONS.get(key);
    if (type !== undefined) properties.push([key, type === 'bool' && value !== null ? toBool(value) : value]);
  }
  for (const [key, value] of parameters) {
    if (!COMMAND_OPTIONS.has(key) && !key.startsWith('known/')) properties.push([key, value]);
  }
  const add: Command = ['set', jail, 'addaction', name];
  const [only, ...others] = properties;
  if (only === undefined) return [add];
  return [add, others.length === 0 ? ['set', jail, 'action', name, ...only] : ['multi-set', jail, 'action', name, properties]];
}

/** A Python action: its file and its options as JSON in Python's spelling. */
export function pythonActionCommand(jail: string, name: string, file: string, options: ReadonlyMap<string, string>): Command {
  const pairs = [...options].map(([key, value]) => `${jsonText(key)}: ${jsonText(value)}`);
  return ['set', jail, 'addaction', name, file, `{${pairs.join(', ')}}`];
}

function jsonText(text: string): string {
  return JSON.stringify(text).replace(/[\x7f-\uffff]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
