/** Makes the configuration folder of a server that has no fail2ban: our shipped files, and the jails enabled for whose logs are there. */
import path from 'node:path';
import { exists, writeFileSafely } from '../../base/files';
import { ConfigFolder } from '../../contracts/files/includes';
import { copyConfig } from '../start/home';
import { BY_HAND, watchedHere } from '../start/jails';

const FOUND = path.join('jail.d', 'zz-found.conf');
const HEADER =
  '# Jails for what the installer found on this server. Put your own settings into jail.local, which is read after this file.\n';
/** Reads the server's own log, which is there once the server runs. */
const ALWAYS = ['recidive', ...BY_HAND];

/**
 * Brings the shipped files up to date; what is not ours stays. The list of jails is made once: afterwards it is the administrator's.
 * Returns the jails that it enabled.
 */
export function makeOwnFolder(folder: string, shipped: string): readonly string[] {
  for (const part of ['', 'jail.d', 'fail2ban.d', 'filter.d', 'action.d']) copyConfig(path.join(shipped, part), path.join(folder, part));
  const file = path.join(folder, FOUND);
  const sections = new ConfigFolder(folder).read('jail');
  if (exists(file) || sections === null) return [];
  const given = ALWAYS.filter((jail) => sections.sections.has(jail)).map((jail) => ({ jail, options: [] }));
  const others = [...sections.sections.keys()].filter((jail) => !['INCLUDES', 'bailiff-login', ...ALWAYS].includes(jail));
  const found = others.map((jail) => watchedHere(sections, jail)).filter((watched) => watched !== null);
  const jails = [...given, ...found];
  const text = jails.map(({ jail, options }) => [`[${jail}]`, 'enabled = true', ...options, ''].join('\n')).join('\n');
  writeFileSafely(file, `${HEADER}\n${text}`, 0o644);
  return jails.map(({ jail }) => jail).sort();
}
