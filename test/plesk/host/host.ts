/** A machine of its own for tests of the extension: an overlay over this one's files, with own processes and network, on which the stand-in panel is set up. Needs root. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

const HERE = path.resolve(__dirname, '..');
const PROJECT = path.resolve(HERE, '../..');
/** Reaps what is left by others, as process 1 has to. */
const INIT = 'mount -t proc proc /proc && ip link set lo up && echo up && while :; do sleep 3600 & wait; done';
export const PANEL_PORT = 8443;
export const PANEL = `http://127.0.0.1:${PANEL_PORT}`;

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export class StandInHost {
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'bailiff-host-'));
  private readonly init: ChildProcess;
  private panel: ChildProcess | null = null;

  private constructor() {
    const at = (name: string): string => path.join(this.folder, name);
    execFileSync('mount', ['-t', 'tmpfs', 'bailiff-host', this.folder]);
    for (const name of ['upper', 'work', 'root']) mkdirSync(at(name));
    execFileSync('mount', ['-t', 'overlay', 'overlay', '-o', `lowerdir=/,upperdir=${at('upper')},workdir=${at('work')}`, at('root')]);
    const isolate = ['--mount', '--pid', '--net', '--ipc', '--fork', '--kill-child'];
    const begin = 'mount --rbind /dev "$0/dev" && exec chroot "$0" /bin/bash -c "$1"';
    this.init = spawn('unshare', [...isolate, '/bin/bash', '-c', begin, at('root'), INIT], { stdio: ['ignore', 'pipe', 'inherit'] });
  }

  /** Starts the machine, with the stock fail2ban or as if it had never been installed. */
  static async start({ stock }: { readonly stock: boolean }): Promise<StandInHost> {
    const host = new StandInHost();
    await new Promise<void>((resolve, reject) => {
      host.init.stdout?.once('data', () => resolve());
      host.init.once('exit', () => reject(new Error('the stand-in host did not start')));
    });
    host.prepare(stock);
    return host;
  }

  /** A path on the machine, as this process sees it. */
  path(file: string): string {
    return path.join(this.folder, 'root', file);
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

  /** What the stand-in panel keeps: `action-log`, `notifications`, `panel-log` … */
  kept(name: string): unknown[] {
    const file = `/usr/local/psa/var/stand-in/${name}.json`;
    return this.exists(file) ? (Object.values(JSON.parse(this.read(file)) as object) as unknown[]) : [];
  }

  /** The words before a command that bring it onto the machine. */
  enter(): readonly string[] {
    const child = readFileSync(`/proc/${this.init.pid}/task/${this.init.pid}/children`, 'utf8').trim();
    return ['nsenter', '--target', child, '--mount', '--pid', '--net', '--ipc', '--root', '--wd', '--'];
  }

  run(...words: readonly string[]): Outcome {
    const [command = '', ...args] = [...this.enter(), ...words];
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' };
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env, maxBuffer: 1 << 26, timeout: 300_000 });
    return { code: status, out: stdout, err: stderr };
  }

  /** Runs a command that has to succeed; returns what it printed. */
  must(...words: readonly string[]): string {
    const { code, out, err } = this.run(...words);
    if (code !== 0) throw new Error(`${words.join(' ')}: ${String(code)}\n${out}${err}`);
    return out;
  }

  asUser(user: string, ...words: readonly string[]): Outcome {
    return this.run('runuser', '-u', user, '--', ...words);
  }

  plesk(...words: readonly string[]): Outcome {
    return this.run('php', '/usr/local/psa/stand-in/panel/plesk.php', ...words);
  }

  systemctl(...words: readonly string[]): Outcome {
    return this.run('systemctl', ...words);
  }

  /** Every file and link below the folders that an extension could leave something in. */
  files(): readonly string[] {
    const places = ['/etc', '/opt', '/usr/local', '/var/lib/bailiff', '/var/lib/fail2ban', '/run/bailiff'];
    return this.run('find', ...places, '-not', '-path', '/usr/local/psa/var/stand-in*', '-not', '-type', 'd')
      .out.split('\n')
      .sort();
  }

  /** The panel's own web server, as the panel's user. */
  async startPanel(): Promise<void> {
    const server = ['php', '-d', 'log_errors=0', '-S', `127.0.0.1:${PANEL_PORT}`, '/usr/local/psa/stand-in/panel/router.php'];
    const [command = '', ...args] = [...this.enter(), 'env', 'PHP_CLI_SERVER_WORKERS=4', 'runuser', '-u', 'psaadm', '--', ...server];
    this.panel = spawn(command, args, { stdio: 'ignore' });
    for (let tries = 0; this.run('curl', '-s', '-o', '/dev/null', `${PANEL}/login_up.php`).code !== 0; tries++) {
      if (tries === 50) throw new Error('the stand-in panel does not answer');
      await setTimeout(100);
    }
  }

  async stop(): Promise<void> {
    this.panel?.kill();
    const gone = new Promise((resolve) => this.init.once('exit', resolve));
    this.init.kill('SIGKILL');
    await gone;
    execFileSync('umount', ['--recursive', '--lazy', this.folder]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  private prepare(stock: boolean): void {
    const psa = '/usr/local/psa';
    this.must('useradd', '--system', '--user-group', '--no-create-home', 'psaadm');
    cpSync(path.join(HERE, 'panel'), this.path(`${psa}/stand-in/panel`), { recursive: true });
    this.must('chmod', '-R', 'a+rX', psa);
    this.must('mkdir', '-p', `${psa}/var/stand-in`, `${psa}/var/modules`, `${psa}/admin/conf`, `${psa}/admin/sbin`, '/run/systemd/system');
    this.must('chown', '-R', 'psaadm:psaadm', `${psa}/var`);
    this.must('gcc', '-O1', '-o', `${psa}/admin/sbin/mod_wrapper`, path.join(HERE, 'host/mod_wrapper.c'));
    this.must('chown', 'root:psaadm', `${psa}/admin/sbin/mod_wrapper`);
    this.must('chmod', '4510', `${psa}/admin/sbin/mod_wrapper`);
    cpSync(path.join(PROJECT, 'node_modules/@plesk/ui-library/dist'), this.path(`${psa}/admin/htdocs/ui-library`), { recursive: true });
    for (const name of ['systemctl', 'journalctl']) {
      rmSync(this.path(`/usr/bin/${name}`), { force: true });
      copyFileSync(path.join(HERE, 'host/systemctl.mjs'), this.path(`/usr/bin/${name}.mjs`));
      this.write(`/usr/bin/${name}`, `#!/bin/sh\nexec /usr/bin/node /usr/bin/${name}.mjs "$@"\n`);
      chmodSync(this.path(`/usr/bin/${name}`), 0o755);
    }
    if (!stock)
      this.must(
        'rm',
        '-rf',
        '/etc/fail2ban',
        '/lib/systemd/system/fail2ban.service',
        '/etc/systemd/system/multi-user.target.wants/fail2ban.service',
      );
    this.must('rm', '-rf', '/var/lib/fail2ban', '/var/log/fail2ban.log');
  }
}
