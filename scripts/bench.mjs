// `npm run bench`: builds, then measures ours beside the original in one run. `npm run bench -- NAME` runs a measure of test/bench/measures alone.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { installDebianPackages } from './debian.mjs';
import { build, install, root } from './setup.mjs';

const [name = '', ...rest] = process.argv.slice(2);
const measure = path.join(root, 'test/bench/measures', `${path.basename(name)}.ts`);
install();
if (name !== '' && existsSync(measure)) run(path.join(root, 'test/support/typescript.mjs'), measure, ...rest);

const missing = installDebianPackages().filter((program) => program === 'fail2ban');
if (missing.length > 0) {
  console.error('The original is not installed (Debian package fail2ban): there is nothing to compare with.');
  process.exit(1);
}
build();
run(path.join(root, 'test/bench/matching.mjs'), ...process.argv.slice(2));

function run(...command) {
  process.exit(spawnSync(process.execPath, command, { stdio: 'inherit' }).status ?? 1);
}
