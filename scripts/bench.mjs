// `npm run bench`: builds, then measures ours beside the original in one run and prints a table; test/bench/measures/README.md tells its words.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { installDebianPackages, PACKAGES, PEERS } from './debian.mjs';
import { build, install, root } from './setup.mjs';

const missing = installDebianPackages({ ...PACKAGES, ...PEERS });
if (missing.includes('fail2ban')) {
  console.error('The original is not installed (Debian package fail2ban): there is nothing to compare with.');
  process.exit(1);
}
if (missing.length > 0) console.error(`Not installed: ${missing.join(' ')}. Measures that need them fail.`);
install();
build();
process.exit(
  spawnSync(process.execPath, [path.join(root, 'test/bench/table.mjs'), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1,
);
