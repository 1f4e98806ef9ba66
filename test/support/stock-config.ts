/** Configuration folders in temporary places: copies of the installed fail2ban's and small ones made from texts; and what `fail2ban-client -d` says. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where Debian's package puts its configuration. */
export const STOCK = '/etc/fail2ban';

/** Copies the installed configuration into `dir`, then writes `files` (path below `dir` → text) over it. */
export function copyStock(dir: string, files: Readonly<Record<string, string>> = {}): string {
  cpSync(STOCK, dir, { recursive: true });
  return writeTree(dir, files);
}

/** Writes files (path below `dir` → text), making their folders. */
export function writeTree(dir: string, files: Readonly<Record<string, string | Uint8Array>>): string {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(dir, name)), { recursive: true });
    writeFileSync(path.join(dir, name), text);
  }
  return dir;
}

/** The lines that the original prints, log paths in sorted order (it lists globs in the order of the folder). */
export function stockDump(dir: string): string[] {
  const done = spawnSync('fail2ban-client', ['-c', dir, '-d'], { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 50_000 });
  return sortLogs(done.stdout.split('\n').filter((line) => line.startsWith('[')));
}

/** Sorts neighbouring `addlogpath` lines. */
export function sortLogs(lines: readonly string[]): string[] {
  const result: string[] = [];
  let run: string[] = [];
  for (const line of [...lines, '']) {
    if (line.includes(", 'addlogpath', ")) run.push(line);
    else {
      result.push(...run.sort(), line);
      run = [];
    }
  }
  return result.slice(0, -1);
}

/** Names of the installed jails, filters or actions. */
export function stockJails(): string[] {
  const headers = readFileSync(path.join(STOCK, 'jail.conf'), 'utf8').matchAll(/^\[([^\]]+)\]/gm);
  return [...headers].map((match) => match[1] ?? '').filter((name) => name !== 'INCLUDES' && name !== 'DEFAULT');
}

export function stockNames(folder: 'filter.d' | 'action.d'): string[] {
  const files = readdirSync(path.join(STOCK, folder)).filter((name) => name.endsWith('.conf'));
  return files.map((name) => name.slice(0, -'.conf'.length)).sort();
}
