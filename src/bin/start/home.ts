/** The folder that a stand-alone Bailiff lives in: where everything is, and how it is made. */
import path from 'node:path';
import { appendText, exists, listDir, readText, writeFileSafely } from '../../base/files';
import { makePrivateFolder } from '../../base/folders';
import { AppError } from '../../base/errors';

export interface Home {
  readonly root: string;
  /** The configuration folder, in fail2ban's format. */
  readonly config: string;
  readonly demoLogs: string;
  readonly socket: string;
  readonly pidFile: string;
  /** fail2ban.log */
  readonly serverLog: string;
  readonly loginLog: string;
  readonly banDatabase: string;
  readonly historyDatabase: string;
  readonly credentials: string;
}

/** The kernel's limit for the path of a UNIX socket, with its final NUL. */
const MAX_SOCKET_PATH = 107;

/** Where things are below a folder. */
export function homeAt(folder: string): Home {
  const root = path.resolve(folder);
  const at = (...names: string[]): string => path.join(root, ...names);
  return {
    root,
    config: at('config'),
    demoLogs: at('log', 'demo'),
    socket: at('run', 'fail2ban.sock'),
    pidFile: at('run', 'fail2ban.pid'),
    serverLog: at('log', 'fail2ban.log'),
    loginLog: at('log', 'login.log'),
    banDatabase: at('data', 'fail2ban.sqlite3'),
    historyDatabase: at('data', 'bailiff.sqlite3'),
    credentials: at('data', 'web-login.json'),
  };
}

/**
 * Makes the folders, the logs that jails watch, and the configuration: our shipped `.conf` files are brought up to date,
 * everything else in the folder (`.local` files above all) is the administrator's and stays.
 */
export function prepareHome(home: Home, shipped: string): void {
  if (Buffer.byteLength(home.socket) > MAX_SOCKET_PATH) {
    throw new AppError('BAD_ARGUMENT', `the path ${home.socket} is too long for a socket: name a shorter folder with BAILIFF_HOME`);
  }
  for (const folder of ['', 'config', 'data', 'log', 'log/demo', 'run']) makePrivateFolder(path.join(home.root, folder));
  for (const folder of ['', 'jail.d', 'fail2ban.d', 'filter.d', 'action.d'])
    copyConfig(path.join(shipped, folder), path.join(home.config, folder));
  for (const log of [home.serverLog, home.loginLog]) appendText(log, '');
}

/** Brings the `.conf` files of a folder up to date with the shipped ones. */
export function copyConfig(from: string, to: string): void {
  makePrivateFolder(to);
  for (const name of listDir(from).filter((file) => file.endsWith('.conf'))) {
    const text = readText(path.join(from, name));
    const target = path.join(to, name);
    if (!exists(target) || readText(target) !== text) writeFileSafely(target, text, 0o600);
  }
}
