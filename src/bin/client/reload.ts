/** The words behind `reload` become the one command that carries the whole new configuration. */
import { readConfiguration } from '../../contracts/files/configuration';
import type { Command } from '../../model/command';
import type { Problem } from '../../model/problem';
import type { CommandLine } from '../command-line';

export interface ReloadPlan {
  /** Null when nothing may be sent. */
  readonly command: Command | null;
  readonly problems: readonly Problem[];
}

const OPTIONS: ReadonlySet<string> = new Set(['--restart', '--unban', '--if-exists']);

/** Reads the configuration, of one jail or of all. What is wrong with it as a whole, or with the jail that is asked for, stops the reload. */
export function reloadCommand(words: readonly string[], line: CommandLine): ReloadPlan {
  const options = words.filter((word) => OPTIONS.has(word));
  const jail = words.find((word) => !OPTIONS.has(word) && word !== '--all');
  const overrides = Object.fromEntries(
    Object.entries({ socket: line.socket, pidfile: line.pidfile, loglevel: line.loglevel, logtarget: line.logtarget }).filter(
      ([, value]) => value !== null,
    ),
  );
  const { commands, problems, sections } = readConfiguration(line.conf, { overrides, ...(jail === undefined ? {} : { jails: [jail] }) });
  if (jail !== undefined && !sections.sections.has(jail)) {
    return { command: null, problems: [{ severity: 'error', message: `Failed during configuration: No section: '${jail}'` }] };
  }
  const fatal = problems.some((problem) => problem.severity === 'error' && (problem.jail === undefined || problem.jail === jail));
  return { command: fatal ? null : ['reload', jail ?? '--all', options, commands], problems };
}
