/** The folder of a stand-alone Bailiff: what `bailiff start` makes of it, read by the real reader of configurations. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readConfiguration } from '../../src/contracts/files/configuration';
import { DemoFeeder } from '../../src/bin/demo/feeder';
import { type Home, homeAt, prepareHome } from '../../src/bin/start/home';
import { type StartOptions, writeStartConfig } from '../../src/bin/start/jails';
import { systemClock } from '../../src/base/clock';

const SHIPPED = path.resolve(__dirname, '../../config');
const OPTIONS: StartOptions = { demo: false, enforce: false, port: 9123 };
let folder: string;
let home: Home;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bailiff-home-'));
  home = homeAt(path.join(folder, 'home'));
  prepareHome(home, SHIPPED);
});

afterEach(() => rmSync(folder, { recursive: true }));

/** An option as the server will be told it. */
function told(jail: string, option: string): unknown[] {
  const { commands } = readConfiguration(home.config);
  return commands
    .filter((command) => command[0] === 'set' && command[1] === jail && command[2] === option)
    .flatMap((command) => command.slice(3));
}

describe('the home folder', () => {
  it('is entered by its owner alone, with all that is in it', () => {
    for (const name of ['', 'config', 'config/jail.d', 'data', 'log', 'run'])
      expect(statSync(path.join(home.root, name)).mode & 0o777).toBe(0o700);
    for (const file of [home.serverLog, home.loginLog]) expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('leaves a folder that was there before as open as it was', () => {
    prepareHome(homeAt(folder), SHIPPED);
    const before = statSync(tmpdir()).mode;
    prepareHome(homeAt(path.join(folder, 'home')), SHIPPED);
    expect(statSync(tmpdir()).mode).toBe(before);
  });

  it('brings shipped files up to date and keeps what the administrator wrote', () => {
    writeFileSync(path.join(home.config, 'jail.conf'), 'old');
    writeFileSync(path.join(home.config, 'jail.local'), '[DEFAULT]\nmaxretry = 9\n');
    writeFileSync(path.join(home.config, 'filter.d', 'mine.conf'), '[Definition]\n');
    prepareHome(home, SHIPPED);
    const read = (name: string): string => readFileSync(path.join(home.config, name), 'utf8');
    expect(read('jail.conf')).toBe(readFileSync(path.join(SHIPPED, 'jail.conf'), 'utf8'));
    expect([read('jail.local'), read('filter.d/mine.conf')]).toEqual(['[DEFAULT]\nmaxretry = 9\n', '[Definition]\n']);
  });

  it('refuses a path that no socket can have', () => {
    expect(() => prepareHome(homeAt(`/tmp/${'x'.repeat(120)}`), SHIPPED)).toThrow('too long for a socket');
  });
});

describe('the configuration of a start', () => {
  it('keeps the server’s files inside the home', () => {
    writeStartConfig(home, OPTIONS);
    const { server, problems } = readConfiguration(home.config);
    expect(server).toMatchObject({ socket: home.socket, pidfile: home.pidFile, logtarget: home.serverLog, dbfile: home.banDatabase });
    expect(problems.filter((problem) => problem.severity === 'error')).toEqual([]);
  });

  it('always guards the log-in, on the port that was chosen', () => {
    expect(writeStartConfig(home, OPTIONS)).toContain('bailiff-login');
    expect(told('bailiff-login', 'addlogpath')).toEqual([home.loginLog, 'head']);
    expect(readFileSync(path.join(home.config, 'jail.d', 'zz-start.conf'), 'utf8')).toContain('port = 9123');
  });

  it('lets this machine’s own failed log-ins show in a dry run, and trusts them when bans are enforced', () => {
    writeStartConfig(home, OPTIONS);
    expect([told('bailiff-login', 'addignoreip'), told('bailiff-login', 'ignoreself')]).toEqual([[], [false]]);
    writeStartConfig(home, { ...OPTIONS, enforce: true });
    expect([told('bailiff-login', 'addignoreip'), told('bailiff-login', 'ignoreself')]).toEqual([['127.0.0.0/8', '::1'], [true]]);
  });

  it('switches on a jail when its log is there, and off again when it is gone', () => {
    const log = path.join(folder, 'own.log');
    writeFileSync(path.join(home.config, 'jail.local'), `[own]\nfilter = sshd\nlogpath = ${folder}/nothing*.log\n          ${log}\n`);
    expect(writeStartConfig(home, OPTIONS)).not.toContain('own');
    writeFileSync(log, '');
    expect(writeStartConfig(home, OPTIONS)).toContain('own');
    expect(told('own', 'addlogpath')).toEqual([log, 'head']);
    rmSync(log);
    expect(writeStartConfig(home, OPTIONS)).not.toContain('own');
  });

  it('lets the administrator’s jail.local win', () => {
    writeFileSync(path.join(home.config, 'jail.local'), '[bailiff-login]\nenabled = false\n');
    writeStartConfig(home, OPTIONS);
    expect(readConfiguration(home.config).jails).not.toContain('bailiff-login');
  });

  it('watches the demo’s logs in a demo', () => {
    new DemoFeeder(home.demoLogs, systemClock, Math.random).prepare();
    const jails = writeStartConfig(home, { ...OPTIONS, demo: true });
    expect(jails).toEqual(expect.arrayContaining(['ssh', 'plesk-wordpress', 'plesk-panel', 'plesk-dovecot', 'plesk-postfix', 'recidive']));
    expect(told('ssh', 'addlogpath')).toEqual([path.join(home.demoLogs, 'auth.log'), 'head']);
    expect(told('recidive', 'addlogpath')).toEqual([home.serverLog, 'head']);
  });
});
