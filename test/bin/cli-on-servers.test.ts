/** The program `bailiff` itself, run beside the stock server and beside ours: the verbs of `plesk bin ip_ban` and what they leave behind. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { formatLocalTime } from '../../src/base/local-time';
import { KINDS, runningServer, type RunningServer, until } from '../support/two-servers';
import { runProgramAsync, type Said } from '../support/stock-server';

const PROGRAM = path.resolve(__dirname, '../../dist/bin/bailiff.js');
const FILES = {
  // Takes its time to ban, and none to unban.
  'action.d/paced.conf': '[Definition]\nactionban = true\nactionunban =\n',
  'jail.d/all.conf': [
    '[ssh]\nenabled = true\nlogpath = FOLDER/a.log\n',
    '[web]\nenabled = true\nlogpath = FOLDER/b.log\n',
    '[paced]\nenabled = true\naction = paced\nlogpath = FOLDER/b.log\n',
    '[bulk]\nenabled = true\naction =\nlogpath = FOLDER/b.log\n',
    '[late]\nlogpath = FOLDER/b.log\n',
    '[broken]\nlogpath = %(missing)s\n',
  ].join(''),
};

describe.each(KINDS)('bailiff beside %s', (kind) => {
  let server: RunningServer;

  beforeAll(async () => {
    server = await runningServer(kind, FILES, 4, ['a.log', 'b.log']);
  });
  afterAll(async () => {
    // One that was started in between is nobody's child.
    await bailiff('--disable');
    await server.remove();
  });

  const at = (name: string): string => path.join(server.side.folder, name);
  const place = (): readonly string[] => [
    ...['-c', at('config'), '-s', at('f2b.sock'), '-p', at('f2b.pid'), '--log', at('fail2ban.log')],
    ...['--home', at('home'), '--daemon', 'direct'],
  ];
  /** What it says of things that are still going on depends on how busy the machine is. */
  async function bailiff(...words: readonly string[]): Promise<Said> {
    const said = await all(...words);
    return { ...said, stderr: said.stderr.replace(/^[^\n]* … \d+ s\n/gm, '') };
  }
  function all(...words: readonly string[]): Promise<Said> {
    return runProgramAsync(process.execPath, [PROGRAM, ...place(), ...words], { ...process.env, SSH_CONNECTION: '' });
  }
  const done = (stdout: string): object => ({ stdout, stderr: '', code: 0 });

  test('tells who runs', async () => {
    const engine = kind === 'stock' ? 'fail2ban' : 'bailiff';
    expect(JSON.parse((await bailiff('status', '--json')).stdout)).toMatchObject({ engine, jails: 4, banned: 0 });
    expect((await bailiff('--info')).stdout).toContain('Status: active\nIP address ban period: 600\n');
    expect(await bailiff('--jails')).toEqual(
      done('ssh     active\nweb     active\npaced   active\nbulk    active\nlate    inactive\nbroken  inactive\n'),
    );
  });

  test('bans, for a time of its own too, lists and lifts', async () => {
    expect(await bailiff('--ban', '192.0.2.7,ssh;2001:db8::7,web')).toEqual(
      done('192.0.2.7 is banned in ssh.\n2001:db8::7 is banned in web.\n'),
    );
    expect(await bailiff('--banned')).toEqual(done('192.0.2.7 ssh\n2001:db8::7 web\n'));
    expect((await bailiff('ban', 'ssh', '192.0.2.8', '--time', '2d', '--reason', 'a test')).code).toBe(0);
    expect((await bailiff('banned', '--jail', 'ssh')).stdout).toMatch(/192\.0\.2\.8 +ssh .* (2 d|1 d)\n/);
    expect(await bailiff('--unban', '192.0.2.7;192.0.2.8')).toEqual(
      done('192.0.2.7 is banned no longer.\n192.0.2.8 is banned no longer.\n'),
    );
    expect(await bailiff('--unban', '192.0.2.8,ssh')).toEqual({
      stdout: '',
      stderr: 'bailiff: 192.0.2.8 in ssh: is not banned\n',
      code: 1,
    });
    expect((await server.control.banned()).map(({ id }) => id)).toEqual(['2001:db8::7']);
  });

  test('tells how far a long list has come, and bans all of it once', async () => {
    const list = Array.from({ length: 450 }, (_none, at) => `10.9.${at >> 8}.${at & 255},bulk`);
    const said = await all('--ban', [...list, list[0]].join(';'));
    expect(said.stdout.split('\n')).toHaveLength(451);
    expect(said.stderr).toMatch(/^(?:banning: \d+ of 451 … \d+ s\n)*$/);
    expect((await server.control.bannedIn('bulk')).filter(({ id }) => id.startsWith('10.9.'))).toHaveLength(450);
    expect((await bailiff('--unban', list.join(';'))).code).toBe(0);
    expect((await server.control.bannedIn('bulk')).filter(({ id }) => id.startsWith('10.9.'))).toEqual([]);
  });

  test('never bans the address that its user comes from', async () => {
    const words = ['-c', at('config'), '-s', at('f2b.sock'), '--home', at('home'), '--ban', '192.0.2.0/24,ssh;198.51.100.1,ssh'];
    const env = { ...process.env, SSH_CONNECTION: '192.0.2.5 4711 198.51.100.1 22' };
    const said = await runProgramAsync(process.execPath, [PROGRAM, ...words], env);
    expect(said).toMatchObject({ stdout: '198.51.100.1 is banned in ssh.\n', code: 1 });
    expect(said.stderr).toBe('bailiff: 192.0.2.0/24 in ssh: holds the address you come from\n');
    await bailiff('unban', '198.51.100.1');
  });

  test('interrupted while it bans for another time, ends in order: the jail has its own time', async () => {
    const own = await server.control.get('paced', 'bantime');
    const list = Array.from({ length: 210 }, (_none, index) => `10.8.${index >> 8}.${index & 255},paced`);
    const child = spawn(process.execPath, [PROGRAM, ...place(), '--ban', list.join(';'), '--time', '3h'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (part: Buffer) => (said += part.toString()));
    child.stdout.resume();
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    const first = async (): Promise<boolean> => (await server.control.bannedIn('paced')).length > 0;
    await until('the first bans', first);
    child.kill('SIGINT');
    expect(await ended).toBe(1);
    expect(said).toMatch(/finishing what is under way; once more to end at once\n/);
    expect(said).toMatch(/interrupted: 10 of 210 were left as they are\n$/);
    expect(await server.control.get('paced', 'bantime')).toBe(own);
  });

  test('changes what holds for all jails, and the server follows', async () => {
    expect((await bailiff('--update', '-ban_period', '1200', '-ban_time_window', '300', '-max_retries', '7')).code).toBe(0);
    expect([await server.control.get('ssh', 'bantime'), await server.control.get('web', 'findtime')]).toEqual([1200, 300]);
    expect(await server.control.get('ssh', 'maxretry')).toBe(7);
    expect(server.side.read('config/jail.local')).toBe('[DEFAULT]\nbantime = 1200\nfindtime = 300\nmaxretry = 7\n');
  });

  test('trusts, and the server follows', async () => {
    expect((await bailiff('--add-trusted', '198.51.100.0/24;203.0.113.9', '-description', 'office')).code).toBe(0);
    expect(await server.control.get('web', 'ignoreip')).toEqual(expect.arrayContaining(['198.51.100.0/24', '203.0.113.9']));
    expect((await bailiff('--trusted')).stdout).toBe('198.51.100.0/24  office\n203.0.113.9      office\n');
    expect((await bailiff('--remove-trusted', '203.0.113.9')).code).toBe(0);
    expect(await server.control.get('web', 'ignoreip')).not.toContain('203.0.113.9');
  });

  test('switches jails on and off; one that is broken stops no other', async () => {
    const said = await bailiff('--enable-jails', 'broken;late');
    expect(said).toMatchObject({ stdout: 'The jail late is active.\n', code: 1 });
    expect(said.stderr).toContain('bailiff: broken: ');
    expect(await server.control.jails()).toEqual(['bulk', 'late', 'paced', 'ssh', 'web']);
    expect(await bailiff('--disable-jails', 'late')).toMatchObject({ stdout: 'The jail late is inactive.\n', code: 0 });
    expect(await server.control.jails()).toEqual(['bulk', 'paced', 'ssh', 'web']);
  });

  test('tries a filter on a log, adds it with a jail, and bans with it', async () => {
    const log = 'home/log/door.log';
    server.side.write(log, `${formatLocalTime(Date.now() / 1000)} kick from 192.0.2.66\n`.repeat(3));
    const regex = ['--failregex', '^\\s*kick from <HOST>$'];
    const tried = await bailiff('filter', 'test', ...regex, '--log-file', at(log), '--show', 'matched');
    expect(tried).toMatchObject({ code: 0, stderr: '' });
    expect(tried.stdout).toMatch(/^3 lines: 3 matched, 0 ignored, 0 missed, in /);
    expect(tried.stdout).toMatch(/\n +3 +counted +192\.0\.2\.66 /);
    expect(await bailiff('filter', 'add', 'kick', ...regex)).toMatchObject({ stdout: 'The filter kick is added.\n', code: 0 });
    expect((await bailiff('filter', 'test', 'kick', '--log-file', at(log), '--json')).stdout).toContain('"matched": 3');
    const options = ['filter=kick', `logpath=${at(log)}`, 'maxretry=2', 'enabled=true'];
    expect(await bailiff('jail', 'add', 'doors', ...options)).toMatchObject({ stdout: 'The jail doors is added.\n', code: 0 });
    await until('the ban', () => server.control.isBanned('doors', '192.0.2.66'));
    const why = (await bailiff('reason', '192.0.2.66,doors')).stdout;
    expect(why).toMatch(/^Address +192\.0\.2\.66\nJail +doors\nBanned +\d{4}-\d\d-\d\d [\d:]{8}\nFailures +[23]\n/);
    expect(why).toContain('Failregex  ^\\s*kick from <HOST>$\n');
    expect(why).toMatch(/\nLine +\S+ \S+ kick from 192\.0\.2\.66\n/);
    expect((await bailiff('jail', 'test', 'doors', 'maxretry=4')).stdout).toMatch(/: 3 failures, 0 bans of 0 addresses\.\n/);
    expect((await bailiff('jail', 'test', 'doors')).stdout).toMatch(/1 ban of 1 address\.\n.*\n192\.0\.2\.66 /);
    expect((await bailiff('log', 'show', '--jail', 'doors', '--text', 'Ban ')).stdout).toMatch(/\[doors\] Ban 192\.0\.2\.66\n$/);
    expect((await bailiff('doctor')).stdout).toMatch(/^(warning|ok) /m);
    expect(await bailiff('jail', 'remove', 'doors')).toMatchObject({ code: 0 });
    expect(await server.control.jails()).not.toContain('doors');
  });

  test('brings an export back; one that the server refuses is taken back whole', async () => {
    const file = at('all.json');
    expect((await bailiff('export', file)).code).toBe(0);
    const before = server.side.read('config/jail.local');
    await bailiff('--update', '-max_retries', '2');
    expect(await bailiff('import', file)).toMatchObject({ code: 0 });
    expect(server.side.read('config/jail.local')).toBe(before);
    const files = { 'fail2ban.local': `[Definition]\nlogtarget = ${at('nowhere/x.log')}\n`, 'jail.local': '[DEFAULT]\nmaxretry = 1\n' };
    server.side.write('bad.json', JSON.stringify({ bailiff: 'configuration', version: 1, files }));
    const said = await bailiff('import', at('bad.json'));
    expect(said).toMatchObject({ stdout: '', code: 1 });
    expect(said.stderr).toContain('everything is as it was');
    expect([server.side.read('config/jail.local'), server.side.read('config/fail2ban.local')]).toEqual([before, '']);
  });

  test('two at the same time wait for each other', async () => {
    const both = await Promise.all([
      bailiff('--update', '-max_retries', '8'),
      bailiff('--update', '-ban_period', '1300'),
      bailiff('ban', 'web', '192.0.2.30', '--time', '1h'),
      bailiff('ban', 'web', '192.0.2.31', '--time', '3h'),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0, 0]);
    expect([await server.control.get('web', 'maxretry'), await server.control.get('web', 'bantime')]).toEqual([8, 1300]);
  });

  test('tells which engine runs, and refuses one that is none', async () => {
    const engine = kind === 'stock' ? 'fail2ban' : 'bailiff';
    expect((await bailiff('engine')).stdout).toMatch(new RegExp(`^Engine +${engine} \\S+\nRunning since +\\d`));
    expect(await bailiff('engine', 'other')).toEqual({
      stdout: '',
      stderr: "bailiff: the engine is 'bailiff' or 'fail2ban', not 'other'\n",
      code: 2,
    });
  });

  test('hands the server over to the other engine with its bans, and back', async () => {
    const [mine, other] = kind === 'stock' ? ['fail2ban', 'bailiff'] : ['bailiff', 'fail2ban'];
    await bailiff('ban', 'ssh', '192.0.2.40', '--time', '1d');
    expect(await bailiff('engine', other)).toMatchObject({
      stdout: expect.stringMatching(new RegExp(`^${other} runs, with \\d+ bans\\.\n`)) as string,
      code: 0,
    });
    expect((await bailiff('--banned')).stdout).toContain('192.0.2.40 ssh\n');
    expect(await bailiff('engine', mine)).toMatchObject({ code: 0 });
    expect(JSON.parse((await bailiff('status', '--json')).stdout)).toMatchObject({ engine: mine });
    expect((await bailiff('--banned')).stdout).toContain('192.0.2.40 ssh\n');
  });

  test('stops the server and starts it again', async () => {
    expect(await bailiff('--disable')).toMatchObject({ stdout: 'IP address banning is disabled.\n', code: 0 });
    expect((await bailiff('--info')).stdout).toMatch(/^Status: inactive\n/);
    expect(await bailiff('status')).toMatchObject({ stdout: '', code: 3 });
    expect(await bailiff('--enable')).toMatchObject({ stdout: 'IP address banning is enabled.\n', code: 0 });
    expect((await bailiff('--info')).stdout).toMatch(/^Status: active\n/);
    expect(await bailiff('--disable')).toMatchObject({ code: 0 });
  });
});

test('whoever stops reading stops nothing', async () => {
  const line = `set -o pipefail; '${process.execPath}' '${PROGRAM}' --help | true`;
  expect(await runProgramAsync('/bin/bash', ['-c', line])).toEqual({ stdout: '', stderr: '', code: 0 });
});
