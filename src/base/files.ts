/** Small files and folders, read at once, and the one way to write a whole file: a temporary neighbour, flushed, renamed into place. */
import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** The bytes of a file are no UTF-8 text. */
export class NotTextError extends Error {}

/** The text of a UTF-8 file. Throws what the file system says, and NotTextError. */
export function readText(file: string): string {
  const bytes = fs.readFileSync(file);
  if (!isUtf8(bytes)) throw new NotTextError(`${file} is no UTF-8 text`);
  return bytes.toString('utf8');
}

/** All bytes of a file. Throws what the file system says. */
export function readBytes(file: string): Buffer {
  return fs.readFileSync(file);
}

/** Writes text at the end of a file, opened for that alone; a new file can be read by its owner alone. Throws what the file system says. */
export function appendText(file: string, text: string): void {
  fs.appendFileSync(file, text, { mode: 0o600 });
}

/** Whether something that can be followed to its end stands at `file` (a dangling link does not). */
export function exists(file: string): boolean {
  return fs.existsSync(file);
}

/** Whether `file` is a folder. */
export function isFolder(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Whether `file` is a symbolic link whose end does not exist. */
export function isDanglingLink(file: string): boolean {
  return !fs.existsSync(file) && (fs.lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink() ?? false);
}

/** Bytes in a regular file now; null for everything else, and for what is not there or not to be seen. */
export function sizeOf(file: string): number | null {
  const stats = fs.statSync(file, { throwIfNoEntry: false });
  return stats?.isFile() === true ? stats.size : null;
}

/** The names in a folder, sorted; none when there is no such folder. */
export function listDir(folder: string): string[] {
  try {
    return fs.readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/**
 * Writes a text or bytes so that a reader sees the old file or the whole new one, even over a crash. The mode of an existing file is kept;
 * `mode` counts for a new one (0644 when not given). A symbolic link is followed: its end is replaced.
 */
export function writeFileSafely(file: string, text: string | Uint8Array, mode = 0o644): void {
  const target = fs.existsSync(file) ? fs.realpathSync(file) : file;
  const old = fs.statSync(target, { throwIfNoEntry: false });
  const folder = path.dirname(target);
  const temporary = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  const handle = fs.openSync(temporary, 'wx', 0o600);
  try {
    try {
      fs.writeFileSync(handle, text);
      fs.fchmodSync(handle, old === undefined ? mode : old.mode & 0o7777);
      if (old !== undefined && process.getuid?.() === 0) fs.fchownSync(handle, old.uid, old.gid);
      fs.fsyncSync(handle);
    } finally {
      fs.closeSync(handle);
    }
    fs.renameSync(temporary, target);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
  flushFolder(folder);
}

function flushFolder(folder: string): void {
  const handle = fs.openSync(folder, 'r');
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * Paths that match a pattern of Python's `glob` (`*`, `?`, `[…]`; no `**`; a leading dot is matched only by a dot), sorted.
 * Without a wildcard: the path itself if it is there, a dangling link included.
 */
export function glob(pattern: string): string[] {
  if (!hasWildcard(pattern)) return fs.lstatSync(pattern, { throwIfNoEntry: false }) === undefined ? [] : [pattern];
  const cut = pattern.lastIndexOf('/');
  const name = pattern.slice(cut + 1);
  const head = cut < 0 ? '' : pattern.slice(0, cut + 1).replace(/(?!^)\/+$/, '');
  const folders = head === '' || !hasWildcard(head) ? [head] : glob(head).filter(isFolder);
  const found: string[] = [];
  for (const folder of folders) {
    const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`;
    if (name === '') found.push(prefix);
    else if (!hasWildcard(name))
      found.push(...(fs.lstatSync(prefix + name, { throwIfNoEntry: false }) === undefined ? [] : [prefix + name]));
    else found.push(...namesLike(name, folder).map((entry) => prefix + entry));
  }
  return found.sort();
}

/** Whether a path is a pattern for `glob`. */
export function hasWildcard(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** Whether a path matches a pattern of `glob`, name by name; looks at no file. */
export function matchesGlob(pattern: string, file: string): boolean {
  return globMatcher(pattern)(file);
}

/** The same for many paths. */
export function globMatcher(pattern: string): (file: string) => boolean {
  const parts = pattern.split(/\/+/).map(nameMatcher);
  return (file) => {
    const names = file.split(/\/+/);
    return parts.length === names.length && parts.every((matches, index) => matches(names[index] ?? ''));
  };
}

function namesLike(pattern: string, folder: string): string[] {
  return listDir(folder === '' ? '.' : folder).filter(nameMatcher(pattern));
}

function nameMatcher(pattern: string): (name: string) => boolean {
  if (!hasWildcard(pattern)) return (name) => pattern === name;
  const expression = nameExpression(pattern);
  return (name) => (pattern.startsWith('.') || !name.startsWith('.')) && expression.test(name);
}

/** One name of a pattern as a RegExp; runs of `*` are one, so that it cannot explode more than names are long. */
function nameExpression(pattern: string): RegExp {
  let source = '';
  for (let at = 0; at < pattern.length; at++) {
    const char = pattern.charAt(at);
    if (char === '*') source += source.endsWith('.*') ? '' : '.*';
    else if (char === '?') source += '.';
    else if (char === '[') {
      const end = endOfSet(pattern, at);
      source += end < 0 ? '\\[' : setExpression(pattern.slice(at + 1, end));
      if (end >= 0) at = end;
    } else source += char.replace(/[\\^$.*+?()[\]{}|/-]/, '\\$&');
  }
  return new RegExp(`^(?:${source})$`, 's');
}

/** Index of the `]` that ends the set opened at `at`, −1 when there is none: a `]` in the first place is a member. */
function endOfSet(pattern: string, at: number): number {
  let from = at + 1;
  if (pattern.charAt(from) === '!') from++;
  return pattern.indexOf(']', from + 1);
}

function setExpression(set: string): string {
  const negated = set.startsWith('!');
  const chars = [...(negated ? set.slice(1) : set)];
  const quoted = (char: string): string => char.replace(/[\\\]^[-]/, '\\$&');
  let body = '';
  for (let at = 0; at < chars.length; at++) {
    const from = chars[at] ?? '';
    const to = chars[at + 2];
    if (chars[at + 1] === '-' && to !== undefined) {
      if (from <= to) body += `${quoted(from)}-${quoted(to)}`;
      at += 2;
    } else body += quoted(from);
  }
  if (body === '') return negated ? '.' : '(?!)';
  return `[${negated ? '^' : ''}${body}]`;
}
