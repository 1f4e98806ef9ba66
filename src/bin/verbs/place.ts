/** Where the server and our own data are: as options say, else as the environment, else what is found on this machine. */
import path from 'node:path';
import { AppError } from '../../base/errors';
import { fileRights } from '../../base/file-rights';
import { exists, readText } from '../../base/files';
import type { ControlPlace } from '../rooms/control-rooms';
import { homeAt } from '../start/home';
import type { Given } from './verb';

export interface CliPlace extends ControlPlace {
  /** bailiff.sqlite3. */
  readonly historyDatabase: string;
}

export const STOCK = {
  conf: '/etc/fail2ban',
  socket: '/var/run/fail2ban/fail2ban.sock',
  pidFile: '/var/run/fail2ban/fail2ban.pid',
  log: '/var/log/fail2ban.log',
} as const;
/** Of an installed extension: our data, the configuration of a server without fail2ban, and what the installer remembers. */
const INSTALLED = { home: '/var/lib/bailiff', conf: '/etc/bailiff/config', state: '/etc/bailiff/state' } as const;

/** The folder of our own data: `--home`, BAILIFF_HOME, ./var if it is ours, else that of the extension. */
export function homeFolder(options: Given, env: NodeJS.ProcessEnv): string {
  const told = options.text('home') ?? env['BAILIFF_HOME'];
  if (told !== undefined && told !== '') return path.resolve(told);
  // Another user's folder, in which we happen to stand, says nothing to us.
  const here = path.resolve('var');
  return exists(path.join(here, 'data')) && fileRights(here)?.uid === process.getuid?.() ? here : INSTALLED.home;
}

function installedConf(): string {
  const own = exists(INSTALLED.state) && /^mode=own$/m.test(readText(INSTALLED.state));
  return own && exists(INSTALLED.conf) ? INSTALLED.conf : STOCK.conf;
}

/** @throws AppError BAD_ARGUMENT for a `--daemon` that is none */
export function placeOf(options: Given, env: NodeJS.ProcessEnv): CliPlace {
  const home = homeAt(homeFolder(options, env));
  const daemon = options.text('daemon');
  if (daemon !== null && daemon !== 'systemd' && daemon !== 'direct')
    throw new AppError('BAD_ARGUMENT', `--daemon is 'systemd' or 'direct', not '${daemon}'`);
  // The folder of `bailiff start`: its server is not the machine's.
  const alone = exists(home.config);
  const at = (option: string, ours: string, usual: string): string => path.resolve(options.text(option) ?? (alone ? ours : usual));
  return {
    confdir: at('conf', home.config, installedConf()),
    socket: at('socket', home.socket, STOCK.socket),
    pidFile: at('pidfile', home.pidFile, STOCK.pidFile),
    log: at('log', home.serverLog, STOCK.log),
    daemon: daemon ?? (alone ? 'direct' : null),
    dryRun: options.has('dry-run') || (alone && !options.has('enforce')),
    data: path.dirname(home.historyDatabase),
    historyDatabase: path.resolve(options.text('db') ?? home.historyDatabase),
    logFolders: [path.dirname(home.loginLog)],
  };
}
