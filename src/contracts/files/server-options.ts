/** Every option of `fail2ban.conf`: the table, and its values as the server is told them. */
import type { Problem } from '../../model/problem';
import { fetchOption, InterpolationError } from './interpolate';
import type { OptionInfo } from './jail-options';
import { toBool, toInt } from './option-value';
import type { Sections } from './sections';

/** Options of `[Definition]`. The default is what counts when the file does not name the option. */
export const SERVER_OPTIONS: readonly OptionInfo[] = [
  { name: 'syslogsocket', type: 'text', default: 'auto', meaning: 'Where `logtarget = SYSLOG` writes; `auto` is `/dev/log`.' },
  {
    name: 'loglevel',
    type: 'text',
    default: 'INFO',
    words: ['CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'MSG', 'DEBUG', 'TRACEDEBUG', 'HEAVYDEBUG'],
    meaning: 'What is worth a line in the log: this level and those above it, or its number.',
  },
  { name: 'logtarget', type: 'text', default: 'STDERR', meaning: 'Where the log goes: a file, `STDOUT`, `STDERR`, `SYSLOG` or `SYSOUT`.' },
  { name: 'allowipv6', type: 'text', default: 'auto', meaning: 'Whether IPv6 is used: `yes`, `no`, or `auto` (when the machine has it).' },
  {
    name: 'dbfile',
    type: 'text',
    default: '/var/lib/fail2ban/fail2ban.sqlite3',
    meaning: 'The database of bans; `None` is no database, `:memory:` one that ends with the server.',
  },
  { name: 'dbmaxmatches', type: 'int', unit: 'lines', default: '10', meaning: 'How many matched lines the database keeps per ban.' },
  { name: 'dbpurgeage', type: 'time', unit: 'seconds', default: '1d', meaning: 'How long bans that are over stay in the database.' },
  {
    name: 'socket',
    type: 'text',
    default: '/var/run/fail2ban/fail2ban.sock',
    meaning: 'The socket on which the server is told what to do.',
  },
  {
    name: 'pidfile',
    type: 'text',
    default: '/var/run/fail2ban/fail2ban.pid',
    meaning: 'The file that holds the number of the server’s process.',
  },
  {
    name: 'spare',
    type: 'bool',
    default: 'no',
    meaning:
      'Whether failures never ban administrators with an open SSH session or on the pages, the default gateways, the name servers and the proxies of `proxies.conf`: they are only told. Read at the start.',
  },
  {
    name: 'stacksize',
    type: 'int',
    unit: 'KiB',
    default: '0',
    meaning: 'In `[Thread]`: the stack of a thread. Accepted for the sake of old files; there is nothing to set.',
  },
];

/** What the server is told about itself. A name is null when no file and no caller named it. */
export interface ServerOptions {
  readonly syslogsocket: string;
  readonly loglevel: string;
  readonly logtarget: string;
  readonly allowipv6: string;
  readonly dbfile: string;
  /** Null: the server's own (10). */
  readonly dbmaxmatches: number | null;
  readonly dbpurgeage: string;
  readonly socket: string;
  readonly pidfile: string;
  readonly spare: boolean;
  /** KiB; null when not set. */
  readonly stacksize: number | null;
}

/** The server's options from the merged `fail2ban.*`; `overrides` are the command line's and win. */
export function readServerOptions(
  sections: Sections,
  overrides: Partial<ServerOptions>,
): { readonly server: ServerOptions; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const read = (section: string, name: string): string | null => {
    if (!sections.sections.has(section)) return null;
    try {
      return fetchOption({ sections, section }, name) ?? null;
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      const at = error.at === undefined ? {} : { file: error.at.file, line: error.at.line };
      problems.push({ severity: 'error', option: name, message: error.message, ...at });
      return null;
    }
  };
  const text = (name: string): string => read('Definition', name) ?? SERVER_OPTIONS.find((option) => option.name === name)?.default ?? '';
  const int = (section: string, name: string): number | null => {
    const value = read(section, name);
    const number = value === null ? null : toInt(value);
    if (value !== null && number === null) {
      problems.push({ severity: 'warning', option: name, message: `'${value.slice(0, 80)}' is no whole number` });
    }
    return number;
  };
  const server: ServerOptions = {
    syslogsocket: text('syslogsocket'),
    loglevel: text('loglevel'),
    logtarget: text('logtarget'),
    allowipv6: text('allowipv6'),
    dbfile: text('dbfile'),
    dbmaxmatches: int('Definition', 'dbmaxmatches'),
    dbpurgeage: text('dbpurgeage'),
    socket: text('socket'),
    pidfile: text('pidfile'),
    spare: toBool(text('spare')),
    stacksize: sections.sections.get('Thread')?.has('stacksize') === true ? int('Thread', 'stacksize') : null,
  };
  return { server: { ...server, ...overrides }, problems };
}
