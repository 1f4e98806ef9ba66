/** A stock fail2ban-server of its own for a test: temporary folder, socket, pid file, database and configuration; ended by its pid. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface StockServer {
  readonly folder: string;
  /** Configuration folder: a small fail2ban.conf and an empty jail.conf, with filter.d and action.d to be filled by the test. */
  readonly config: string;
  readonly socket: string;
  readonly pidFile: string;
  readonly log: string;
  stop(): Promise<void>;
}

/** What a program said and how it ended. */
export interface Said {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** Runs a program to its end. */
export function runProgram(command: string, args: readonly string[], input = ''): Said {
  const done = spawnSync(command, args, { encoding: 'utf8', input, timeout: 120_000, maxBuffer: 64 * 1024 * 1024 });
  return { stdout: done.stdout, stderr: done.stderr, code: done.status };
}

/** Runs a program to its end while this process goes on: for programs that talk to a server in the test itself. */
export function runProgramAsync(command: string, args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Said> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...(env === undefined ? {} : { env }) });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('close', (code) => resolve({ stdout, stderr, code }));
  });
}

/** A folder with a small configuration; nothing of the machine's own is used. */
export function stockFolder(name: string): { readonly folder: string; readonly config: string } {
  const folder = mkdtempSync(join(tmpdir(), `bailiff-${name}-`));
  const config = join(folder, 'config');
  for (const sub of ['filter.d', 'action.d', 'jail.d']) mkdirSync(join(config, sub), { recursive: true });
  const definition = {
    loglevel: 'INFO',
    logtarget: join(folder, 'fail2ban.log'),
    syslogsocket: 'auto',
    socket: join(folder, 'fail2ban.sock'),
    pidfile: join(folder, 'fail2ban.pid'),
    dbfile: join(folder, 'fail2ban.sqlite3'),
    dbpurgeage: '1d',
    allowipv6: 'auto',
  };
  const lines = Object.entries(definition).map(([key, value]) => `${key} = ${value}\n`);
  writeFileSync(join(config, 'fail2ban.conf'), `[Definition]\n${lines.join('')}`);
  writeFileSync(join(config, 'jail.conf'), '[DEFAULT]\n');
  return { folder, config };
}

/** Starts the server and waits until it answers. */
export async function startStockServer(name: string): Promise<StockServer> {
  const { folder, config } = stockFolder(name);
  const socket = join(folder, 'fail2ban.sock');
  const pidFile = join(folder, 'fail2ban.pid');
  const log = join(folder, 'fail2ban.log');
  const child = spawn('fail2ban-server', ['-f', '-c', config, '-s', socket, '-p', pidFile, 'start'], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(force);
    rmSync(folder, { recursive: true, force: true });
  };
  for (let round = 0; round < 100; round++) {
    if (existsSync(socket) && runProgram('fail2ban-client', ['-c', config, '-s', socket, 'ping']).code === 0) {
      return { folder, config, socket, pidFile, log, stop };
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
  await stop();
  throw new Error(`fail2ban-server did not start: ${said}`);
}
