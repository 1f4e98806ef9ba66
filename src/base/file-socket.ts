/** The file of a UNIX socket: its folder is made, what a dead server left behind is removed, nothing else ever is. */
import * as fs from 'node:fs';
import * as path from 'node:path';

/** What stands at a path. */
export type Standing = 'nothing' | 'socket' | 'something else';

/** What stands at `file`; a symbolic link is something else. */
export function standingAt(file: string): Standing {
  const stat = fs.lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return 'nothing';
  return stat.isSocket() ? 'socket' : 'something else';
}

/** Removes a socket's file; whatever is no socket stays. */
export function removeSocketFile(file: string): void {
  if (standingAt(file) === 'socket') fs.rmSync(file, { force: true });
}

/** Makes the last level of the socket's folder when it is missing (mode 0755, as other users may look for the socket). */
export function makeSocketFolder(file: string): void {
  const folder = path.dirname(file);
  if (!fs.existsSync(folder)) fs.mkdirSync(folder, { mode: 0o755 });
}

/** Lets a socket's group connect too (0660), and gives it to that group. Throws what the file system says. */
export function openSocketToGroup(file: string, gid: number): void {
  fs.lchownSync(file, process.getuid?.() ?? 0, gid);
  fs.chmodSync(file, 0o660);
}
