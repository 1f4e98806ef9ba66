/** Which files of a configuration folder are the administrator's (`.local`) and which names may become one of them. */
import path from 'node:path';
import { isFolder, listDir } from '../../../base/files';

/** The parts of the configuration: `jail.local` and `jail.d/*.local`, and so on; filters and actions have a folder only. */
const PARTS = ['fail2ban', 'jail'] as const;
const FOLDERS = ['fail2ban.d', 'jail.d', 'filter.d', 'action.d'] as const;
const NAME = /^[A-Za-z0-9_][\w.-]{0,79}$/;

/** Whether a text may be the name of a new jail, filter or action: no path can be made of it, and every firewall takes it. */
export function isPlainName(name: string): boolean {
  return NAME.test(name) && !['DEFAULT', 'INCLUDES'].includes(name);
}

/** Whether a name below the folder is one that an import may bring. */
export function isOwnName(file: string): boolean {
  const [folder = '', name = '', more] = file.split('/');
  if (more !== undefined) return false;
  if (name === '') return PARTS.some((part) => folder === `${part}.local`);
  return FOLDERS.some((one) => one === folder) && name.endsWith('.local') && NAME.test(name);
}

/** Names below the folder of all `.local` files that are there, sorted. */
export function ownFiles(dir: string): readonly string[] {
  const top = listDir(dir).filter((name) => PARTS.some((part) => name === `${part}.local`));
  const below = FOLDERS.flatMap((folder) => ownIn(dir, folder).map((name) => `${folder}/${name}`));
  return [...top, ...below].filter((file) => !isFolder(path.join(dir, file))).sort();
}

/** The files that may carry our options of `jail` or `fail2ban`, in the order in which they are read: the last one that sets an option wins. */
export function ownLayers(part: (typeof PARTS)[number], files: Iterable<string>): readonly string[] {
  const folder = `${part}.d/`;
  const below = [...files].filter((file) => file.startsWith(folder) && file.endsWith('.local')).sort();
  return [`${part}.local`, ...below];
}

/** Names of the filters or actions of a folder, without their endings, sorted; includes that are none of themselves are among them. */
export function definitionNames(files: Iterable<string>): readonly string[] {
  const names = [...files].flatMap((file) => /^(?!\.)(.+)\.(?:conf|local)$/.exec(file)?.[1] ?? []);
  return [...new Set(names)].sort();
}

/** The name below the folder; an absolute one for a file elsewhere. */
export function relativeName(dir: string, file: string): string {
  const name = path.relative(dir, file);
  return name.startsWith('..') ? file : name;
}

function ownIn(dir: string, folder: string): string[] {
  return listDir(path.join(dir, folder)).filter((name) => name.endsWith('.local') && !name.startsWith('.'));
}
