/** The verbs of `bailiff`: their words, options, texts, JSON and exit codes, over a tiny server in memory and real files. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../src/base/errors';
import { printableLines } from '../../src/base/steering';
import { formatTable, printableJson } from '../../src/bin/verbs/print';
import { type Cli, cliOver } from '../support/cli';
import { TinyControl } from '../support/control';

const NOW = 1_795_000_000;
const problem = { severity: 'error' as const, message: 'no log', jail: 'web', file: '/etc/fail2ban/jail.local', line: 3 };
const open: Cli[] = [];

function tiny(): TinyControl {
  const bans = [
    { jail: 'ssh', id: '198.51.100.7', time: NOW - 30, bantime: 75 },
    { jail: 'ssh', id: '2001:db8::1', time: NOW - 30, bantime: -1 },
    { jail: 'web', id: '198.51.100.7', time: NOW - 30, bantime: 100_000 },
  ];
  return new TinyControl(
    [
      { name: 'ssh', failed: 2 },
      { name: 'web', problems: [problem] },
    ],
    bans,
  );
}

function cli(control: TinyControl = tiny()): Cli {
  const made = cliOver(control, { now: NOW });
  open.push(made);
  return made;
}

afterEach(() => {
  for (const { folder } of open.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const said = (stdout: string): object => ({ stdout, stderr: '', code: 0 });

describe('bailiff status', () => {
  it('says which engine runs, how much it holds, and what is wrong', async () => {
    expect(await cli().ask('status')).toEqual(
      said('Engine  bailiff 0.1.0\nJails   2, problems: 1\nBanned  3\nerror   /etc/fail2ban/jail.local:3: [web] no log\n'),
    );
  });

  it('says it as JSON', async () => {
    expect(JSON.parse((await cli().ask('status', '--json')).stdout)).toEqual({
      engine: 'bailiff',
      version: '0.1.0',
      jails: 2,
      banned: 3,
      problems: [problem],
    });
  });

  it('ends with 3 when no server answers', async () => {
    const control = tiny();
    control.failure = new AppError('SERVER_NOT_RUNNING', 'no server answers');
    expect(await cli(control).ask('status')).toEqual({ stdout: '', stderr: 'bailiff: no server answers\n', code: 3 });
  });
});

describe('bailiff jails and banned', () => {
  it('align their columns', async () => {
    expect((await cli().ask('jails')).stdout).toBe(
      [
        'JAIL  STATE   BANNED  TOTAL  FAILED  TOTAL',
        'ssh   active       2      4       2      6',
        'web   broken       1      2       0      0',
        '',
      ].join('\n'),
    );
    const lines = (await cli().ask('banned')).stdout.split('\n');
    expect(lines[0]).toBe('ADDRESS       JAIL  BANNED SINCE         TIME LEFT');
    expect(lines.slice(1, 4).map((line) => line.slice(41))).toEqual(['45 s', 'permanent', '1 d']);
  });

  it('are pairs of address and jail when they are spelled as Plesk has it', async () => {
    const pairs = '198.51.100.7 ssh\n2001:db8::1 ssh\n198.51.100.7 web\n';
    expect(await cli().ask('--banned')).toEqual(said(pairs));
    expect(await cli().ask('-b')).toEqual(said(pairs));
    expect(await cli().ask('--banned', '--jail', 'web')).toEqual(said('198.51.100.7 web\n'));
  });

  it('say in words that nobody is banned', async () => {
    const nobody = cli(new TinyControl([]));
    expect(await nobody.ask('banned')).toEqual(said('Nobody is banned.\n'));
    expect(await nobody.ask('--banned')).toEqual(said(''));
    expect(await nobody.ask('banned', '--json')).toEqual(said('[]\n'));
  });

  it('show no control characters of a hostile id', () => {
    expect(formatTable([['ID'], ['a\u001b[2Jb\r\n\u009bc']])).toBe('ID\na?[2Jb???c\n');
    expect(printableLines('a\u001b]0;x\u0007\n\tb\u202ec\r')).toBe('a?]0;x?\n\tb?c?');
    expect(printableJson('\u001b\u009b\u202e')).toBe('"\\u001b\\u009b\\u202e"\n');
  });
});

describe('bailiff ban and unban', () => {
  it('ban addresses and ranges in one jail', async () => {
    const control = tiny();
    const at = cli(control);
    expect(await at.ask('ban', 'ssh', '198.51.100.7', '203.0.113.0/24', '2001:db8:1::/48')).toEqual(
      said('198.51.100.7 is banned in ssh.\n203.0.113.0/24 is banned in ssh.\n2001:db8:1::/48 is banned in ssh.\n'),
    );
    expect((await control.status('ssh')).banned).toContain('203.0.113.0/24');
  });

  it('take the lists of Plesk', async () => {
    const control = tiny();
    expect(await cli(control).ask('--ban', '192.0.2.1,ssh; 192.0.2.2,web')).toEqual(
      said('192.0.2.1 is banned in ssh.\n192.0.2.2 is banned in web.\n'),
    );
    expect(await cli(control).ask('--unban', '192.0.2.1;198.51.100.7,web')).toEqual(
      said('192.0.2.1 is banned no longer.\n198.51.100.7 is banned in web no longer.\n'),
    );
    expect((await control.banned()).map(({ id, jail }) => `${id} ${jail}`)).toEqual([
      '198.51.100.7 ssh',
      '2001:db8::1 ssh',
      '192.0.2.2 web',
    ]);
  });

  it('lift bans in one jail, or in all', async () => {
    const control = tiny();
    const at = cli(control);
    expect(await at.ask('unban', 'web', '198.51.100.7')).toEqual(said('198.51.100.7 is banned in web no longer.\n'));
    expect((await at.ask('unban', '198.51.100.7', '2001:db8::1')).code).toBe(0);
    expect(await control.banned()).toEqual([]);
  });

  it('tell each item that was not done, and end with 1', async () => {
    const at = cli();
    expect(await at.ask('ban', 'ssh', '127.0.0.1', '192.0.2.1')).toEqual({
      stdout: '192.0.2.1 is banned in ssh.\n',
      stderr: 'bailiff: 127.0.0.1 in ssh: is an address of the server itself\n',
      code: 1,
    });
    expect(await at.ask('unban', '192.0.2.99')).toEqual({ stdout: '', stderr: 'bailiff: 192.0.2.99: is not banned\n', code: 1 });
  });

  it('name the jails that run when one does not', async () => {
    expect(await cli().ask('ban', 'nowhere', '192.0.2.1')).toEqual({
      stdout: '',
      stderr: "bailiff: there is no jail 'nowhere' that runs; these do: ssh, web\n",
      code: 1,
    });
  });

  it.each([
    [['ban'], 'name at least one IP address: IP,JAIL'],
    [['ban', '192.0.2.1'], 'name the jail of 192.0.2.1: IP,JAIL'],
    [['ban', 'ssh'], 'name at least one IP address'],
    [['ban', 'ssh', '192.0.2.1', 'evil.example'], "'evil.example' is not an IP address or range: the form is IP,JAIL"],
    [['ban', 'ssh', '192.0.2.0/33'], 'is not an IP address or range'],
    [['ban', 'ssh', '--all'], "'ban' has no option --all; it has --time, --reason, --all-services"],
    [['--ban', '192.0.2.1,ssh,web'], 'has another form than IP,JAIL'],
    [['ban', 'ssh', '192.0.2.1', '--time', 'soon'], '--time takes seconds, or a time such as 10m, 2h or 7d, or -1 (forever)'],
    [['ban', 'ssh', '192.0.2.1', '--time', '0'], '--time takes seconds'],
    [['ban', 'ssh', '192.0.2.1', '--time'], '--time needs a value: --time TIME'],
    [['ban', 'ssh', '192.0.2.1', '--time', '1h', '--time', '2h'], '--time is given twice'],
    [['ban', 'ssh', '192.0.2.1', '--all-services'], '--all-services is for addresses without a jail'],
    [['ban', 'ssh', '192.0.2.1', '--json=yes'], '--json takes no value'],
    [['unban', 'ssh'], 'name at least one IP address'],
    [['unban'], 'name at least one IP address'],
    [['banned', 'ssh'], "'banned' takes no further words, and there is 'ssh'"],
    [['--banned', '--frob'], "'banned' has no option --frob; it has --jail"],
    [['nonsense'], "there is no verb 'nonsense': see bailiff --help"],
    [['--nonsense'], "there is no verb and no option '--nonsense': see bailiff --help"],
    [['-z'], "there is no verb and no option '-z'"],
    [['update'], 'give at least one of -ban_period SECONDS'],
    [['--update', '-ban_period', 'x'], '-ban_period takes seconds'],
    [['--update', '-ban_time_window', '-1'], '-ban_time_window takes seconds'],
    [['--update', '-max_retries', '0'], '-max_retries takes a whole number from 1 to 1000000'],
    [['--update', '-max_retry', '3'], "'update' has no option -max_retry; it has -ban_period, -ban_time_window, -max_retries"],
    [['--add-trusted'], 'name at least one address, range or host name: add-trusted IP'],
    [['--add-trusted', '192.0.2.1', '--jail', 'nowhere'], "--jail: there is no jail 'nowhere'"],
    [['engine', 'stock'], "the engine is 'bailiff' or 'fail2ban', not 'stock'"],
    [['engine', 'bailiff', 'x'], "'engine' takes no further words"],
    [['reason'], 'name one address: reason IP[,JAIL], or JAIL IP'],
    [['reason', 'somebody'], "'somebody' is not an IP address or range"],
    [['reason', '192.0.2.1,ssh,web'], 'name one address'],
    [['--enable-jails', ';'], 'name at least one jail: enable-jails JAIL'],
  ])('%j is a mistake of the user, and changes nothing', async (words, message) => {
    const control = tiny();
    const at = cli(control);
    const { stdout, stderr, code } = await at.ask(...words);
    expect({ stdout, code }).toEqual({ stdout: '', code: 2 });
    expect(stderr).toMatch(/^bailiff: .*\n$/);
    expect(stderr).toContain(message);
    expect(await control.banned()).toHaveLength(3);
    expect(() => readFileSync(path.join(at.config, 'jail.local'))).toThrow('ENOENT');
  });
});

describe('what holds for all jails', () => {
  it('is told and changed in the words of Plesk', async () => {
    const control = tiny();
    const at = cli(control);
    expect((await at.ask('--update', '-ban_period', '900', '--ban-time-window=20m', '-max_retries', '4')).code).toBe(0);
    expect(readFileSync(path.join(at.config, 'jail.local'), 'utf8')).toBe('[DEFAULT]\nbantime = 900\nfindtime = 1200\nmaxretry = 4\n');
    expect((await at.ask('-i')).stdout).toBe(
      [
        'Status: active',
        'IP address ban period: 900',
        'Time interval for detection of subsequent attacks: 1200',
        'Number of failures before the IP address is banned: 4',
        'Server: bailiff 0.1.0',
        '',
      ].join('\n'),
    );
    expect(JSON.parse((await at.ask('info', '--json')).stdout)).toEqual({
      ...{ active: true, engine: 'bailiff', version: '0.1.0' },
      ...{ ban_period: 900, ban_time_window: 1200, max_retries: 4 },
    });
    control.failure = new AppError('SERVER_NOT_RUNNING', 'no server answers');
    expect(await at.ask('--info')).toMatchObject({ stdout: expect.stringMatching(/^Status: inactive\n/) as string, code: 0 });
  });

  it('is for ever with -1', async () => {
    const at = cli();
    await at.ask('-u', '-ban_period', '-1');
    expect(readFileSync(path.join(at.config, 'jail.local'), 'utf8')).toBe('[DEFAULT]\nbantime = -1\n');
  });
});

describe('trusted addresses', () => {
  it('are added with a description, listed as Plesk lists them, and removed', async () => {
    const at = cli();
    expect(await at.ask('--add-trusted', '192.0.2.0/24;198.51.100.9', '-description', 'our office')).toEqual(
      said('192.0.2.0/24 is trusted.\n198.51.100.9 is trusted.\n'),
    );
    expect(await at.ask('--trusted')).toEqual(said('192.0.2.0/24  our office\n198.51.100.9  our office\n'));
    expect((await at.ask('trusted')).stdout.split('\n')[1]).toBe('192.0.2.0/24  all jails          our office   jail.local:2');
    expect(await at.ask('--remove-trusted', '192.0.2.0/24')).toEqual(said('192.0.2.0/24 is trusted no longer.\n'));
    expect(await at.ask('-t')).toEqual(said('198.51.100.9  our office\n'));
    expect(await at.ask('--remove-trusted', '192.0.2.0/24,198.51.100.9')).toMatchObject({
      stdout: '198.51.100.9 is trusted no longer.\n',
      stderr: 'bailiff: 192.0.2.0/24: it is not trusted there\n',
      code: 1,
    });
  });

  it('are refused when they are none', async () => {
    expect(await cli().ask('--add-trusted', '0.0.0.0/0')).toMatchObject({ stdout: '', code: 1 });
  });
});

describe('jails', () => {
  it('are listed and switched, each by itself', async () => {
    const at = cli();
    writeFileSync(path.join(at.config, 'jail.conf'), `[ssh]\nlogpath = ${at.folder}/a.log\n[web]\nenabled = true\n`);
    expect(await at.ask('--jails')).toEqual(said('ssh  inactive\nweb  active\n'));
    const done = await at.ask('--disable-jails', 'web;nowhere');
    expect(done).toEqual({ stdout: 'The jail web is inactive.\n', stderr: "bailiff: nowhere: there is no jail 'nowhere'\n", code: 1 });
    expect(await at.ask('--jails')).toEqual(said('ssh  inactive\nweb  inactive\n'));
  });
});

describe('bailiff itself', () => {
  it('tells its help, of one verb too, and its version', async () => {
    expect((await cli().ask('--help')).stdout).toContain('  enable-jails JAIL[;JAIL…]');
    expect(await cli().ask('ban', '-h')).toMatchObject({ code: 0, stdout: expect.stringContaining('--reason TEXT') as string });
    expect(await cli().ask('-V')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Bailiff \d/) as string });
    expect(await cli().ask('help', 'ban')).toEqual(await cli().ask('ban', '--help'));
    expect(await cli().ask('help')).toEqual(await cli().ask('--help'));
    expect((await cli().ask()).code).toBe(2);
  });
});
