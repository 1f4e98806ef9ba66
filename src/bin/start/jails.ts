/** Chooses the jails that make sense on this machine (their logs are there and can be read) and writes them down as configuration. */
import path from 'node:path';
import { glob, writeFileSafely } from '../../base/files';
import { canRead } from '../../base/folders';
import { ConfigFolder } from '../../contracts/files/includes';
import { fetchOption } from '../../contracts/files/interpolate';
import { findLogFiles, parseLogpath } from '../../contracts/files/logpath';
import type { Sections } from '../../contracts/files/sections';
import type { Home } from './home';

/** Jails without a log, for bans by hand. */
export const BY_HAND = ['plesk-one-week-ban', 'plesk-permanent-ban'];
/** The demo's logs and the jails that watch them. */
export const DEMO_LOGS: Readonly<Record<string, string>> = {
  ssh: 'auth.log',
  'plesk-panel': 'panel.log',
  'plesk-dovecot': 'maillog',
  'plesk-postfix': 'maillog',
  'plesk-wordpress': 'access_log',
};

export interface StartOptions {
  readonly demo: boolean;
  readonly enforce: boolean;
  readonly port: number;
}

interface Watched {
  readonly jail: string;
  readonly options: readonly string[];
}

/** Only these see the journal: root and its groups; whoever can read one file of it can read it. */
function journalIsReadable(): boolean {
  return ['/var/log/journal/*/*.journal', '/run/log/journal/*/*.journal'].some((pattern) => glob(pattern).some(canRead));
}

/** How a jail is enabled on this machine; null where its logs are not there. */
export function watchedHere(sections: Sections, jail: string): Watched | null {
  const scope = { sections, section: jail };
  const logs = parseLogpath(fetchOption(scope, 'logpath') ?? '').flatMap((line) => findLogFiles(line).files);
  if (logs.some((log) => canRead(log.path))) return { jail, options: [] };
  const journal = (fetchOption(scope, 'journalmatch') ?? '') !== '' && journalIsReadable();
  return journal ? { jail, options: ['backend = systemd'] } : null;
}

/** Sections that enable jails: those whose logs are there, our own log-in, and the ones for bans by hand. */
export function chooseJails(home: Home, options: StartOptions): readonly Watched[] {
  const sections = new ConfigFolder(home.config).read('jail');
  if (sections === null) return [];
  // In a dry run nobody is locked out, so that failed log-ins of this very machine may show as bans.
  const harmless = options.enforce ? [] : ['ignoreself = false', 'ignoreip ='];
  const own: Watched[] = [
    { jail: 'bailiff-login', options: [`logpath = ${home.loginLog}`, `port = ${options.port}`, ...harmless] },
    { jail: 'recidive', options: [`logpath = ${home.serverLog}`] },
    ...BY_HAND.map((jail) => ({ jail, options: [] })),
  ];
  const demo = Object.entries(options.demo ? DEMO_LOGS : {}).map(([jail, log]) => ({
    jail,
    options: [`logpath = ${path.join(home.demoLogs, log)}`, 'backend = auto', 'journalmatch =', 'bantime = 3m'],
  }));
  const given = [...own, ...demo].filter((watched) => sections.sections.has(watched.jail));
  const taken = new Set([...given.map((watched) => watched.jail), 'INCLUDES']);
  const found = [...sections.sections.keys()].filter((jail) => !taken.has(jail)).map((jail) => watchedHere(sections, jail));
  return [...given, ...found.filter((watched) => watched !== null)];
}

/** Writes what this start decided into files of its own; `.local` files are read after them and win. Returns the names of the jails. */
export function writeStartConfig(home: Home, options: StartOptions): readonly string[] {
  const header = '# Written anew by every `bailiff start`: put your own settings into jail.local and fail2ban.local.\n';
  const file = path.join(home.config, 'jail.d', 'zz-start.conf');
  writeFileSafely(file, header, 0o600);
  const jails = chooseJails(home, options);
  const text = jails.map(({ jail, options: lines }) => [`[${jail}]`, 'enabled = true', ...lines, ''].join('\n')).join('\n');
  writeFileSafely(file, `${header}\n${text}`, 0o600);
  const server = [
    '[Definition]',
    `socket = ${home.socket}`,
    `pidfile = ${home.pidFile}`,
    `logtarget = ${home.serverLog}`,
    `dbfile = ${home.banDatabase}`,
    '',
  ];
  writeFileSafely(path.join(home.config, 'fail2ban.d', 'zz-start.conf'), `${header}\n${server.join('\n')}`, 0o600);
  return jails.map(({ jail }) => jail).sort();
}
