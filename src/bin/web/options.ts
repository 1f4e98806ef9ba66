/** The command line of `bailiff-web`. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { AppError } from '../../base/errors';

export const HOST = '127.0.0.1';

export const HELP = `Usage: bailiff-web [OPTIONS]

  -c, --conf DIR      configuration folder of the server (default: /etc/fail2ban)
  -s, --socket PATH   the server's socket (default: /var/run/fail2ban/fail2ban.sock)
  -p, --pidfile PATH  the server's pid file (default: /var/run/fail2ban/fail2ban.pid)
      --home DIR      folder for our own data (default: ./var)
      --port N        port on ${HOST} (default: 8787)
      --log FILE      the server's log, for the history (default: /var/log/fail2ban.log)
      --db FILE       our own database (default: data/bailiff.sqlite3 in the home)
      --daemon HOW    how the server is started and stopped: 'systemd' by its units, or 'direct' as a program
                      (default: systemd where that runs the machine)
      --dry-run       a server that the pages start records bans and acts on nothing; the stock one is not started
      --panel-socket PATH   serve Plesk's PHP on this UNIX socket instead of people on a port
      --panel-group NAME    group that may connect to it (default: our own)
      --secret FILE         the secret that the panel signs its requests with
  -h, --help          print this
`;

const OPTIONS = {
  conf: { type: 'string', short: 'c', default: '/etc/fail2ban' },
  socket: { type: 'string', short: 's', default: '/var/run/fail2ban/fail2ban.sock' },
  pidfile: { type: 'string', short: 'p', default: '/var/run/fail2ban/fail2ban.pid' },
  home: { type: 'string', default: 'var' },
  port: { type: 'string', default: '8787' },
  log: { type: 'string', default: '/var/log/fail2ban.log' },
  db: { type: 'string' },
  daemon: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  'panel-socket': { type: 'string' },
  'panel-group': { type: 'string' },
  secret: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export interface WebOptions {
  readonly confdir: string;
  readonly socket: string;
  readonly pidFile: string;
  readonly home: string;
  readonly port: number;
  /** A full path. */
  readonly log: string;
  /** Our database; null is the home's. */
  readonly database: string | null;
  /** Null: systemd where it runs the machine. */
  readonly daemon: 'systemd' | 'direct' | null;
  readonly dryRun: boolean;
  /** Where Plesk's PHP connects; null for people on a port. */
  readonly panel: { readonly socket: string; readonly group: string | null; readonly secretFile: string } | null;
}

/** Null when help is asked for. Throws AppError BAD_ARGUMENT, and parseArgs' own errors for unknown options. */
export function readOptions(argv: readonly string[]): WebOptions | null {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  if (values.help) return null;
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new AppError('BAD_ARGUMENT', `--port is not a port: ${values.port}`);
  const { daemon = null, secret } = values;
  if (daemon !== null && daemon !== 'systemd' && daemon !== 'direct') {
    throw new AppError('BAD_ARGUMENT', `--daemon is 'systemd' or 'direct', not '${daemon}'`);
  }
  const socket = values['panel-socket'];
  if (socket !== undefined && secret === undefined) throw new AppError('BAD_ARGUMENT', '--panel-socket needs --secret');
  return {
    confdir: path.resolve(values.conf),
    socket: values.socket,
    pidFile: path.resolve(values.pidfile),
    home: values.home,
    port,
    log: path.resolve(values.log),
    database: values.db ?? null,
    daemon,
    dryRun: values['dry-run'],
    panel: socket === undefined || secret === undefined ? null : { socket, group: values['panel-group'] ?? null, secretFile: secret },
  };
}
