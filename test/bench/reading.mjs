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

const sshdJail = (log) =>
  `[sshd]\nenabled = true\nbackend = polling\nlogpath = ${log}\nmaxretry = 100000000\nmaxmatches = 5\nfindtime = 1d\naction =\n`;

/** Failures that a jail has counted. */
export const failuresOf = (server, jail) => Number(/Total failed:\s+(\d+)/.exec(server.ask('status', jail))?.[1] ?? 0);

/**
 * Lines per CPU second in reading `log` ({ text, hits, lines, sentinel }), and resident memory afterwards in MB.
 * `log.sentinel` is a last line that fails: all is read when it is counted.
 */
export function linesPerCpuSecond(which, { text, hits, lines, sentinel }, { jails = sshdJail, names = ['sshd'] } = {}) {
  return inFolder(async (folder) => {
    const log = path.join(folder, 'bench.log');
    writeFileSync(log, '');
    const server = await startServer(which, stockConfig(folder, jails(log)), folder);
    try {
      await until(() => names.every((jail) => server.ask('status', jail).includes('Total failed')), 30);
      const idle = server.cpu();
      writeFileSync(log, text + sentinel);
      await until(() => names.every((jail) => failuresOf(server, jail) >= hits + 1), 600, 300);
      return { rate: lines / (server.cpu() - idle), resident: server.resident() };
    } finally {
      await server.stop();
    }
  });
}
