// Starts the stock server or ours on the same configuration, in the foreground, and reads what it used: CPU seconds with its children, resident memory.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** As the package and `npm start` run it. */
const { NODE_FLAGS } = createRequire(import.meta.url)(path.join(root, 'dist/bin/server/node-flags.js'));
/** For a profile: `BENCH_NODE='--cpu-prof --cpu-prof-dir=/tmp'`. */
const MORE_FLAGS = (process.env.BENCH_NODE ?? '').split(' ').filter((flag) => flag !== '');
const TICKS = Number(spawnSync('getconf', ['CLK_TCK']).stdout.toString()) || 100;

export const SERVERS = {
  fail2ban: ['/usr/bin/fail2ban-server'],
  bailiff: [process.execPath, ...NODE_FLAGS, ...MORE_FLAGS, path.join(root, 'dist/bin/bailiff-server.js')],
};

const CLIENT = path.join(root, 'dist/bin/bailiff-client.js');
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A running server: `ask` sends a command with the stock client, `cpu` is in seconds, `stop` ends it in order (with other words than SIGTERM: by
 * that command of ours). `within` is the network namespace that it runs in.
 */
export async function startServer(which, config, folder, within = null) {
  const socket = path.join(folder, `${which}.sock`);
  const args = ['-c', config, '-s', socket, '-p', path.join(folder, `${which}.pid`)];
  const [command, ...before] = [...(within === null ? [] : ['ip', 'netns', 'exec', within]), ...SERVERS[which]];
  const child = spawn(command, [...before, ...args, '--logtarget', path.join(folder, `${which}.log`), '-f', 'start'], { stdio: 'ignore' });
  const ask = (...words) => spawnSync('/usr/bin/fail2ban-client', ['-c', config, '-s', socket, ...words]).stdout.toString();
  const cpu = () => {
    const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
      .map(Number);
    return (fields[11] + fields[12] + fields[13] + fields[14]) / TICKS;
  };
  const resident = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  const stop = async (...words) => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (words.length === 0) child.kill('SIGTERM');
    else spawnSync(process.execPath, [CLIENT, '-c', config, '-s', socket, ...words]);
    await gone;
  };
  for (let i = 0; !existsSync(socket); i++) {
    if (i > 300 || child.exitCode !== null) throw new Error(`${which} did not start`);
    await pause(50);
  }
  return { socket, ask, cpu, resident, stop };
}

/** Waits until `done()` is true, at most `seconds`. */
export async function until(done, seconds, step = 200) {
  for (let waited = 0; waited < seconds * 1000; waited += step) {
    if (done()) return;
    await pause(step);
  }
  throw new Error(`not done within ${seconds} seconds`);
}
