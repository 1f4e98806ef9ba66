/** Which files of the server may be read as logs: regular ones whose real path lies below one of the folders that are configured. */
import { join, normalize } from 'node:path/posix';
import { glob, hasWildcard } from '../../../base/files';
import { realFile } from '../../../base/real-file';

export type LogPathCheck =
  | { readonly ok: true; /** The real path, without any link in it: this one is to be read. */ readonly path: string }
  | { readonly ok: false; readonly reason: 'missing' | 'outside' | 'not a file' | 'wrong' };

/** Where logs are on a server with Plesk; each may be a pattern (`*` for one name). */
export const LOG_FOLDERS: readonly string[] = [
  '/var/log',
  '/var/www/vhosts/system/*/logs',
  '/usr/local/psa/var/log',
  '/opt/psa/var/log',
  '/usr/local/psa/admin/logs',
];

/** Characters of a path. */
const LONGEST = 4096;

/** Why a path is refused, for people. */
export const REFUSALS: Readonly<Record<Exclude<LogPathCheck, { readonly ok: true }>['reason'], string>> = {
  missing: 'there is no such file',
  outside: 'it lies outside the log folders',
  'not a file': 'it is no regular file',
  wrong: 'it is no absolute path',
};

/**
 * Checks one path. Links are followed first, so that neither a link nor `..` leads out of the folders; nothing is opened.
 * What lies outside is told as that, whether it exists or not.
 * @param folders absolute paths or patterns
 */
export function checkLogPath(path: string, folders: readonly string[]): LogPathCheck {
  if (!path.startsWith('/') || path.length > LONGEST || path.includes('\0')) return { ok: false, reason: 'wrong' };
  const real = realFile(path);
  const allowed = folders.flatMap(realFolders);
  if (!allowed.some((folder) => (real?.path ?? normalize(path)).startsWith(folder))) return { ok: false, reason: 'outside' };
  if (real === null) return { ok: false, reason: 'missing' };
  return real.kind === 'file' ? { ok: true, path: real.path } : { ok: false, reason: 'not a file' };
}

/**
 * The folders of a pattern that are there now, by their real paths, each with a `/` at its end. Who configured `/var/log` may have made it a
 * link; a folder that a wildcard found may be somebody else's, and is left out when it is a link to elsewhere.
 */
function realFolders(pattern: string): readonly string[] {
  const fixed = hasWildcard(pattern) ? pattern.slice(0, pattern.search(/[*?[]/)) : pattern;
  const head = fixed.slice(0, fixed.lastIndexOf('/') + 1);
  const realHead = realFile(head)?.path ?? head;
  return glob(pattern).flatMap((folder) => {
    const real = realFile(folder);
    if (real?.kind !== 'folder') return [];
    if (hasWildcard(pattern) && real.path !== join(realHead, folder.slice(head.length))) return [];
    return [real.path === '/' ? '/' : `${real.path}/`];
  });
}
