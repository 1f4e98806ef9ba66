/** The door of this room: a folder in fail2ban's format into the stream of commands that `fail2ban-client -d` prints, and its Problems. */
import { AppError } from '../../base/errors';
import { isFolder } from '../../base/files';
import type { Command } from '../../model/command';
import type { Problem } from '../../model/problem';
import { pythonRepr } from '../../model/python-repr';
import { FAIL2BAN_PARITY } from '../../model/version';
import { ConfigFolder } from './includes';
import type { IniMistake, Option } from './ini';
import { readJail, type JailReading } from './jails';
import type { LogGlob } from './logpath';
import type { Sections } from './sections';
import { readServerOptions, type ServerOptions } from './server-options';
import { serverCommands } from './stream';

export interface ReadOptions {
  /** Only these jails; all when not given. */
  readonly jails?: readonly string[];
  /** Values of the command line: they win over the file's. */
  readonly overrides?: Partial<ServerOptions>;
  /** Texts that stand in the place of files, by their path within the folder (null: the file is gone): an edit that is not saved. */
  readonly texts?: ReadonlyMap<string, string | null>;
}

export interface Configuration {
  readonly dir: string;
  /** The files as they were read; filters and actions are read from it too. */
  readonly folder: ConfigFolder;
  readonly server: ServerOptions;
  /** The stream, exactly as `fail2ban-client -d` prints it. */
  readonly commands: readonly Command[];
  /** Lines of `logpath` as written, globs and plain paths: a file that comes later is to be followed too. */
  readonly globs: readonly (LogGlob & { readonly jail: string })[];
  /** Enabled jails in the order of the files, those with errors included. */
  readonly jails: readonly string[];
  /** Enabled jails that cannot run. */
  readonly broken: readonly string[];
  /** An error without a jail concerns the configuration as a whole. */
  readonly problems: readonly Problem[];
  /** What was read of each enabled jail, for checks. */
  readonly readings: readonly JailReading[];
  /** The merged `jail.*`. */
  readonly sections: Sections;
  /** Where a jail's option stands: in its section, in DEFAULT, or in its filter. */
  origin(jail: string, option: string): { readonly file: string; readonly line: number } | undefined;
}

const EMPTY: Sections = { defaults: new Map(), sections: new Map(), known: new Map(), mistakes: [], files: [] };

/** Reads a configuration folder. Mistakes of users become Problems. Throws AppError CONFIG_DIR_MISSING when there is no such folder. */
export function readConfiguration(dir: string, options: ReadOptions = {}): Configuration {
  if (!isFolder(dir)) throw new AppError('CONFIG_DIR_MISSING', `Base configuration directory ${dir} does not exist`);
  const folder = new ConfigFolder(dir, options.texts);
  const problems: Problem[] = [];
  const main = folder.read('fail2ban');
  if (main === null) problems.push(missing(dir, 'fail2ban'));
  const { server, problems: serverProblems } = readServerOptions(main ?? EMPTY, options.overrides ?? {});
  const jailFiles = folder.read('jail');
  if (jailFiles === null) problems.push(missing(dir, 'jail'));
  const sections = withVersion(jailFiles ?? EMPTY, dir);
  const all = [...sections.sections.keys()].filter((name) => name !== 'INCLUDES' && !name.startsWith('KNOWN/'));
  const chosen = options.jails?.filter((name) => all.includes(name)) ?? all;
  const unknown = options.jails?.filter((name) => !all.includes(name)) ?? [];
  const readings = chosen.map((name) => readJail(folder, sections, name)).filter((reading) => reading !== null);
  const good = readings.filter((reading) => reading.good);
  problems.push(
    ...serverProblems,
    ...[...(main?.mistakes ?? []), ...mistakesOfNoJail(sections, readings)].map(problemOf),
    ...unknown.map((jail): Problem => ({
      severity: 'error',
      jail,
      message: `there is no jail '${jail}' in jail.conf, jail.d and jail.local`,
    })),
    ...readings.flatMap((reading) => reading.problems),
  );
  const byName = new Map(readings.map((reading) => [reading.name, reading]));
  return {
    dir,
    folder,
    server,
    commands: [
      ...serverCommands(server),
      ...readings.flatMap((reading) => reading.commands),
      ...good.map(({ name }): Command => ['start', name]),
    ],
    globs: good.flatMap(({ name, globs }) => globs.map((glob) => ({ jail: name, ...glob }))),
    jails: readings.map(({ name }) => name),
    broken: readings.filter((reading) => !reading.good).map(({ name }) => name),
    problems,
    readings,
    sections,
    origin: (jail, option) => placeOf(byName.get(jail)?.origin(option)),
  };
}

/** The stream as `fail2ban-client -d` prints it: one list in Python's spelling per line, a newline at the end. */
export function formatCommands(commands: readonly Command[]): string {
  return commands.map((command) => `${pythonRepr(command)}\n`).join('');
}

/** Variables that are always there in jail files. */
function withVersion(sections: Sections, dir: string): Sections {
  const option = (value: string): Option => ({ value, file: '', line: 0, lines: [], cut: [] });
  const given: [string, Option][] = [
    ['fail2ban_version', option(FAIL2BAN_PARITY)],
    ['fail2ban_confpath', option(dir)],
  ];
  return { ...sections, defaults: new Map([...given, ...sections.defaults]) };
}

/** Mistakes that no jail's own Problem tells. */
function mistakesOfNoJail(sections: Sections, readings: readonly JailReading[]): IniMistake[] {
  const told = new Set(readings.flatMap(({ problems }) => problems.map(({ file, line }) => `${file ?? ''}:${line ?? 0}`)));
  return sections.mistakes.filter(({ file, line }) => !told.has(`${file}:${line}`));
}

function problemOf({ file, line, option, message, section }: IniMistake): Problem {
  const inSection = section === null ? '' : `[${section}] `;
  return { severity: 'error', file, line, message: inSection + message, ...(option === undefined ? {} : { option }) };
}

function missing(dir: string, name: string): Problem {
  return { severity: 'error', message: `Found no accessible config files for '${name}' under ${dir}; there should be a ${name}.conf` };
}

function placeOf(at: Option | undefined): { readonly file: string; readonly line: number } | undefined {
  return at === undefined || at.file === '' ? undefined : { file: at.file, line: at.line };
}
