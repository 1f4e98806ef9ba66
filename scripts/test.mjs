// `npm test`: sets up what is missing, then checks types, lint and format and runs every test. Arguments go to jest.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { installDebianPackages } from './debian.mjs';
import { build, install, root } from './setup.mjs';

const { resolve } = createRequire(import.meta.url);
const CI = process.env.CI === 'true';

function succeeds(name, command, args, env = {}) {
  console.error(`== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, ...env } });
  if (status !== 0) console.error(`${name} failed`);
  return status === 0;
}

function step(...what) {
  if (!succeeds(...what)) process.exit(1);
}

/**
 * Runs the tests, two files at a time. On CI's machine, which may be busy, files that failed beside others are run once more, alone: what failed
 * before stands above, and counts when it fails again.
 */
function runTests(args) {
  const jest = resolve('jest/bin/jest');
  if (!CI) return succeeds('tests', process.execPath, [jest, ...args]);
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-tests-'));
  const file = path.join(folder, 'passed');
  try {
    if (succeeds('tests', process.execPath, [jest, ...args], { PASSED_FILE: file })) return true;
    const again = [jest, '--onlyFailures', '--runInBand'];
    return succeeds('tests that failed beside others, alone', process.execPath, again, { PASSED_BEFORE: readFileSync(file, 'utf8') });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const missing = installDebianPackages();
if (missing.length > 0) {
  console.error(`Not installed: ${missing.join(' ')}. ${CI ? 'CI needs them all.' : 'The tests that need them are skipped.'}`);
  if (CI) process.exit(1);
}
install();
build();
const args = process.argv.slice(2);
if (args.length === 0) step('lint', 'npm', ['run', '--silent', 'lint']);
process.exit(runTests(args) ? 0 : 1);
