/** Reads what a jail of a configuration folder filters by, whether the jail is enabled or not and whether its logs exist. */
import { exists } from '../../../base/files';
import * as path from 'node:path';
import { ConfigFolder } from '../../../contracts/files/includes';
import type { Option, Options } from '../../../contracts/files/ini';
import { readJail } from '../../../contracts/files/jails';
import type { JailConfig } from '../../../model/jail-config';
import { FAIL2BAN_PARITY } from '../../../model/version';
import { foldStream } from '../stream';

const option = (value: string): Option => ({ value, file: '', line: 0, lines: [], cut: [] });

/** The jail's configuration, its actions left out; null when there is no such jail. @throws Error for one that cannot be read */
export function readJailFilter(dir: string, name: string): JailConfig | null {
  if (!['jail.conf', 'jail.local'].some((file) => exists(path.join(dir, file)))) return null;
  const folder = new ConfigFolder(path.resolve(dir));
  const sections = folder.read('jail');
  const written = sections?.sections.get(name);
  if (sections === null || written === undefined || name === 'INCLUDES') return null;
  const given: [string, Option][] = [
    ['fail2ban_version', option(FAIL2BAN_PARITY)],
    ['fail2ban_confpath', option(dir)],
  ];
  const forced: [string, Option][] = [
    ['enabled', option('true')],
    ['logpath', option('/dev/null')],
    ['action', option('')],
  ];
  const jail: Options = new Map([...written, ...forced]);
  const read = readJail(
    folder,
    { ...sections, defaults: new Map([...given, ...sections.defaults]), sections: new Map([...sections.sections, [name, jail]]) },
    name,
  );
  const error = read?.problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.message);
  return foldStream([...(read?.commands ?? []), ['start', name]]).jails.get(name) ?? null;
}
