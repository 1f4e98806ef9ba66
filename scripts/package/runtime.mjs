// Brings the Node runtime that a packaged server runs on: an npm package that carries Node's own binary, checked against the hash that we keep.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';

const { version, packages } = JSON.parse(readFileSync(path.join(import.meta.dirname, 'runtime.json'), 'utf8'));

function integrityOf(file) {
  return `sha512-${createHash('sha512').update(readFileSync(file)).digest('base64')}`;
}

/** Folder with `bin/node`, `LICENSE` and `include/node` for `x64` or `arm64`; fetched unless the cache has it. */
export function nodeRuntime({ arch, cache }) {
  const { name, integrity } = packages[arch];
  const kept = path.join(cache, `${name}-${version}`);
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  const work = mkdtempSync(path.join(cache, 'fetch-'));
  try {
    execFileSync('npm', ['pack', '--silent', '--pack-destination', work, `${name}@${version}`], {
      cwd: work,
      stdio: ['ignore', 'ignore', 2],
    });
    const file = path.join(work, `${name}-${version}.tgz`);
    if (integrityOf(file) !== integrity) throw new Error(`${name}@${version} is not the package that scripts/package/runtime.json names`);
    execFileSync('tar', ['-xzf', file, '-C', work]);
    renameSync(path.join(work, 'package'), kept);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return kept;
}
