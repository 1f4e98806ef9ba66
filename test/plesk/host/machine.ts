/** A machine inside this one: an overlay over this one's files with systemd as process 1, own processes and own network. Needs root. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const BOOT = path.join(__dirname, 'boot.sh');
const ENV = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' };
/** Milliseconds that a command may take. */
const LONGEST = 300_000;
const STEP = 100;
const BOOT_STEPS = 600;

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class Machine {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'bailiff-host-'));
  private init: ChildProcess | null = null;

  constructor() {
    const at = (name: string): string => path.join(this.folder, name);
    execFileSync('mount', ['-t', 'tmpfs', 'bailiff-host', this.folder]);
    for (const name of ['upper', 'work', 'root']) mkdirSync(at(name));
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${at('upper')},workdir=${at('work')}`, at('root')]);
    // What is enabled here is nothing to that machine.
    execFileSync('find', [this.path('/etc/systemd/system'), '-mindepth', '1', '-delete']);
  }

  /** Starts systemd and waits until it is up. */
  async boot(): Promise<void> {
    const init = spawn(BOOT, [this.folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    this.init = init;
    for (let step = 0; step < BOOT_STEPS; step++) {
      if (init.exitCode !== null) throw new Error('the machine inside this one does not boot');
      if (this.child() !== null && /^(running|degraded)/.test(this.run('systemctl', 'is-system-running').out)) return;
      await setTimeout(STEP);
    }
    throw new Error('systemd does not come up on the machine inside this one');
  }

  /** A path on the machine, as this process sees it; once it is booted, with what is mounted there. */
  path(file: string): string {
    const child = this.child();
    return path.join(child === null ? path.join(this.folder, 'root') : `/proc/${child}/root`, file);
  }

  exists(file: string): boolean {
    return existsSync(this.path(file));
  }

  read(file: string): string {
    return readFileSync(this.path(file), 'utf8');
  }

  write(file: string, text: string): void {
    mkdirSync(path.dirname(this.path(file)), { recursive: true });
    writeFileSync(this.path(file), text);
  }

  /** The words before a command that bring it onto the machine; before it is booted, only among its files. */
  enter(): readonly string[] {
    if (this.init === null) return ['chroot', this.path('/')];
    const spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup'];
    return ['nsenter', '--target', this.child() ?? 'none', ...spaces, '--root', '--wd', '--'];
  }

  run(...words: readonly string[]): Outcome {
    const [command = '', ...args] = [...this.enter(), ...words];
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env: ENV, maxBuffer: 1 << 26, timeout: LONGEST });
    return { code: status, out: stdout, err: stderr };
  }

  /** Runs a command that has to succeed; returns what it printed. */
  must(...words: readonly string[]): string {
    const { code, out, err } = this.run(...words);
    if (code !== 0) throw new Error(`${words.join(' ')}: ${String(code)}\n${out}${err}`);
    return out;
  }

  /** Starts a command that goes on running. */
  spawn(...words: readonly string[]): ChildProcess {
    const [command = '', ...args] = [...this.enter(), ...words];
    return spawn(command, args, { stdio: 'ignore', env: ENV });
  }

  /** Ends all its processes, then removes what is left of it. */
  async stop(): Promise<void> {
    if (this.init !== null && this.init.exitCode === null) {
      const gone = new Promise((resolve) => this.init?.once('exit', resolve));
      this.init.kill('SIGKILL');
      await gone;
    }
    const groups = path.join(this.folder, 'cgroup', path.basename(this.folder));
    for (let step = 0; step < BOOT_STEPS && existsSync(groups); step++) {
      spawnSync('find', [groups, '-depth', '-type', 'd', '-exec', 'rmdir', '{}', ';']);
      if (existsSync(groups)) await setTimeout(STEP);
    }
    execFileSync('umount', ['--recursive', '--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** The machine's network, as a file that a process of this one can enter. */
  network(): string {
    const child = this.child();
    if (child === null) throw new Error('the machine inside this one is not booted');
    return `/proc/${child}/ns/net`;
  }

  /** Process 1 of the machine, as this one counts. */
  private child(): string | null {
    const pid = this.init?.pid;
    if (pid === undefined) return null;
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim() || null;
    } catch {
      return null;
    }
  }
}
