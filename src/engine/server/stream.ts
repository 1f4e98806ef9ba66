/** Folds a stream of commands (what `-d` prints, what a client's `reload` sends) into plain settings and jail configurations. */
import { messageOf } from '../../base/errors';
import type { Command, CommandWord } from '../../model/command';
import { defaultJailConfig, type JailConfig, type LogPath } from '../../model/jail-config';
import type { Problem } from '../../model/problem';
import { changeJail, logPath } from './jail-settings';
import { changeSettings, DEFAULT_SETTINGS, isServerSetting, type ServerSettings } from './server-settings';
import { textWord } from './setting-values';

export interface FoldedStream {
  readonly settings: ServerSettings;
  /** In the order of their `start` commands. */
  readonly jails: ReadonlyMap<string, JailConfig>;
  /** What is wrong outside any jail, and the texts of `config-error`. */
  readonly problems: readonly Problem[];
}

/**
 * Folds the commands from the given settings on. A command that a jail can't take becomes a Problem of that jail alone:
 * the others go on (fail2ban itself gives up the rest of the stream).
 */
export function foldStream(commands: readonly Command[], from: ServerSettings = DEFAULT_SETTINGS): FoldedStream {
  let settings = from;
  const jails = new Map<string, JailConfig>();
  const started = new Map<string, JailConfig>();
  const problems: Problem[] = [];

  const change = (name: string, words: readonly CommandWord[]): void => {
    const config = jails.get(name);
    if (config === undefined) {
      problems.push({ severity: 'error', jail: name, message: `a command for jail '${name}' comes before its 'add'` });
      return;
    }
    try {
      jails.set(name, changeJail(config, words));
    } catch (error) {
      const option = textWord(words[0]);
      const problem: Problem = { severity: 'error', jail: name, option, message: messageOf(error) };
      jails.set(name, { ...config, problems: [...config.problems, problem] });
    }
  };

  /** Many jails have the same thousands of paths. */
  const entries = new Map<string, LogPath>();
  const sameEntry = (entry: LogPath): LogPath => {
    const key = `${entry.mode} ${entry.path}`;
    const known = entries.get(key) ?? entry;
    if (known === entry) entries.set(key, entry);
    return known;
  };

  /** Thousands of log paths of a jail that follow each other are added at once. */
  const addPaths = (name: string, config: JailConfig, all: readonly (readonly CommandWord[])[]): void => {
    const logpath = new Map(config.logpath.map((entry) => [entry.path, entry]));
    for (const words of all) {
      const entry = sameEntry(logPath(words));
      if (!logpath.has(entry.path)) logpath.set(entry.path, entry);
    }
    jails.set(name, { ...config, logpath: [...logpath.values()] });
  };

  for (let at = 0; at < commands.length; at++) {
    const together = pathsFrom(commands, at);
    const config = jails.get(textWord(commands[at]?.[1] ?? ''));
    if (together.length > 1 && config !== undefined) {
      addPaths(config.name, config, together);
      at += together.length - 1;
      continue;
    }
    const command = commands[at] ?? [];
    const [verb, first, ...rest] = command;
    const name = first === undefined ? '' : textWord(first);
    if (verb === 'add') jails.set(name, defaultJailConfig(name, rest[0] === undefined ? 'auto' : textWord(rest[0])));
    else if (verb === 'start') {
      const config = jails.get(name);
      if (config !== undefined) started.set(name, config);
    } else if (verb === 'config-error') problems.push({ severity: 'error', message: name });
    else if (verb === 'set' && isServerSetting(name) && !jails.has(name)) {
      try {
        settings = changeSettings(settings, name, rest[0]);
      } catch (error) {
        problems.push({ severity: 'error', option: name, message: messageOf(error) });
      }
    } else if (verb === 'set' || verb === 'multi-set') change(name, rest);
    else problems.push({ severity: 'error', message: `unknown command '${textWord(verb)}' in the stream` });
  }
  return { settings, jails: new Map([...started.keys()].map((name) => [name, jails.get(name) ?? defaultJailConfig(name)])), problems };
}

/** The values of all commands `set JAIL addlogpath …` for one jail that stand together at `at`, as far as nothing is wrong with them. */
function pathsFrom(commands: readonly Command[], at: number): readonly (readonly CommandWord[])[] {
  const jail = commands[at]?.[1];
  const paths: (readonly CommandWord[])[] = [];
  for (let command = commands[at]; command !== undefined; command = commands[at + paths.length]) {
    const [verb, name, option, ...values] = command;
    const plain = values.length === 1 || values[1] === 'head' || values[1] === 'tail';
    if (verb !== 'set' || name !== jail || option !== 'addlogpath' || typeof values[0] !== 'string' || !plain) break;
    paths.push(values);
  }
  return paths;
}

/** The jails with the globs of the configuration files, where the stream named none: a client's stream names only the files that are there now. */
export function withGlobs(
  jails: ReadonlyMap<string, JailConfig>,
  globs: readonly (LogPath & { readonly jail: string })[],
): ReadonlyMap<string, JailConfig> {
  const ofJail = (name: string): LogPath[] => globs.filter(({ jail }) => jail === name).map(({ path, mode }) => ({ path, mode }));
  return new Map([...jails].map(([name, config]) => [name, config.logglob.length > 0 ? config : { ...config, logglob: ofJail(name) }]));
}
