// Lets a server read a log that is written in one go, and tells lines per CPU second; what start-up cost is taken off.
import { appendFileSync, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sshdLog } from './logs.mjs';
import { startServer, until } from './servers.mjs';

/** A folder for one measurement, gone afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The stock configuration in `folder`/config with these jails (text of jail.local) and no others. */
export function stockConfig(folder, jails, options = '') {
  const config = path.join(folder, 'config');
  cpSync('/etc/fail2ban', config, { recursive: true });
  rmSync(path.join(config, 'jail.d'), { recursive: true });
  writeFileSync(path.join(config, 'jail.local'), jails);
  writeFileSync(path.join(config, 'fail2ban.local'), `[Definition]\ndbfile = ${folder}/db.sqlite3\n${options}`);
  return config;
}

/** A jail that counts and bans nobody. */
export const jailSection = (name, log) =>
  `[${name}]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 100000000\nmaxmatches = 5\nfindtime = 1d\nignorecommand =\naction =\n`;

/** Failures that a jail has counted. */
export const failuresOf = (server, jail) => Number(/Total failed:\s+(\d+)/.exec(server.ask('status', jail))?.[1] ?? 0);

/** Waits until a server that has something to do is idle: less than a twentieth of a second of CPU in a second. */
async function atRest(server) {
  let before = server.cpu();
  let calm = -1;
  await until(
    () => {
      const now = server.cpu();
      calm = now - before < 0.05 ? calm + 1 : 0;
      before = now;
      return calm >= 1;
    },
    600,
    1000,
  );
}

/**
 * Lines per CPU second in reading `log` ({ text, hits, lines, sentinel }), and resident memory afterwards in MB. A daemon runs for months: where
 * `before` is given, another log of that kind, it has read that when the measuring begins, so that what is compiled once is no part of it.
 * `sentinel` is a last line that fails in the jail `counted`: a server has read all when that is counted, for other jails when it is at rest.
 */
export function linesRead(which, { before, log }, { jails, names, counted }) {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'bench.log');
    writeFileSync(file, '');
    const server = await startServer(which, stockConfig(folder, jails(file)), folder);
    let expected = 0;
    const read = async ({ text, sentinel, hits }) => {
      appendFileSync(file, text + sentinel);
      expected += hits + 1;
      await until(() => failuresOf(server, counted) >= expected, 600, 300);
      if (names.length > 1) await atRest(server);
    };
    try {
      await until(() => names.every((jail) => server.ask('status', jail).includes('Total failed')), 60);
      if (before !== undefined) await read(before);
      const idle = server.cpu();
      await read(log);
      return { rate: log.lines / (server.cpu() - idle), resident: server.resident() };
    } finally {
      await server.stop();
    }
  });
}

/** What a server reads before it is measured, of the lines that it is measured with. */
export const warming = (lines) => Math.ceil(lines / 5);

/** `linesRead` of the stock sshd jail and a log such as `sshdLog` makes. */
export const linesPerCpuSecond = (which, { lines, failures, seed }) => {
  const made = (count, by) => sshdLog({ lines: count, failures, now: Date.now() / 1000, seed: seed + by });
  const logs = { before: made(warming(lines), 1000), log: made(lines, 0) };
  return linesRead(which, logs, { jails: (file) => jailSection('sshd', file), names: ['sshd'], counted: 'sshd' });
};
