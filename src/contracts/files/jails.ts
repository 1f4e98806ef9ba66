/** One jail of the merged `jail.*` into its commands: its options, its filter and its actions, or the reason why there is none. */
import * as path from 'node:path';
import { exists, listDir } from '../../base/files';
import type { Command } from '../../model/command';
import type { Problem } from '../../model/problem';
import { pythonRepr } from '../../model/python-repr';
import { readDefinition, type Definition } from './definition';
import type { ConfigFolder } from './includes';
import type { Option, Options } from './ini';
import { fetchOption, InterpolationError, rawOption, type Scope } from './interpolate';
import { JailError, placeFields, refuseMistakes } from './jail-error';
import { readLogs } from './jail-logs';
import { ACTION_OPTIONS, FILTER_OPTIONS, JAIL_OPTIONS, JAIL_SERVER_OPTIONS } from './jail-options';
import type { LogGlob } from './logpath';
import { nearMiss } from './near-miss';
import { OptionListError, parseOptionList, splitActions, type OptionList } from './option-list';
import { toBool, toInt, toText } from './option-value';
import type { Sections } from './sections';
import { actionCommands, filterCommands, jailOptionCommand, pythonActionCommand } from './stream';
import { SubstitutionError } from './substitute';

/** What was read of an enabled jail. */
export interface JailReading {
  readonly name: string;
  /** Its part of the stream, without `start`. */
  readonly commands: readonly Command[];
  /** Whether it is to be started. */
  readonly good: boolean;
  readonly globs: readonly LogGlob[];
  readonly problems: readonly Problem[];
  /** Its options with their interpolation resolved, as far as they were read. */
  readonly values: ReadonlyMap<string, string>;
  /** The merged files of its filter. */
  readonly filter: Sections | null;
  /** Where an option stands: in the jail's section, in DEFAULT, or in the filter; with `text`, the line that says so, if there is one. */
  origin(option: string, text?: string): Option | undefined;
}

/** Tags of actions that only the ticket knows. */
const DYNAMIC_TAGS = ['matches', 'ipmatches', 'ipjailmatches', 'timeout', 'bantime'];
const FILTER_NAMES = FILTER_OPTIONS.map(({ name }) => name);
const ACTION_NAMES = ACTION_OPTIONS.map(({ name }) => name);

/** Reads a jail; null when it is not enabled. Never throws for what stands in the files. */
export function readJail(folder: ConfigFolder, sections: Sections, name: string): JailReading | null {
  const reader = new JailReader(folder, sections, name);
  const scope: Scope = { sections, section: name };
  const origin = (option: string, text?: string): Option | undefined => {
    const line = text === undefined ? undefined : findLine([sections.sections.get(name), ...optionsOf(reader.filterFiles)], text);
    return line ?? rawOption(scope, option)?.at ?? reader.filter?.origin(option);
  };
  try {
    if (!toBool(reader.option(scope, 'enabled') ?? '')) return null;
    const commands = reader.read();
    return { ...reader.found(), commands, origin };
  } catch (error) {
    if (!(error instanceof JailError)) throw error;
    const message = error.hint === undefined ? error.message : `${error.message}; ${error.hint}`;
    const problem: Problem = { severity: 'error', jail: name, option: error.option, message, ...placeFields(error.at) };
    const command: Command = ['config-error', `Jail '${name}' skipped, because of wrong configuration: ${error.message}`];
    return { ...reader.found(), good: false, commands: [command], problems: [...reader.problems, problem], origin };
  }
}

class JailReader {
  readonly problems: Problem[] = [];
  filter: Definition | null = null;
  filterFiles: Sections | null = null;
  private globs: readonly LogGlob[] = [];
  private good = true;
  private options: ReadonlyMap<string, string> = new Map();
  private readonly lookedUp = new Map<string, string | null>();

  constructor(
    private readonly folder: ConfigFolder,
    private readonly sections: Sections,
    private readonly jail: string,
  ) {}

