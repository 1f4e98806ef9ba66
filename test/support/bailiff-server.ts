/** A bailiff-server of a test's own: the compiled program on a folder with configuration, logs and socket, ended by the test. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { MountNamespace } from './mount-namespace';
import type { NetworkNamespace } from './network-namespace';
import { waitFor } from './two-hosts';

const program = path.resolve(__dirname, '../../dist/bin/bailiff-server.js');

/** A filter, an action that writes down what it does, and whatever jails a test wants. */
export class TestServer {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'bailiff-server-'));
  readonly socket = path.join(this.folder, 'f2b.sock');
  #child: ChildProcess | null = null;
  readonly #inside: readonly string[];
  /** The file of the log, as the server names it. */
  logtarget: string;
  /** What the server's environment has besides ours. */
  environment: Readonly<Record<string, string>> = {};
  /** Words before the server's own: a program that takes rights away and becomes it. */
  before: readonly string[] = [];

  /**
   * @param within a namespace in which the server runs
   * @param mount another, of mounts, with a disk of its own on which database and log are
   */
  constructor(
    within: NetworkNamespace | null = null,
    private readonly mount: MountNamespace | null = null,
  ) {
    this.#inside = [...(within === null ? [] : ['ip', 'netns', 'exec', within.name]), ...(mount === null ? [] : mount.inside)];
    this.logtarget = this.disk('fail2ban.log');
    for (const name of ['filter.d', 'action.d', 'jail.d']) mkdirSync(path.join(this.folder, 'config', name), { recursive: true });
    const files = [`socket = ${this.socket}`, `pidfile = ${this.path('f2b.pid')}`, `logtarget = ${this.logtarget}`];
    const settings = [
      'loglevel = INFO',
      'syslogsocket = auto',
      'allowipv6 = auto',
      `dbfile = ${this.disk('db.sqlite3')}`,
      'dbpurgeage = 1d',
    ];
    this.write('config/fail2ban.conf', ['[Definition]', ...files, ...settings, ''].join('\n'));
    this.write('config/filter.d/simple.conf', '[Definition]\nfailregex = ^\\s*fail <HOST>$\n');
    const act = ['start', 'stop', 'ban', 'unban'].map((what) => `action${what} = echo "${what} <ip>" >> ${this.folder}/acts`);
    this.write('config/action.d/note.conf', `[Definition]\n${act.join('\n')}\n`);
    this.jails('');
  }

  /** Writes the jails; DEFAULT has the filter, the action and a maxretry of 2. */
  jails(text: string): void {
    const defaults =
      'enabled = true\nbackend = auto\nfilter = simple\naction = note\nmaxretry = 2\nfindtime = 10m\nbantime = 10m\nignoreself = false\n';
    this.write('config/jail.conf', `[DEFAULT]\n${defaults}\n${text}`);
  }

  path(file: string): string {
    return path.resolve(this.folder, file);
  }

  /** Where database and log are, as the server names them. */
  disk(file: string): string {
    return this.mount === null ? this.path(file) : `${this.mount.folder}/${file}`;
  }

  write(file: string, text: string): void {
    writeFileSync(this.path(file), text);
  }

  read(file: string): string {
    return existsSync(this.path(file)) ? readFileSync(this.path(file), 'utf8') : '';
  }

  get log(): string {
    const { mount } = this;
    return mount === null || this.logtarget.startsWith(this.folder) ? this.read('fail2ban.log') : mount.read('fail2ban.log');
  }

  /** Appends failures of an address, dated now. */
  fail(file: string, address: string, times = 1): void {
    this.line(file, `fail ${address}`, times);
  }

  /** Appends a line, dated now. */
  line(file: string, text: string, times = 1): void {
    const now = new Date();
    const two = (value: number): string => String(value).padStart(2, '0');
    const date = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
    const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
    appendFileSync(this.path(file), `${date} ${time} ${text}\n`.repeat(times));
  }

  get args(): string[] {
    return ['-c', this.path('config'), '-s', this.socket, '-p', this.path('f2b.pid'), '--logtarget', this.logtarget];
  }

  async start(...jails: readonly string[]): Promise<void> {
    const before = this.log.length;
    const [command = '', ...words] = [...this.#inside, ...this.before, process.execPath, program, ...this.args, '-x', '-f', 'start'];
    this.#child = spawn(command, words, { stdio: 'ignore', env: { ...process.env, ...this.environment } });
    for (const jail of jails) await waitFor(`jail ${jail}`, () => this.log.slice(before).includes(`Jail '${jail}' started`), 60);
    await waitFor('the socket', () => existsSync(this.socket));
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Ends it: in order, or at once with SIGKILL. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = null;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill(signal);
    await gone;
  }

  /** Kept when the server has ended by itself; its exit code. */
  exited(): Promise<number | null> {
    return new Promise((resolve) => {
      if (this.#child === null || this.#child.exitCode !== null) resolve(this.#child?.exitCode ?? null);
      else this.#child.once('exit', resolve);
    });
  }

  /** The program run to its end. */
  run(...args: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });
    return { code: status, stdout, stderr };
  }

  /** The stock client. */
  client(...words: readonly string[]): { readonly code: number | null; readonly text: string } {
    const { status, stdout, stderr } = spawnSync('/usr/bin/fail2ban-client', ['-c', this.path('config'), '-s', this.socket, ...words], {
      encoding: 'utf8',
    });
    return { code: status, text: stdout + stderr };
  }

  async remove(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
