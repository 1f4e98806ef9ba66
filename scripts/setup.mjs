// Does the set-up that a clean clone needs, once: `npm ci` when the lockfile changed since the last install, a build when src/ changed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const root = path.resolve(import.meta.dirname, '..');

function hashOf(files) {
  const hash = createHash('sha256');
  for (const file of files)
    hash
      .update(file)
      .update('\0')
      .update(readFileSync(path.join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

function unchanged(stamp, hash) {
  const file = path.join(root, stamp);
  return existsSync(file) && readFileSync(file, 'utf8') === hash;
}

/** Installs the packages of package-lock.json unless the last install was of the same lockfile. */
export function install() {
  const stamp = 'node_modules/.bailiff-installed';
  const hash = hashOf(['package-lock.json']);
  if (unchanged(stamp, hash)) return;
  console.error('Installing the packages of package-lock.json (sqlite3 is compiled here: about a minute) ...');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: ['ignore', 2, 2] });
  writeFileSync(path.join(root, stamp), hash);
}

/** Compiles src/ to dist/ unless dist/ was made from the same sources. */
export function build() {
  const sources = readdirSync(path.join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .sort();
  const hash = hashOf([...sources, 'package.json', 'tsconfig.json', 'tsconfig.build.json']);
  if (unchanged('dist/.bailiff-built', hash)) return;
  console.error('Compiling ...');
  execFileSync(process.execPath, [path.join(root, 'scripts/build.mjs')], { cwd: root, stdio: ['ignore', 2, 2] });
  writeFileSync(path.join(root, 'dist/.bailiff-built'), hash);
}