  read(): Command[] {
    refuseMistakes(this.sections.mistakes, this.jail);
    const plain: Scope = { sections: this.sections, section: this.jail };
    const head = this.values(plain, ['enabled', 'backend', 'filter']);
    const filterText = head.get('filter') ?? '';
    const filter = filterText === '' ? null : this.readFilter(filterText, head);
    this.filter = filter;
    if (filter === null) this.warn('filter', `no filter is set; name one of filter.d, for instance 'filter = sshd'`);
    const own = { get: (key: string) => (key.startsWith('known/') ? filter?.known(key.slice('known/'.length)) : undefined) };
    const scope: Scope = { ...plain, own };
    const options = this.values(
      scope,
      JAIL_OPTIONS.map((option) => option.name),
    );
    this.options = options;
    if (this.filter !== null) this.filter = this.readFilter(filterText, options);
    const actions = this.actions(options);
    const logs = readLogs(
      this.jail,
      options,
      (line) => this.folder.logFiles(line),
      (message) => this.warn('logpath', message),
    );
    this.globs = logs.globs;
    this.good = !logs.skipped;
    if (logs.skipped) return [['config-error', `Jail '${this.jail}' skipped, because of missing log files.`]];
    return [['add', this.jail, logs.backend], ...this.optionCommands(options), ...logs.commands, ...actions];
  }

  /** What has been read so far. */
  found(): Pick<JailReading, 'name' | 'good' | 'globs' | 'problems' | 'values' | 'filter'> {
    const { jail: name, good, globs, problems, options: values, filterFiles: filter } = this;
    return { name, good, globs, problems, values, filter };
  }

  /** An option of a section of `jail.*`, resolved; its mistake is the jail's. */
  option(scope: Scope, name: string): string | undefined {
    return this.guard(name, () => fetchOption(scope, name));
  }

  private values(scope: Scope, names: readonly string[]): Map<string, string> {
    const values = new Map<string, string>();
    for (const name of names) {
      const value = this.option(scope, name);
      if (value !== undefined) values.set(name, value);
    }
    return values;
  }

  /** Reads the filter; a second time with what the first has found in `[Init]` as arguments, as the original does. */
  private readFilter(text: string, jail: ReadonlyMap<string, string>): Definition {
    const list = this.optionList(text, 'filter');
    const sections = this.folder.read(`filter.d/${list.name}`);
    if (sections === null)
      throw this.error('filter', `Unable to read the filter ${pythonRepr(list.name)}`, this.nearest('filter.d', list.name));
    this.filterFiles = sections;
    refuseMistakes(sections.mistakes, null, 'filter');
    const given = new Map(this.filter?.parameters ?? list.options);
    if (!given.has('logtype') && sections.sections.get('Definition')?.has('logtype') !== true) {
      given.set('logtype', jail.get('backend')?.startsWith('systemd') === true ? 'journal' : 'file');
    }
    const { lookedUp } = this;
    return this.guard('filter', () =>
      readDefinition({ sections, known: FILTER_NAMES, given, jail: asVariables(jail), keep: [], lookedUp }),
    );
  }

  /** Filter part and the jail's own options. */
  private optionCommands(jail: ReadonlyMap<string, string>): Command[] {
    const named = (names: readonly string[]): [string, string][] => names.flatMap((name) => pair(jail, name));
    const fromJail = filterCommands(this.jail, named(FILTER_NAMES));
    // What the jail sets is not the filter's any more, even where it is no number.
    const wrong = new Set(FILTER_NAMES.filter((name) => isNoNumber(jail, name)));
    const fromFilter = filterCommands(
      this.jail,
      [...(this.filter?.options ?? [])].filter(([name]) => !wrong.has(name)),
    );
    const own = JAIL_SERVER_OPTIONS.flatMap((option) =>
      pair(jail, option.name).map(([, value]) => jailOptionCommand(this.jail, option, value)),
    );
    return [...fromJail.front, ...fromFilter.front, ...fromFilter.rest, ...fromJail.rest, ...own];
  }

  private actions(jail: ReadonlyMap<string, string>): Command[] {
    const items = splitActions(jail.get('action') ?? '');
    if (items.length === 0) this.warn('action', 'no action is set: bans are only recorded');
    return items.flatMap((item) => this.action(item, jail));
  }

