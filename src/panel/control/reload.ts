/** Makes the one command behind `reload` from a configuration folder, exactly as fail2ban-client makes it: the server reads no files itself. */
import { readConfiguration } from '../../contracts/files/configuration';
import type { ServerOptions } from '../../contracts/files/server-options';
import type { Command } from '../../model/command';
import type { Problem } from '../../model/problem';

export interface ReloadRequest {
  /** Only this jail; all when not given. */
  readonly jail?: string;
  /** Jails are stopped and started anew instead of changed while they run. */
  readonly restart?: boolean;
  /** Bans are lifted first. */
  readonly unban?: boolean;
  /** A jail that does not run yet is started; without it the server refuses the name. */
  readonly ifExists?: boolean;
}

export interface ReloadPlan {
  /** Null when nothing may be sent. */
  readonly command: Command | null;
  readonly problems: readonly Problem[];
  /** Whether the files enable the jail that was asked for; true when all were. */
  readonly enabled: boolean;
}

/**
 * The command for a request. What is wrong with the configuration as a whole, or with the jail that is asked for, stops the reload; what is
 * wrong with another jail is told and stops that jail alone.
 * @param conf the configuration folder
 * @param overrides what a command line says instead of `fail2ban.conf`
 * @throws AppError CONFIG_DIR_MISSING when there is no such folder
 */
export function planReload(conf: string, request: ReloadRequest = {}, overrides: Partial<ServerOptions> = {}): ReloadPlan {
  const { jail } = request;
  const options = (
    [
      ['--restart', request.restart],
      ['--unban', request.unban],
      ['--if-exists', request.ifExists],
    ] as const
  ).flatMap(([word, wanted]) => (wanted === true ? [word] : []));
  const { commands, problems, sections, jails } = readConfiguration(conf, { overrides, ...(jail === undefined ? {} : { jails: [jail] }) });
  if (jail !== undefined && !sections.sections.has(jail)) {
    const message = `Failed during configuration: No section: '${jail}'`;
    return { command: null, problems: [{ severity: 'error', message }], enabled: false };
  }
  const fatal = problems.some((problem) => problem.severity === 'error' && (problem.jail === undefined || problem.jail === jail));
  return {
    command: fatal ? null : ['reload', jail ?? '--all', options, commands],
    problems,
    enabled: jail === undefined || jails.includes(jail),
  };
}
