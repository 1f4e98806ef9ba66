/** The packages that tests install: made once for all test files, one maker at a time. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(__dirname, '../../..');
const CACHE = path.join(ROOT, 'node_modules/.cache/bailiff-package');

export interface Packages {
  readonly release: string;
  readonly next: string;
  /** Its pages do not start. */
  readonly broken: string;
  /** Its engine answers nobody. */
  readonly deaf: string;
}

/** Paths of the zips. The native part is compiled when the cache does not have it: some minutes. */
export function packages(): Packages {
  mkdirSync(CACHE, { recursive: true });
  const words = [path.join(CACHE, 'lock'), process.execPath, path.join(__dirname, 'variants.mjs')];
  return JSON.parse(execFileSync('flock', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })) as Packages;
}