  private action(item: string, jail: ReadonlyMap<string, string>): Command[] {
    const list = this.optionList(item, 'action');
    const given = new Map(list.options);
    if (list.name.endsWith('.py')) {
      const file = path.join(this.folder.dir, 'action.d', list.name);
      if (!exists(file)) this.warn('action', `the file ${file} does not exist`);
      const name = given.get('actname') ?? list.name.slice(0, -'.py'.length);
      given.delete('actname');
      return [pythonActionCommand(this.jail, name, file, given)];
    }
    const sections = this.folder.read(`action.d/${list.name}`);
    if (sections === null)
      throw this.error('action', `Unable to read action ${pythonRepr(list.name)}`, this.nearest('action.d', list.name));
    refuseMistakes(sections.mistakes, null, 'action');
    if (!given.has('name')) given.set('name', this.jail);
    const actname = given.get('actname') ?? actionName(list.name, this.jail, given.get('name') ?? '');
    given.set('actname', actname);
    const request = { sections, known: ACTION_NAMES, given, jail: asVariables(jail), keep: DYNAMIC_TAGS };
    const definition = this.guard('action', () => readDefinition(request));
    return actionCommands(this.jail, actname, definition);
  }

  private optionList(text: string, option: string): OptionList {
    try {
      return parseOptionList(text);
    } catch (error) {
      if (!(error instanceof OptionListError)) throw error;
      throw this.error(
        option,
        `Invalid ${option} definition ${pythonRepr(text)}: ${error.message}`,
        `write it as 'name[key=value, other="a, b"]'`,
      );
    }
  }

  private guard<T>(option: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof InterpolationError) throw new JailError(error.message, error.option, error.at ?? this.place(option));
      if (error instanceof SubstitutionError) throw new JailError(error.message, error.option, this.place(option));
      throw error;
    }
  }

  private place(option: string): Option | undefined {
    return rawOption({ sections: this.sections, section: this.jail }, option)?.at;
  }

  private error(option: string, message: string, hint: string): JailError {
    return new JailError(message, option, this.place(option), hint);
  }

  private nearest(folder: string, name: string): string {
    const names = listDir(path.join(this.folder.dir, folder)).map((file) => file.replace(/\.(?:conf|local)$/, ''));
    const meant = nearMiss(name, names);
    return `there is no ${folder}/${name}.conf${meant === undefined ? '' : `, did you mean '${meant}'?`}`;
  }

  private warn(option: string, message: string): void {
    this.problems.push({ severity: 'warning', jail: this.jail, option, message, ...placeFields(this.place(option)) });
  }
}

/** The name under which a jail runs an action: with the part of `name` that is not the jail's. */
function actionName(action: string, jail: string, name: string): string {
  if (name === jail) return action;
  return name.startsWith(jail) ? action + name.slice(jail.length) : `${action}-${name}`;
}

function optionsOf(files: Sections | null): (Options | undefined)[] {
  return files === null ? [] : [...files.sections.values(), files.defaults];
}

/** The option with a line that is `text`, begun at that line. */
function findLine(places: readonly (Options | undefined)[], text: string): Option | undefined {
  for (const option of places.flatMap((options) => [...(options?.values() ?? [])])) {
    const at = option.value.split('\n').indexOf(text);
    if (at >= 0) return { ...option, line: option.lines[at] ?? option.line };
  }
  return undefined;
}

function pair(values: ReadonlyMap<string, string>, name: string): [string, string][] {
  const value = values.get(name);
  return value === undefined ? [] : [[name, value]];
}

const TYPES = new Map(JAIL_OPTIONS.map(({ name, type }) => [name, type]));

/** Whether an option that is to be a whole number is none. */
function isNoNumber(values: ReadonlyMap<string, string>, name: string): boolean {
  return TYPES.get(name) === 'int' && values.has(name) && toInt(values.get(name) ?? '') === null;
}

/** The jail's options as a filter's or action's variables see them: converted, and printed by Python. */
function asVariables(values: ReadonlyMap<string, string>): Map<string, string> {
  const variables = new Map<string, string>();
  for (const [name, value] of values) {
    const type = TYPES.get(name);
    const converted = type === 'bool' ? toBool(value) : type === 'int' ? toInt(value) : value;
    if (converted !== null) variables.set(name, toText(converted));
  }
  return variables;
}
