/** Two hosts on one machine for end-to-end tests: network namespaces joined by a veth pair; on the first a syslog daemon and a real sshd. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const SERVER_ADDRESS = '192.0.2.1';
export const CLIENT_ADDRESS = '192.0.2.7';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits until `done()` is true; throws with `what` after so many seconds. */
export async function waitFor(what: string, done: () => boolean, seconds = 20): Promise<void> {
  for (const start = Date.now(); Date.now() - start < seconds * 1000; await pause(50)) if (done()) return;
  throw new Error(`not within ${seconds} s: ${what}`);
}

function must(command: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

export class TwoHosts {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'bailiff-e2e-'));
  readonly authLog = path.join(this.folder, 'auth.log');
  readonly #server = `bailiff-s-${process.pid}`;
  readonly #client = `bailiff-c-${process.pid}`;
  readonly #children: ChildProcess[] = [];
  /** Whether the place to mount the syslog socket on is ours to remove. */
  #madeLog = false;

  /** Makes the namespaces, starts syslog and sshd, and waits until a log-in fails as it should. */
  async start(): Promise<void> {
    for (const name of [this.#server, this.#client]) must('ip', 'netns', 'add', name);
    must('ip', 'link', 'add', 'veth0', 'netns', this.#server, 'type', 'veth', 'peer', 'name', 'veth0', 'netns', this.#client);
    for (const [name, address] of [
      [this.#server, SERVER_ADDRESS],
      [this.#client, CLIENT_ADDRESS],
    ] as const) {
      must('ip', '-n', name, 'addr', 'add', `${address}/24`, 'dev', 'veth0');
      must('ip', '-n', name, 'link', 'set', 'veth0', 'up');
      must('ip', '-n', name, 'link', 'set', 'lo', 'up');
    }
    await this.#startSyslog();
    await this.#startSshd();
  }

  async #startSyslog(): Promise<void> {
    const socket = path.join(this.folder, 'devlog');
    const config = path.join(this.folder, 'rsyslog.conf');
    writeFileSync(this.authLog, '');
    writeFileSync(
      config,
      [
        'module(load="imuxsock" SysSock.Use="off")',
        `input(type="imuxsock" Socket="${socket}" UseSysTimeStamp="on")`,
        'template(name="traditional" type="string" string="%timegenerated% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg%\\n")',
        `*.* action(type="omfile" file="${this.authLog}" template="traditional")`,
      ].join('\n') + '\n',
    );
    this.#keep('/usr/sbin/rsyslogd', ['-n', '-f', config, '-i', path.join(this.folder, 'rsyslog.pid')]);
    await waitFor('the syslog socket', () => existsSync(socket));
  }

  async #startSshd(): Promise<void> {
    const key = path.join(this.folder, 'host_key');
    must('ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', key);
    mkdirSync('/run/sshd', { recursive: true, mode: 0o755 });
    const config = path.join(this.folder, 'sshd_config');
    const lines = [`ListenAddress ${SERVER_ADDRESS}`, `HostKey ${key}`, 'UsePAM no', 'PasswordAuthentication yes', 'PermitRootLogin yes'];
    writeFileSync(config, [...lines, 'UseDNS no', 'MaxStartups 100', 'PidFile none'].join('\n') + '\n');
    if (!existsSync('/dev/log')) {
      writeFileSync('/dev/log', '');
      this.#madeLog = true;
    }
    const script = 'mount --bind "$0" /dev/log && exec /usr/sbin/sshd -D -f "$1"';
    this.#keep('ip', ['netns', 'exec', this.#server, 'unshare', '-m', '/bin/sh', '-c', script, path.join(this.folder, 'devlog'), config]);
    await waitFor('sshd answers', () => this.login('nobody-yet') === 'refused');
    writeFileSync(this.authLog, '');
  }

  /** Starts a program on the server; it is ended by `stop`. Returns the child. */
  onServer(command: string, ...args: string[]): ChildProcess {
    return this.#keep('ip', ['netns', 'exec', this.#server, command, ...args]);
  }

  /** Runs a program on the server to its end; returns its output. */
  askServer(command: string, ...args: string[]): string {
    return spawnSync('ip', ['netns', 'exec', this.#server, command, ...args], { encoding: 'utf8' }).stdout;
  }

  /** One try to log in from the client with a wrong password: `refused` by sshd, or `no answer` when the firewall stands between. */
  login(user: string): 'refused' | 'no answer' {
    const options = ['StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null', 'NumberOfPasswordPrompts=1', 'ConnectTimeout=2'];
    const ssh = [
      'ssh',
      ...options.flatMap((option) => ['-o', option]),
      '-o',
      'PreferredAuthentications=password',
      `${user}@${SERVER_ADDRESS}`,
    ];
    const { stderr } = spawnSync('ip', ['netns', 'exec', this.#client, 'sshpass', '-p', 'wrong', ...ssh, 'true'], { encoding: 'utf8' });
    return stderr.includes('Permission denied') ? 'refused' : 'no answer';
  }

  read(file: string): string {
    const full = path.join(this.folder, file);
    return existsSync(full) ? readFileSync(full, 'utf8') : '';
  }

  #keep(command: string, args: readonly string[]): ChildProcess {
    const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'ignore'] });
    this.#children.push(child);
    return child;
  }

  /** Ends what was started and removes the namespaces. */
  async stop(): Promise<void> {
    for (const child of this.#children.reverse()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await Promise.race([gone, pause(5000).then(() => child.kill('SIGKILL'))]);
    }
    for (const name of [this.#server, this.#client]) spawnSync('ip', ['netns', 'del', name]);
    if (this.#madeLog) rmSync('/dev/log', { force: true });
    rmSync(this.folder, { recursive: true, force: true });
  }
}
