/** The words behind `reload` become a request, and that the one command that carries the whole new configuration. */
import { planReload, type ReloadPlan } from '../../panel/control/reload';
import type { CommandLine } from '../command-line';

const OPTIONS: ReadonlySet<string> = new Set(['--restart', '--unban', '--if-exists']);

/** The reload that a command line asks for, of one jail or of all. @throws AppError CONFIG_DIR_MISSING */
export function reloadCommand(words: readonly string[], line: CommandLine): ReloadPlan {
  const jail = words.find((word) => !OPTIONS.has(word) && word !== '--all');
  const given = { socket: line.socket, pidfile: line.pidfile, loglevel: line.loglevel, logtarget: line.logtarget };
  const overrides = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const request = {
    restart: words.includes('--restart'),
    unban: words.includes('--unban'),
    ifExists: words.includes('--if-exists'),
    ...(jail === undefined ? {} : { jail }),
  };
  return planReload(line.conf, request, overrides);
}
