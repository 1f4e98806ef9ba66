/** `bailiff-server --preview JAIL`: real folders, real logs, the program itself in a process of its own. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { makePreview } from '../../../../src/bin/server/preview';
import type { JailPreview } from '../../../../src/model/jail-preview';
import { reportPreview } from '../../../../src/engine/server/preview/report';
import { temporaryFolder } from '../../../support/folder';

const folder = temporaryFolder();
const root = path.resolve(__dirname, '../../../..');
const NOW = Math.floor(Date.now() / 1000);

function file(name: string, text: string): string {
  const target = path.join(folder.path, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
  return target;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** `YYYY-MM-DD HH:MM:SS`, so many seconds ago. */
function ago(seconds: number): string {
  const date = new Date((NOW - seconds) * 1000);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

function run(...args: string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const words = [path.join(root, 'test/support/typescript.mjs'), path.join(root, 'src/bin/bailiff-server.ts')];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...words, '-c', path.join(folder.path, 'conf'), ...args], {
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

function preview(jail: string, since: string | null = null, limit: string | null = null): Promise<JailPreview> {
  return makePreview({ conf: path.join(folder.path, 'conf'), since, limit, dns: false }, jail);
}

/** A jail with these options; `log` is its log. */
function jail(name: string, options: string): void {
  const log = path.join(folder.path, `log/${name}.log`);
  file(`conf/jail.d/${name}.conf`, `[${name}]\nfilter = door\naction = nosuch\nlogpath = ${log}\n${options}\n`);
}

beforeAll(() => {
  file('conf/fail2ban.conf', '[Definition]\nloglevel = INFO\n');
  file('conf/jail.conf', '[DEFAULT]\nmaxretry = 3\nfindtime = 10m\nbantime = 1h\nbackend = auto\nignoreself = false\n');
  file('conf/filter.d/door.conf', '[Definition]\nfailregex = ^ <F-USER>\\S+</F-USER> fail <HOST>$\nignoreregex = fine\n');
});
afterAll(() => folder.remove());

test('counts in the time of the log: who fails often enough within findtime, and again when the ban is over', async () => {
  jail('gate', 'ignoreip = 192.0.2.9 198.51.100.0/24');
  const lines = [
    `${ago(90_000)} old fail 192.0.2.1`,
    ...[9000, 8990, 8980, 8970].map((at) => `${ago(at)} root fail 192.0.2.1`),
    `${ago(8960)} a fail 192.0.2.9`,
    `${ago(8950)} b fail 198.51.100.3`,
    `${ago(8940)} a fail 192.0.2.2`,
    `${ago(8300)} b fail 192.0.2.2`,
    `${ago(7650)} c fail 192.0.2.2`,
    'an undated line',
    ...[3000, 2990, 2980].map((at) => `${ago(at)} eve fail 192.0.2.1`),
  ];
  file('log/gate.log', `${lines.join('\n')}\n`);
  const found = await preview('gate', '1d');
  expect(found).toMatchObject({
    jail: 'gate',
    stopped: 'end',
    lines: 13,
    failures: 10,
    ignored: 2,
    ignoredBy: { ip: 2 },
    names: 0,
    problems: [],
  });
  expect(found).toMatchObject({ banned: 2, addresses: 1, first: NOW - 9000, last: NOW - 2980, leftOut: [] });
  expect(found.bans).toMatchObject([
    { id: '192.0.2.1', time: NOW - 8980, bantime: 3600, bancount: 1, failures: 3, users: ['root'] },
    { id: '192.0.2.1', time: NOW - 2980, bantime: 3600, failures: 3, users: ['eve'] },
  ]);
  expect(found.bans[0]?.matches).toEqual([9000, 8990, 8980].map((at) => `${ago(at)} root fail 192.0.2.1`));
  expect(found.files).toEqual([{ path: path.join(folder.path, 'log/gate.log'), lines: 13, problem: null }]);
});

test('reads all logs of a jail in the order of time, rotated ones too, each once', async () => {
  file('conf/jail.d/many.conf', `[many]\nfilter = door\nlogpath = ${folder.path}/log/many-*.log\n`);
  file('log/many-a.log', `${ago(300)} x fail 192.0.2.1\n${ago(100)} x fail 192.0.2.1\n`);
  file('log/many-b.log', `${ago(200)} y fail 192.0.2.1\n${ago(50)} z fail 2001:db8:0::1\n`);
  file('log/many-a.log.1', `${ago(400)} x fail 192.0.2.2\n${ago(350)} w fail 192.0.2.2\n`);
  fs.symlinkSync(path.join(folder.path, 'log/many-b.log'), path.join(folder.path, 'log/many-c.log'));
  const found = await preview('many', '1h');
  expect(found).toMatchObject({ lines: 6, failures: 6, first: NOW - 400, last: NOW - 50 });
  expect(found.bans).toMatchObject([{ id: '192.0.2.1', time: NOW - 100, users: ['x'] }]);
  expect(found.bans[0]?.matches).toEqual([300, 200, 100].map((at) => expect.stringContaining(ago(at))));
  expect(await preview('many', '150')).toMatchObject({ lines: 2, banned: 0 });
});

test('increments bans as the jail says, with the real rule; what it leaves out is told', async () => {
  jail(
    'rise',
    'maxretry = 1\nbantime = 60\nbantime.increment = true\nbantime.multipliers = 1 5\nignorecommand = touch CANARY\nignoreip = host.example',
  );
  file('log/rise.log', `${[900, 700, 100].map((at) => `${ago(at)} x fail 192.0.2.1`).join('\n')}\n${ago(50)} x fail some.example\n`);
  const found = await preview('rise', '1h');
  expect(found.bans.map(({ time, bantime, bancount }) => [NOW - time, bantime, bancount])).toEqual([
    [900, 60, 1],
    [700, 300, 2],
    [100, 300, 3],
  ]);
  expect(found).toMatchObject({ names: 1, leftOut: ['ignorecommand', 'names', 'earlier bans'] });
  expect(fs.existsSync('CANARY')).toBe(false);
});

test('a jail that is not enabled, without logs, with a wrong filter, that there is not', async () => {
  jail('bare', 'enabled = false\nmaxretry = 1');
  expect(await preview('bare')).toMatchObject({
    lines: 0,
    files: [],
    bans: [],
    first: null,
    problems: [{ severity: 'warning', option: 'logpath' }],
  });
  jail('broken', 'failregex = ^(x <HOST>');
  file('log/broken.log', `${ago(10)} x\n`);
  expect((await preview('broken')).problems).toMatchObject([{ severity: 'error', option: 'failregex' }]);
  jail('undated', 'datepattern = %Q');
  file('log/undated.log', `${ago(10)} x\n`);
  expect((await preview('undated')).problems).toMatchObject([{ severity: 'error', message: expect.any(String) }]);
  expect(run('--preview', 'nosuch', '--json')).toMatchObject({
    code: 255,
    stdout: '',
    stderr: expect.stringContaining("no jail 'nosuch'"),
  });
  expect(run('--preview', '../x')).toMatchObject({ code: 255, stdout: '' });
  expect(run('--preview', 'bare', '--since', '-5')).toMatchObject({ code: 255, stdout: '' });
});

test('a log that is no file, one that may not be read, lines without dates, huge and hostile lines', async () => {
  file('conf/jail.d/odd.conf', `[odd]\nfilter = door\nmaxretry = 1\nlogpath = ${folder.path}/odd/*\n`);
  fs.mkdirSync(path.join(folder.path, 'odd/folder'), { recursive: true });
  spawnSync('mkfifo', [path.join(folder.path, 'odd/fifo')]);
  file('odd/log', `${'x'.repeat(300_000)}\n${ago(20)} <b>\u001b[31m fail 192.0.2.1\n${ago(10)} x fail 192.0.2.2${' '.repeat(70_000)}\n`);
  const found = await preview('odd');
  expect(found.files).toMatchObject([
    { path: expect.stringContaining('/fifo'), problem: expect.stringContaining('not a regular file') },
    { path: expect.stringContaining('/folder'), problem: expect.stringContaining('not a regular file') },
    { path: expect.stringContaining('/log'), lines: 3, problem: null },
  ]);
  expect(found.bans).toMatchObject([{ id: '192.0.2.1', users: ['<b>\u001b[31m'] }]);
  expect(reportPreview(found)).toContain('as <b>?[31m');
  file('conf/jail.d/plain.conf', `[plain]\nfilter = door\nmaxretry = 1\nlogpath = ${folder.path}/log/plain.log\n`);
  file('log/plain.log', 'no date\n x fail 192.0.2.1\n');
  expect(await preview('plain')).toMatchObject({
    first: null,
    messages: [expect.stringContaining('no valid date'), expect.stringContaining('no line bears a date')],
  });
});

test('stops when the time is over, and tells how far it came', async () => {
  jail('long', 'maxretry = 1\nfailregex = ^ .*.* from <HOST>$');
  const lines = Array.from({ length: 400 }, (_none, at) => `${ago(4000 - at)} ${'a'.repeat(8000)} from `);
  file('log/long.log', `${lines.join('\n')}\n`);
  const found = await preview('long', '2h', '1');
  expect(found.stopped).toBe('time');
  expect(found.lines).toBeLessThan(400);
  expect(found.last ?? 0).toBeLessThan(NOW - 3600);
});

test('lines that take too long to match hold up no preview', async () => {
  jail('slow', 'maxretry = 1\nfailregex = ^ .*.* from <HOST>$');
  const lines = Array.from({ length: 20 }, (_none, at) => `${ago(4000 - at)} ${'a'.repeat(60_000)} from `);
  file('log/slow.log', `${lines.join('\n')}\n${ago(100)} x from 192.0.2.1\n`);
  const found = await preview('slow', '2h', '30');
  expect(found).toMatchObject({ stopped: 'end', lines: 21, bans: [{ id: '192.0.2.1' }] });
});

test('the report for people', async () => {
  const { stdout, code } = run('--preview', 'gate', '--since', '1d');
  expect(code).toBe(0);
  expect(JSON.parse(run('--preview', 'gate', '--since', '1d', '--json').stdout)).toMatchObject({ jail: 'gate', banned: 2 });
  expect(stdout).toContain(
    `Jail gate: ${ago(9000)} to ${ago(2980)}\n13 line(s) of 1 log(s), 10 failure(s) counted, 2 ignored, 2 ban(s) of 1 address(es)\n`,
  );
  expect(stdout).toContain(`${ago(8980)}  192.0.2.1  for 1h, after 3 failure(s), as root\n    ${ago(9000)} root fail 192.0.2.1\n`);
});
