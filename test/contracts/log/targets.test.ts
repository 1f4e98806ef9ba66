/** Where the log goes: options of targets, files that are rotated, standard output, and real `logger` talking to a real socket. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { recordingRunner, systemRunner } from '../../../src/base/process';
import type { LogRecord } from '../../../src/base/logger';
import { openLogTarget } from '../../../src/contracts/log/targets';
import type { LogWorld } from '../../../src/contracts/log/targets';
import { parseTarget } from '../../../src/contracts/log/target-options';
import { manualClock } from '../../support/clock';

const BAN: LogRecord = { level: 'NOTICE', name: 'fail2ban.actions', message: '[j1] Ban 192.0.2.1' };
const WHEN = new Date(2026, 10, 22, 9, 39, 17, 204).getTime() / 1000;

function world(change: Partial<LogWorld> = {}): LogWorld & { out: string[]; errors: string[] } {
  const out: string[] = [];
  const errors: string[] = [];
  const write = (text: string): void => void out.push(text);
  return {
    clock: manualClock(WHEN),
    pid: 28976,
    stdout: write,
    stderr: write,
    runner: recordingRunner(),
    onError: (message) => errors.push(message),
    out,
    errors,
    ...change,
  };
}

describe('standard output', () => {
  it.each([
    ['STDOUT', '2026-11-22 09:39:17,204 fail2ban.actions        [28976]: NOTICE  [j1] Ban 192.0.2.1\n'],
    ['STDERR', '2026-11-22 09:39:17,204 fail2ban.actions        [28976]: NOTICE  [j1] Ban 192.0.2.1\n'],
    ['SYSOUT', 'fail2ban.actions        [28976]: NOTICE  [j1] Ban 192.0.2.1\n'],
    ['stdout[datetime=off]', 'fail2ban.actions        [28976]: NOTICE  [j1] Ban 192.0.2.1\n'],
    ['STDOUT[padding=off, datetime=on]', '2026-11-22 09:39:17,204 fail2ban.actions[28976]: NOTICE [j1] Ban 192.0.2.1\n'],
    [
      'STDOUT[format="%(levelname)-9s|%(process)07d|%(levelno)d|100%%|%(other)s|%(message)s"]',
      'NOTICE   |0028976|25|100%|%(other)s|[j1] Ban 192.0.2.1\n',
    ],
  ])('%s has its layout', (target, line) => {
    const surroundings = world();
    openLogTarget(target, surroundings).write(BAN);
    expect(surroundings.out).toEqual([line]);
  });

  it('looks for no fields in what a message says', () => {
    const surroundings = world();
    openLogTarget('STDOUT[format="%(message)s"]', surroundings).write({ ...BAN, message: '%(name)s %d $& $1' });
    expect(surroundings.out).toEqual(['%(name)s %d $& $1\n']);
  });

  it('has nothing to roll over', () => {
    expect(openLogTarget('STDOUT', world()).flush()).toBe('flushed');
  });
});

describe('a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bailiff-log-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is appended to, survives a rotation, and belongs to its owner alone', async () => {
    const path = join(folder, 'fail2ban.log');
    const target = openLogTarget(path, world());
    target.write(BAN);
    target.write({ ...BAN, message: 'two' });
    renameSync(path, `${path}.1`);
    expect(target.flush()).toBe('rolled over');
    target.write({ ...BAN, message: 'three' });
    await target.close();
    const head = '2026-11-22 09:39:17,204 fail2ban.actions        [28976]: NOTICE  ';
    expect(readFileSync(`${path}.1`, 'utf8')).toBe(`${head}[j1] Ban 192.0.2.1\n${head}two\n`);
    expect(readFileSync(path, 'utf8')).toBe(`${head}three\n`);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const again = openLogTarget(path, world());
    again.write({ ...BAN, message: 'four' });
    await again.close();
    expect(readFileSync(path, 'utf8')).toBe(`${head}three\n${head}four\n`);
  });

  it('that cannot be opened is refused', () => {
    expect(() => openLogTarget(join(folder, 'none', 'fail2ban.log'), world())).toThrow(
      expect.objectContaining({ code: 'BAD_ARGUMENT' }) as Error,
    );
  });

  it('that vanishes is complained about once, and written again when it can be', async () => {
    const path = join(folder, 'logs', 'fail2ban.log');
    mkdirSync(join(folder, 'logs'));
    const surroundings = world();
    const target = openLogTarget(path, surroundings);
    rmSync(join(folder, 'logs'), { recursive: true });
    expect(target.flush()).toBe('flushed');
    for (let count = 0; count < 3; count++) {
      target.write(BAN);
      target.flush();
    }
    expect(surroundings.errors).toEqual([expect.stringContaining('cannot be written')]);
    mkdirSync(join(folder, 'logs'));
    target.flush();
    await target.close();
    expect(readFileSync(path, 'utf8').trimEnd().split('\n')).toHaveLength(3);
  });
});

describe('syslog and the journal', () => {
  it('get records in order, a run for each logger, with their priority and on one line', async () => {
    const runner = recordingRunner();
    const target = openLogTarget('SYSLOG[facility=auth]', world({ runner, syslogSocket: '/run/x' }));
    target.write(BAN);
    target.write({ ...BAN, level: 'INFO', message: 'two\nlines' });
    target.write({ ...BAN, name: 'fail2ban.server' });
    await target.close();
    const args = ['--prio-prefix', '--id=28976', '--socket', '/run/x', '--tag'];
    expect(runner.requests.map(({ command, args: given, stdin }) => [command, given, stdin])).toEqual([
      ['logger', [...args, 'fail2ban.actions'], '<37>NOTICE [j1] Ban 192.0.2.1\n<38>INFO two | lines\n'],
      ['logger', [...args, 'fail2ban.server'], '<37>NOTICE [j1] Ban 192.0.2.1\n'],
    ]);
  });

  it('tell the journal the message alone', async () => {
    const runner = recordingRunner();
    const target = openLogTarget('SYSTEMD-JOURNAL', world({ runner }));
    target.write(BAN);
    await target.close();
    expect(runner.requests).toMatchObject([
      { command: 'systemd-cat', args: ['--identifier', 'fail2ban'], stdin: '<5>[j1] Ban 192.0.2.1\n' },
    ]);
  });

  it('complain once when their program fails', async () => {
    const clock = manualClock(WHEN);
    const surroundings = world({ clock, runner: recordingRunner(() => ({ code: 1, stderr: 'no socket\n' })) });
    const target = openLogTarget('SYSLOG', surroundings);
    for (let count = 0; count < 3; count++) {
      target.write(BAN);
      await clock.advance(1);
    }
    await target.close();
    expect(surroundings.errors).toEqual(['logger does not take the log: no socket']);
  });

  it('reach a real datagram socket as fail2ban’s own datagrams do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bailiff-syslog-'));
    const socket = join(folder, 'log');
    const script = `import socket,sys\ns=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM)\ns.bind(sys.argv[1])\ns.settimeout(20)\nprint(repr(s.recv(9999)))`;
    const receiver = spawn('/usr/bin/python3', ['-c', script, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    let received = '';
    receiver.stdout.on('data', (chunk: Buffer) => (received += chunk.toString()));
    const ended = new Promise((resolve) => receiver.once('close', resolve));
    for (let round = 0; round < 100 && !existsSync(socket); round++) await new Promise((resolve) => setTimeout(resolve, 50));
    const surroundings = world({ runner: systemRunner(systemClock), syslogSocket: socket, pid: process.pid });
    const target = openLogTarget('SYSLOG', surroundings);
    target.write(BAN);
    await target.close();
    await ended;
    rmSync(folder, { recursive: true });
    expect(surroundings.errors).toEqual([]);
    expect(received).toMatch(
      new RegExp(`^b'<29>.*fail2ban\\.actions\\[${process.pid}\\]: NOTICE \\[j1\\] Ban 192\\.0\\.2\\.1(?:\\\\x00)?'\\n$`),
    );
  });
});

describe('parseTarget', () => {
  it('reads options as fail2ban.conf has them', () => {
    expect(parseTarget(' SYSLOG[facility=LOG_LOCAL3, padding=on] ')).toEqual({
      kind: 'SYSLOG',
      name: 'SYSLOG',
      datetime: false,
      padding: true,
      facility: 19,
    });
    expect(parseTarget('/var/log/fail2ban.log')).toMatchObject({
      kind: 'FILE',
      name: '/var/log/fail2ban.log',
      datetime: true,
      padding: true,
    });
    expect(parseTarget(`STDOUT[format="a, b=c", datetime='off']`)).toMatchObject({ format: 'a, b=c', datetime: false });
  });

  it.each(['', '[x=y]', 'SYSLOG[facility=nowhere]', 'STDOUT[datetime]', 'STDOUT[a=b c="d]'])('refuses %p', (text) => {
    expect(() => parseTarget(text)).toThrow(expect.objectContaining({ code: 'BAD_ARGUMENT' }) as Error);
  });
});
