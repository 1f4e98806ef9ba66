/** Reads what a jail of a configuration folder filters by, whether the jail is enabled or not and whether its logs exist. */
import { exists } from '../../../base/files';
import * as path from 'node:path';
import { ConfigFolder } from '../../../contracts/files/includes';
import type { Option, Options } from '../../../contracts/files/ini';
import { readJail, type JailReading } from '../../../contracts/files/jails';
import type { JailConfig } from '../../../model/jail-config';
import { FAIL2BAN_PARITY } from '../../../model/version';
import { foldStream } from '../stream';

const option = (value: string): Option => ({ value, file: '', line: 0, lines: [], cut: [] });

/** A jail that was read alone: as its files say, but for what was forced upon it. */
export interface JailAlone {
  readonly reading: JailReading;
  /** Null for one that cannot be read; its problems say why. */
  readonly config: JailConfig | null;
}

/**
 * Reads one jail of a folder, enabled or not; null when there is no such jail.
 * @param forced options that stand in the place of the jail's own
 */
export function readJailAlone(dir: string, name: string, forced: Readonly<Record<string, string>>): JailAlone | null {
  if (!['jail.conf', 'jail.local'].some((file) => exists(path.join(dir, file)))) return null;
  const folder = new ConfigFolder(path.resolve(dir));
  const sections = folder.read('jail');
  const written = sections?.sections.get(name);
  if (sections === null || written === undefined || name === 'INCLUDES') return null;
  const given: [string, Option][] = [
    ['fail2ban_version', option(FAIL2BAN_PARITY)],
    ['fail2ban_confpath', option(dir)],
  ];
  const ours = Object.entries(forced).map(([key, value]): [string, Option] => [key, option(value)]);
  const jail: Options = new Map([...written, ...ours]);
  const reading = readJail(
    folder,
    { ...sections, defaults: new Map([...given, ...sections.defaults]), sections: new Map([...sections.sections, [name, jail]]) },
    name,
  );
  if (reading === null) return null;
  const broken = reading.problems.some(({ severity }) => severity === 'error');
  const config = broken ? null : (foldStream([...reading.commands, ['start', name]]).jails.get(name) ?? null);
  return { reading, config };
}

/** The jail's configuration, its actions and logs left out; null when there is no such jail. @throws Error for one that cannot be read */
export function readJailFilter(dir: string, name: string): JailConfig | null {
  const alone = readJailAlone(dir, name, { enabled: 'true', logpath: '/dev/null', action: '' });
  if (alone === null) return null;
  const error = alone.reading.problems.find(({ severity }) => severity === 'error');
  if (error !== undefined) throw new Error(error.message);
  return alone.config;
}
