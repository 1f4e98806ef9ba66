/** The compiled engine as an administrator runs it: start, bans, reload, restart, broken files, and the stock client. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
});

afterEach(() => server.remove());

const logged = (text: string | RegExp): boolean => (typeof text === 'string' ? server.log.includes(text) : text.test(server.log));
const times = (text: string): number => server.log.split(text).length - 1;

test('failures become a ban, and a reload keeps it without touching the firewall', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  server.fail('a.log', '192.0.2.1', 2);
  await waitFor('the ban', () => logged('[j1] Ban 192.0.2.1'));
  await waitFor('the action', () => server.read('acts').includes('ban 192.0.2.1'));
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nmaxretry = 1\n`);
  expect(server.client('reload')).toEqual({ code: 0, text: 'OK\n' });
  expect(server.client('get', 'j1', 'maxretry').text).toBe('1\n');
  expect(server.client('get', 'j1', 'banip').text).toBe('192.0.2.1\n');
  server.fail('a.log', '192.0.2.2');
  await waitFor('a ban under the new maxretry', () => logged('[j1] Ban 192.0.2.2'));
  expect(server.read('acts')).toBe('start \nban 192.0.2.1\nban 192.0.2.2\n');
});

test('proxies of the list are told and not banned when spare is on, and banned by hand all the same', async () => {
  server.write('a.log', '');
  server.write('config/fail2ban.local', '[Definition]\nspare = yes\n');
  server.write('config/proxies.local', '198.51.100.0/29 # ours\n');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  server.fail('a.log', '198.51.100.1', 2);
  server.fail('a.log', '198.51.100.9', 2);
  await waitFor('the ban', () => logged('[j1] Ban 198.51.100.9'));
  expect(logged('[j1] Ignore 198.51.100.1 by rule spare (proxy)')).toBe(true);
  expect(logged('[j1] Ban 198.51.100.1')).toBe(false);
  expect(server.client('set', 'j1', 'banip', '198.51.100.1')).toEqual({ code: 0, text: '1\n' });
  expect(server.client('get', 'j1', 'banip').text).toContain('198.51.100.1');
});

test('who is at work on the pages is told and not banned when spare is on', async () => {
  server.write('a.log', '');
  server.write('config/fail2ban.local', '[Definition]\nspare = yes\n');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  expect(server.client('bailiff', 'spare', '600', '198.51.100.1')).toEqual({ code: 0, text: 'True\n' });
  server.fail('a.log', '198.51.100.1', 2);
  server.fail('a.log', '198.51.100.9', 2);
  await waitFor('the ban', () => logged('[j1] Ban 198.51.100.9'));
  expect(logged('[j1] Ignore 198.51.100.1 by rule spare (administrator on the pages)')).toBe(true);
  expect(logged('[j1] Ban 198.51.100.1')).toBe(false);
});

test('without spare a proxy of the list is banned as the original does', async () => {
  server.write('a.log', '');
  server.write('config/proxies.local', '192.0.2.1\n');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  server.fail('a.log', '192.0.2.1', 2);
  await waitFor('the ban', () => logged('[j1] Ban 192.0.2.1'));
});

test('one jail whose regex is wrong does not stop the others, and the log says file, line and column', async () => {
  server.write('a.log', '');
  server.write('config/filter.d/wrong.conf', '[Definition]\n\nfailregex = ^fail (<HOST>$\n');
  server.jails(`[bad]\nfilter = wrong\nlogpath = ${server.path('a.log')}\n[good]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('good');
  server.fail('a.log', '192.0.2.1', 2);
  await waitFor('the ban', () => logged('[good] Ban 192.0.2.1'));
  expect(logged(/ERROR +\S*wrong\.conf:3: \[bad\] failregex \(column 7\)/)).toBe(true);
  expect(server.client('status').text).toContain('Jail list:\tgood\n');
});

test('a reload with a file that is broken leaves the running jail as it was', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  server.fail('a.log', '192.0.2.1', 2);
  await waitFor('the ban', () => logged('[j1] Ban 192.0.2.1'));
  server.write('config/filter.d/simple.conf', '[Definition]\nfailregex = ^fail (<HOST>$\n');
  // Judged before anything is stopped or lifted, so these take nothing down either.
  for (const how of [[], ['--restart'], ['--unban']]) {
    server.client('reload', ...how);
    expect([how, server.client('status', 'j1').text]).toEqual([how, expect.stringContaining('Banned IP list:\t192.0.2.1')]);
  }
  server.fail('a.log', '192.0.2.2', 2);
  await waitFor('a ban by the last good filter', () => logged('[j1] Ban 192.0.2.2'));
});

test('after a restart bans are restored, lines written meanwhile are read, and none is counted twice', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nmaxretry = 3\n`);
  await server.start('j1');
  server.fail('a.log', '192.0.2.1', 3);
  server.fail('a.log', '192.0.2.2', 2);
  await waitFor('the ban', () => logged('[j1] Ban 192.0.2.1'));
  await waitFor('the failures', () => times('Found 192.0.2.2') === 2);
  await server.end();
  server.fail('a.log', '192.0.2.3', 3);
  await server.start('j1');
  await waitFor('the restored ban', () => logged('[j1] Restore Ban 192.0.2.1'));
  await waitFor('the ban for lines written meanwhile', () => logged('[j1] Ban 192.0.2.3'));
  expect(times('Found 192.0.2.1')).toBe(3);
  expect(times('Found 192.0.2.2')).toBe(2);
});

test('killed at once, it restores every ban that was told', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  for (let i = 1; i <= 20; i++) server.fail('a.log', `192.0.2.${i}`, 2);
  await waitFor('twenty bans', () => times('] Ban ') === 20);
  await server.end('SIGKILL');
  expect([existsSync(server.socket), existsSync(server.path('f2b.pid'))]).toEqual([true, true]);
  await server.start('j1');
  expect(server.read('f2b.pid')).toBe(`${server.pid}\n`);
  await waitFor('twenty restored bans', () => times('Restore Ban') === 20);
  expect(server.client('get', 'j1', 'banip').text.trim().split(' ')).toHaveLength(20);
});

test('a file that comes to match a glob is followed', async () => {
  server.jails(`[j1]\nlogpath = ${server.folder}/site*.log\n`);
  server.write('site1.log', '');
  await server.start('j1');
  server.write('site2.log', '');
  server.fail('site2.log', '192.0.2.9', 2);
  await waitFor('the ban from the new file', () => logged('[j1] Ban 192.0.2.9'));
  expect(server.client('status', 'j1').text).toContain('site2.log');
});

test('garbage in a log is survived: NULs, invalid UTF-8, a line of ten megabytes', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  writeFileSync(
    server.path('a.log'),
    Buffer.concat([Buffer.from([0, 255, 254, 10, 195, 40, 10]), Buffer.alloc(10 << 20, 'x'), Buffer.from('\n')]),
  );
  server.fail('a.log', '192.0.2.1', 2);
  await waitFor('the ban behind the garbage', () => logged('[j1] Ban 192.0.2.1'));
});

test('the stock client bans, unbans, asks and stops', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  expect(server.client('ping').text).toBe('Server replied: pong\n');
  expect(server.client('set', 'j1', 'banip', '192.0.2.1', '2001:db8::1', '198.51.100.0/24').text).toBe('3\n');
  expect(server.client('status', 'j1').text).toMatch(/Currently banned:\t3\n/);
  expect(server.client('get', 'j1', 'banip', '--with-time').text).toMatch(/^192\.0\.2\.1 \t\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+ 600 = /m);
  expect(server.client('banned').text).toBe("[{'j1': ['192.0.2.1', '2001:db8::1', '198.51.100.0/24']}]\n");
  expect(server.client('set', 'j1', 'unbanip', '192.0.2.1').text).toBe('1\n');
  expect(server.client('unban', '--all').text).toBe('2\n');
  expect(server.client('status', 'nosuch')).toMatchObject({ code: 255 });
  expect(server.client('status', 'nosuch').text).toContain("Sorry but the jail 'nosuch' does not exist");
  expect(server.client('set', 'j1', 'maxretry', 'x').code).toBe(255);
  expect(server.client('get', 'j1', 'failregex').text).toContain('(?P<ip4>');
  expect(server.client('stop').text).toBe('Shutdown successful\n');
  expect(await server.exited()).toBe(0);
  expect(existsSync(server.socket)).toBe(false);
  expect(existsSync(server.path('f2b.pid'))).toBe(false);
});

test('the commands of later clients are answered', async () => {
  server.write('a.log', '');
  server.jails(`[j2]\nbackend = polling\nlogpath = ${server.path('a.log')}\n[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1', 'j2');
  server.client('set', 'j1', 'banip', '192.0.2.1');
  const statistics = "{'j1': ['pyinotify', (0, 0), (1, 1)], 'j2': ['polling', (0, 0), (0, 0)]}\n";
  for (const word of ['stats', 'statistic', 'statistics']) expect(server.client(word).text).toBe(statistics);
  const ask = (...words: string[]): { readonly stdout: string } => server.run('-c', server.path('config'), '-s', server.socket, ...words);
  const { stdout } = ask('stats');
  expect(stdout).toMatch(/ j1 +║ pyinotify +║ +0 │ +0 ║ +1 │ +1\n/);
  expect(ask('status', '--all').stdout).toMatch(/Number of jail:\t2[^]*j1[^]*192\.0\.2\.1[^]*j2/);
  expect(ask('status', '--all', 'stats').stdout).toContain("{'j1': ['pyinotify', (0, 0), (1, 1)]");
  expect(ask('status', 'j1', 'stats').stdout).toBe("['pyinotify', (0, 0), (1, 1)]\n");
  expect(server.client('status', 'j1', 'cymru').text).toContain('Banned ASN list:\terror\n');
  expect(server.client('status', 'j1', 'nosuch').text).toContain('192.0.2.1');
  expect(server.log).toContain("Unsupported extended jail status flavor 'nosuch'. Supported: ['short', 'basic', 'stats', 'cymru']");
});

test('the methods of an action can be called by a client, in turn with its bans', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  const call = (...words: string[]): string => server.client('set', 'j1', 'action', 'note', ...words).text;
  expect(call('ban', '{"aInfo": {"ip": "192.0.2.77; id"}}')).toBe('None\n');
  expect(call('unban', '{"aInfo": {"ip": "192.0.2.77; id"}}')).toBe('None\n');
  expect(call('stop')).toBe('True\n');
  expect(call('start', '{}')).toBe('True\n');
  expect(server.read('acts').split('\n').slice(0, -1)).toEqual(['start ', 'ban 192.0.2.77; id', 'unban 192.0.2.77; id', 'stop ', 'start ']);
  expect(server.client('get', 'j1', 'banned').text).toBe('[]\n');
  for (const words of [['ban'], ['ban', '{"aInfo": {}}'], ['ban', '[]'], ['start', '{"x": 1}'], ['start', 'x'], ['executeCmd', '{}']]) {
    expect(server.client('set', 'j1', 'action', 'note', ...words).code).toBe(255);
  }
  expect(server.client('set', 'j1', 'action', 'nosuch', 'start').code).toBe(255);
});

test('a second server on a live socket refuses to start', async () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  const second = server.run(...server.args, '-f', 'start');
  expect(second.code).toBe(255);
  expect(second.stderr).toMatch(/ERROR +Server already running: another server answers on \S+f2b\.sock\n$/);
  const original = spawnSync('/usr/bin/fail2ban-server', [...server.args, '-f', 'start'], { encoding: 'utf8' });
  expect([original.status, original.stderr]).toEqual([255, expect.stringMatching(/ERROR +Server already running\n/)]);
  expect(server.read('f2b.pid')).toBe(`${server.pid}\n`);
  expect(server.client('ping').code).toBe(0);
});

test('a jail whose log is missing is told, and begins when the log is there', async () => {
  server.jails(`[j1]\nlogpath = ${server.path('later.log')}\n[j2]\nlogpath = ${server.folder}/never*.log\n`);
  await server.start('j1');
  expect(logged(/WARNING.*\[j1\] logpath: Have not found any log file/)).toBe(true);
  await waitFor('the missing file is named', () => logged(/WARNING.*\[j1\] \S*later\.log/));
  server.fail('later.log', '192.0.2.1', 2);
  await waitFor('the ban', () => logged('[j1] Ban 192.0.2.1'), 5);
});

test('a damaged database is set aside and the server starts', async () => {
  server.write('a.log', '');
  server.write(
    'db.sqlite3',
    'this is no database, but it is longer than a header of one hundred bytes would be, so that it is read at all',
  );
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  await server.start('j1');
  server.fail('a.log', '192.0.2.1', 2);
  await waitFor('the ban', () => logged('[j1] Ban 192.0.2.1'));
  expect(logged(/db\.sqlite3\.\d{8}-\d{6}/)).toBe(true);
});

test('-t tells what is wrong, and 0 or 255 whether it is', () => {
  server.write('a.log', '');
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\n`);
  expect(server.run('-c', server.path('config'), '-t')).toMatchObject({ code: 0, stdout: 'OK: configuration test is successful\n' });
  server.jails(`[j1]\nlogpath = ${server.path('a.log')}\nbantime = 10 parsecs\n`);
  const { code, stderr } = server.run('-c', server.path('config'), '-t');
  expect(code).toBe(255);
  expect(stderr).toMatch(/ERROR +\S*jail\.conf:\d+: \[j1\] bantime: /);
});

test('-d prints the stream as the original does', () => {
  const original = spawnSync('/usr/bin/fail2ban-client', ['-c', '/etc/fail2ban', '-d'], { encoding: 'utf8' });
  expect(original.stdout.split('\n').length).toBeGreaterThan(20);
  expect(server.run('-c', '/etc/fail2ban', '-d')).toMatchObject({ code: original.status, stdout: original.stdout });
});

test('a folder that is not there is named', () => {
  expect(server.run('-c', server.path('nowhere'), '-d')).toMatchObject({ code: 255, stdout: '' });
  expect(server.run('-c', server.path('nowhere'), '-d').stderr).toContain('nowhere');
});
