/** The pages as an administrator has them: `bailiff-web` beside a real server, on a copy of the installed configuration, in a folder of its own. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Control } from '../../src/panel/control/control';
import { createEngineControl } from '../../src/panel/control/engine-control';
import { temporaryFolder } from './folder';
import { copyStock } from './stock-config';
import { until } from './two-servers';

const PROGRAMS = path.resolve(__dirname, '../../dist/bin');
/** How each server is started as a program, without options. */
const SERVERS = { stock: ['fail2ban-server'], ours: [process.execPath, path.join(PROGRAMS, 'bailiff-server.js')] } as const;

export interface ServedPanel {
  /** The folder of everything: `config`, logs, our own data. */
  readonly at: (name: string) => string;
  readonly control: Control;
  /** Where a browser is logged in by itself. */
  readonly link: string;
  readonly base: string;
  /** Ends the pages and the server, and removes the folder. */
  remove(): Promise<void>;
}

/** The installed configuration with nothing switched on, and these files over it; `FOLDER` in a text becomes the folder. */
function configure(folder: string, files: Readonly<Record<string, string>>): void {
  const definition = {
    logtarget: 'FOLDER/fail2ban.log',
    socket: 'FOLDER/f2b.sock',
    pidfile: 'FOLDER/f2b.pid',
    dbfile: 'FOLDER/fail2ban.sqlite3',
    allowipv6: 'yes',
  };
  const texts = {
    'fail2ban.d/test.conf': `[Definition]\n${Object.entries(definition)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`,
    'jail.d/defaults-debian.conf': '',
    ...files,
  };
  copyStock(
    path.join(folder, 'config'),
    Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text.replaceAll('FOLDER', folder)])),
  );
}

/** A command line within a network namespace; null is that of this process. */
function inNamespace(name: string | null, words: readonly string[]): readonly [command: string, ...args: string[]] {
  const [command = '', ...args] = name === null ? words : ['ip', 'netns', 'exec', name, ...words];
  return [command, ...args];
}

function startServer(kind: keyof typeof SERVERS, at: (name: string) => string, within: string | null): void {
  const [command, ...words] = inNamespace(within, SERVERS[kind]);
  const args = [...words, '-b', '-c', at('config'), '-s', at('f2b.sock'), '-p', at('f2b.pid'), '--logtarget', at('fail2ban.log'), 'start'];
  const done = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  if (done.status !== 0) throw new Error(`${kind} does not start: ${done.stdout}${done.stderr}`);
}

/** The address in the line that tells that the pages are ready. */
function readyLine(child: ChildProcess, said: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout! }).on('line', (line) => {
      const link = /^Bailiff is ready: (\S+)$/.exec(line)?.[1];
      if (link !== undefined) resolve(link);
    });
    child.once('exit', (code) => reject(new Error(`the pages ended with code ${code}: ${said()}`)));
  });
}

/**
 * @param logs names of logs that are there, with their texts
 * @param within the network namespace in which server and pages run
 */
export async function servedPanel(
  kind: keyof typeof SERVERS,
  files: Readonly<Record<string, string>>,
  logs: Readonly<Record<string, string>>,
  within: string | null = null,
): Promise<ServedPanel> {
  const folder = temporaryFolder(`bailiff-panel-${kind}-`);
  const at = (name: string): string => path.join(folder.path, name);
  configure(folder.path, files);
  for (const [name, text] of Object.entries({ 'fail2ban.log': '', ...logs })) writeFileSync(at(name), text);
  startServer(kind, at, within);
  const options = ['-c', at('config'), '-s', at('f2b.sock'), '-p', at('f2b.pid'), '--log', at('fail2ban.log'), '--home', folder.path];
  const program = [process.execPath, path.join(PROGRAMS, 'bailiff-web.js'), ...options, '--port', '0', '--daemon', 'direct'];
  const [command, ...args] = inNamespace(within, program);
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.on('data', (part: Buffer) => (said += part.toString()));
  const control = createEngineControl({ socket: at('f2b.sock'), conf: at('config') });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const remove = async (): Promise<void> => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    await control.stop().catch(() => undefined);
    await until('the server is gone', () => !existsSync(at('f2b.pid')) || readFileSync(at('f2b.pid'), 'utf8').trim() === '');
    control.close();
    folder.remove();
  };
  try {
    const link = await readyLine(child, () => said);
    return { at, control, link, base: new URL(link).origin, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
