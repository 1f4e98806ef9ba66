// `npm run soak -- NAME [--seed N] [--count N]`: the long fault runs that docs/reliability.md tells the figures of; the same seed draws the same load. Exit code 0 when all was as it must be.
import { spawn } from 'node:child_process';
import path from 'node:path';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { installDebianPackages, PACKAGES } from './debian.mjs';
import { build, install, root } from './setup.mjs';

/** Each run by its name: a TypeScript file that is given NAME SEED COUNT and prints records as lines of JSON; how many of what it does. */
const RUNS = {
  kills: { file: 'test/faults/run-soak.ts', count: 200, of: 'kills' },
  day: { file: 'test/faults/run-soak.ts', count: 24, of: 'hours' },
  flushes: { file: 'test/faults/run-soak.ts', count: 50, of: 'flushes' },
  'held-up': { file: 'test/faults/run-soak.ts', count: 5, of: 'batches' },
};
const NEEDED = ['fail2ban', 'nftables', 'iptables', 'iproute2'];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, count: { type: 'string' } },
});
const names = positionals.length > 0 ? positionals : Object.keys(RUNS);
const unknown = names.filter((name) => !Object.hasOwn(RUNS, name));
if (unknown.length > 0) {
  console.error(`There is no run '${unknown.join("', '")}'. There are: ${Object.keys(RUNS).join(', ')}.`);
  process.exit(2);
}
if (process.getuid?.() !== 0) {
  console.error('These runs make network namespaces: they need root.');
  process.exit(2);
}
const missing = installDebianPackages(Object.fromEntries(NEEDED.map((name) => [name, PACKAGES[name]])));
if (missing.length > 0) {
  console.error(`Not installed: ${missing.join(' ')}.`);
  process.exit(2);
}
install();
build();

/** Runs one to its end; what it says is shown as it comes. */
async function run(name, seed) {
  const { file, of } = RUNS[name];
  const count = Number(values.count ?? RUNS[name].count);
  const args = [path.join(root, 'test/support/typescript.mjs'), path.join(root, file), name, String(seed), String(count)];
  const child = spawn(process.execPath, ['--expose-gc', ...args], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('close', resolve));
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const { done, figures, ...more } = JSON.parse(line);
    if (done !== undefined) {
      const said = Object.keys(more).length > 0 ? ` ${JSON.stringify(more)}` : '';
      process.stderr.write(
        said === '' && process.stderr.isTTY ? `\r${name}: ${done} of ${count} ${of}` : `${name}: ${done} of ${count} ${of}${said}\n`,
      );
    } else console.log(`${name}: ${JSON.stringify({ seed, ...figures, ...more })}`);
  }
  const code = await ended;
  console.log(
    `${name}: ${code === 0 ? 'all was as it must be' : 'something was not as it must be'} (again: npm run soak -- ${name} --seed ${seed} --count ${count})`,
  );
  return code === 0;
}

const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
let good = true;
for (const name of names) good = (await run(name, seed)) && good;
process.exit(good ? 0 : 1);
