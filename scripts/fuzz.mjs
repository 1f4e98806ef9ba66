// `npm run fuzz [-- NAME] [--seed N] [--pairs N] [--seconds N] [--only N]`: our programs beside the original on random input, for as long as asked: so many pairs, and so many seconds at least. The same seed gives the same run; a difference names the case that `--only` runs alone.
import { spawn } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import readline from 'node:readline';
import { parseArgs } from 'node:util';
import { installDebianPackages } from './debian.mjs';
import { install, root } from './setup.mjs';

/** Each fuzzer by its name: a TypeScript file that is given SEED PAIRS WORKERS WORKER and prints tallies as lines of JSON. */
const FUZZERS = {
  filters: { file: 'test/fuzz/run-filters.ts', pairs: 4_000_000, zone: 'Europe/Berlin' },
  dates: { file: 'test/fuzz/run-dates.ts', pairs: 200_000, zone: 'Europe/Berlin' },
  hostile: { file: 'test/fuzz/run-hostile.ts', pairs: 2_000_000, zone: 'Europe/Berlin' },
  'hostile-own': { file: 'test/fuzz/run-hostile-own.ts', pairs: 10_000_000, zone: 'Europe/Berlin' },
  socket: { file: 'test/fuzz/run-socket.ts', pairs: 1_000_000, zone: 'UTC' },
  regex: { file: 'test/fuzz/run-regex.ts', pairs: 500_000, zone: 'UTC' },
  ini: { file: 'test/fuzz/run-ini.ts', pairs: 60_000, zone: 'UTC' },
  'ini-files': { file: 'test/fuzz/run-ini-files.ts', pairs: 10_000_000, zone: 'UTC' },
  options: { file: 'test/fuzz/run-options.ts', pairs: 10_000_000, zone: 'UTC' },
  blocks: { file: 'test/fuzz/run-blocks.ts', pairs: 10_000_000, zone: 'Europe/Berlin' },
  forms: { file: 'test/fuzz/run-forms.ts', pairs: 10_000_000, zone: 'UTC' },
  pickle: { file: 'test/fuzz/run-pickle.ts', pairs: 10_000_000, zone: 'UTC' },
  redos: { file: 'test/fuzz/run-redos.ts', pairs: 100_000, zone: 'UTC' },
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seed: { type: 'string' },
    pairs: { type: 'string' },
    seconds: { type: 'string' },
    workers: { type: 'string' },
    only: { type: 'string' },
    quiet: { type: 'boolean' },
    installed: { type: 'boolean' },
  },
});

function sumOf(tallies, key) {
  return tallies.reduce((sum, tally) => sum + (tally?.[key] ?? 0), 0);
}

/** The names of all that was counted. */
function countsOf(tallies) {
  return [...new Set(tallies.flatMap((tally) => Object.keys(tally ?? {}).filter((key) => typeof tally[key] === 'number')))];
}

/** The largest of each value that workers measured. */
function mostOf(tallies) {
  const most = {};
  for (const tally of tallies) for (const [key, value] of Object.entries(tally?.most ?? {})) most[key] = Math.max(most[key] ?? 0, value);
  return most;
}

/** Runs a fuzzer's workers side by side; the last line says what came of it. */
async function run(name, { file, pairs, zone }, seed) {
  const wanted = Number(values.pairs ?? pairs);
  const workers = values.only !== undefined ? 1 : Number(values.workers ?? Math.max(1, Math.min(8, os.availableParallelism())));
  const tallies = [];
  const begun = performance.now();
  const ends = Array.from({ length: workers }, async (_none, worker) => {
    const args = [
      path.join(root, 'test/support/typescript.mjs'),
      path.join(root, file),
      seed,
      Math.ceil(wanted / workers),
      workers,
      worker,
      ...(values.only === undefined ? [] : [values.only]),
    ];
    const child = spawn(process.execPath, args.map(String), {
      cwd: root,
      env: { ...process.env, TZ: zone, FUZZ_SECONDS: values.seconds ?? '0' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    for await (const line of readline.createInterface({ input: child.stdout })) {
      const tally = JSON.parse(line);
      tallies[worker] = tally;
      for (const difference of tally.different) console.log(`different: ${difference}`);
      const done = sumOf(tallies, 'pairs');
      if (values.quiet !== true)
        process.stderr.write(
          `\r${name}: ${done} of ${wanted} pairs, ${done - sumOf(tallies, 'same') - sumOf(tallies, 'meant')} different `,
        );
    }
    return ended;
  });
  const codes = await Promise.all(ends);
  const [done, same] = [sumOf(tallies, 'pairs'), sumOf(tallies, 'same')];
  if (values.quiet !== true) process.stderr.write('\n');
  const told = {
    seed,
    ...Object.fromEntries(countsOf(tallies).map((key) => [key, sumOf(tallies, key)])),
    ...mostOf(tallies),
    seconds: Math.round((performance.now() - begun) / 1000),
  };
  console.log(`${name}: ${JSON.stringify(told)}`);
  return codes.every((code) => code === 0) && same + sumOf(tallies, 'meant') === done;
}

if (values.installed !== true) {
  if (installDebianPackages().includes('fail2ban')) {
    console.error('The original is not installed (Debian package fail2ban): there is nothing to compare with.');
    process.exit(1);
  }
  install();
}
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
const names = positionals.length > 0 ? positionals : Object.keys(FUZZERS);
let good = true;
for (const name of names) good = (await run(name, FUZZERS[name], seed)) && good;
process.exit(good ? 0 : 1);
