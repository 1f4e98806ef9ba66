// Lets a server read a log that is written in one go, and tells lines per CPU second; what start-up cost is taken off.
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startServer, until } from './servers.mjs';

/** A folder for one measurement, gone afterwards. */
export async function inFolder(work) {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-bench-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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
 * Lines per CPU second in reading `log` ({ text, hits, lines, sentinel }), and resident memory afterwards in MB.
 * `log.sentinel` is a last line that fails in the jail `counted`: it has read all when that is counted, the others when the server is at rest.
 */
export function linesRead(which, { text, hits, lines, sentinel }, { jails, names, counted }) {
  return inFolder(async (folder) => {
    const log = path.join(folder, 'bench.log');
    writeFileSync(log, '');
    const server = await startServer(which, stockConfig(folder, jails(log)), folder);
    try {
      await until(() => names.every((jail) => server.ask('status', jail).includes('Total failed')), 60);
      const idle = server.cpu();
      writeFileSync(log, text + sentinel);
      await until(() => failuresOf(server, counted) >= hits + 1, 600, 300);
      if (names.length > 1) await atRest(server);
      return { rate: lines / (server.cpu() - idle), resident: server.resident() };
    } finally {
      await server.stop();
    }
  });
}

/** `linesRead` of the stock sshd jail. */
export const linesPerCpuSecond = (which, log) =>
  linesRead(which, log, { jails: (file) => jailSection('sshd', file), names: ['sshd'], counted: 'sshd' });
