// Prints lines per CPU second of the stock server and of ours on the same sshd log, with the stock sshd filter, in one run; the ratio first.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sshdLog } from './logs.mjs';
import { startServer, until } from './servers.mjs';

const LINES = Number(process.env.BENCH_LINES ?? 300_000);
const RUNS = Number(process.env.BENCH_RUNS ?? 5);

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** CPU seconds for reading the whole log, start-up taken off. */
async function measure(which, failures, seed) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-bench-'));
  try {
    const config = path.join(folder, 'config');
    cpSync('/etc/fail2ban', config, { recursive: true });
    rmSync(path.join(config, 'jail.d'), { recursive: true });
    const log = path.join(folder, 'auth.log');
    const { text, hits } = sshdLog({ lines: LINES, failures, now: Date.now() / 1000, seed });
    writeFileSync(log, '');
    const action = 'action =\n';
    writeFileSync(
      path.join(config, 'jail.local'),
      `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 100000000\nmaxmatches = 5\nfindtime = 1d\n${action}`,
    );
    writeFileSync(path.join(config, 'fail2ban.local'), `[Definition]\ndbfile = ${folder}/db.sqlite3\n`);
    const server = await startServer(which, config, folder);
    try {
      await until(() => server.ask('status', 'sshd').includes('Total failed'), 30);
      const idle = server.cpu();
      const sentinel = `${text.slice(0, 15)} host sshd[1]: Failed password for root from 192.0.2.99 port 22 ssh2\n`;
      writeFileSync(log, text + sentinel);
      const total = () => Number(/Total failed:\s+(\d+)/.exec(server.ask('status', 'sshd'))?.[1] ?? 0);
      await until(() => total() >= hits + 1, 180, 500);
      return { perCpuSecond: LINES / (server.cpu() - idle), resident: server.resident() };
    } finally {
      await server.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const MIXES = { 'mixed (30 % failures)': 0.3, 'only misses': 0, 'only hits': 1 };
const chosen = process.argv[2] === 'all' ? Object.entries(MIXES) : Object.entries(MIXES).slice(0, 1);
console.log(`${LINES} lines of sshd, the stock filter, ${RUNS} runs of each, medians`);
console.log('ratio   ours        original    (lines per CPU second)   resident MB ours/original');
for (const [name, failures] of chosen) {
  const results = { bailiff: [], fail2ban: [] };
  for (let run = 0; run < RUNS; run++) {
    for (const which of ['fail2ban', 'bailiff']) {
      results[which].push(await measure(which, failures, run + 1));
      process.stderr.write(`\r${name}: run ${run + 1}/${RUNS} ${which}      `);
    }
  }
  process.stderr.write('\r');
  const of = (which, key) => median(results[which].map((result) => result[key]));
  const [ours, theirs] = [of('bailiff', 'perCpuSecond'), of('fail2ban', 'perCpuSecond')];
  const memory = `${of('bailiff', 'resident').toFixed(0)}/${of('fail2ban', 'resident').toFixed(0)}`;
  console.log(
    `${(ours / theirs).toFixed(1).padEnd(7)} ${ours.toFixed(0).padEnd(11)} ${theirs.toFixed(0).padEnd(11)} ${name.padEnd(24)} ${memory}`,
  );
}
