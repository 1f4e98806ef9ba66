// `npm test`: sets up what is missing, then checks types, lint and format and runs every test. Arguments go to jest.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { installDebianPackages } from './debian.mjs';
import { build, install, root } from './setup.mjs';

const { resolve } = createRequire(import.meta.url);
const CI = process.env.CI === 'true';

function step(name, command, args) {
  console.error(`== ${name}`);
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(`${name} failed`);
    process.exit(status ?? 1);
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
step('tests', process.execPath, [resolve('jest/bin/jest'), ...args]);
