/** bailiff-client beside fail2ban-client: the same commands to two servers of the same kind give the same texts and exit codes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runClient } from '../../src/bin/client/run';
import { splitWords } from '../../src/bin/client/interact';
import { runProgram, startStockServer } from '../support/stock-server';
import type { Said, StockServer } from '../support/stock-server';

const LOG = join(__dirname, '../../package.json');
const REGEX = `^it's "quoted" \\S+ <HOST>$`;

/** Every command whose answer has a text of its own, and those whose answer is Python's. `exit` codes are looked at below. */
const COMMANDS: readonly (readonly string[])[] = [
  ...['ping', 'version', 'status', 'banned', 'server-status', 'flushlogs', 'help-me'].map((word) => [word]),
  ['echo', 'a', 'b c', 'ü'],
  ...['loglevel', 'logtarget', 'syslogsocket', 'dbfile', 'dbmaxmatches', 'dbpurgeage', 'thread', 'nonsense'].map((word) => ['get', word]),
  ['set', 'loglevel', 'INFO'],
  ['set', 'dbpurgeage', '2d'],
  ['set', 'syslogsocket', 'auto'],
  ['add', 'j1', 'polling'],
  ['add', 'j2', 'polling'],
  ...['logpath', 'logencoding', 'journalmatch', 'datepattern', 'ignoreip', 'failregex', 'ignoreregex', 'actions', 'banip', 'banned'].map(
    (word) => ['get', 'j1', word],
  ),
  ...[
    'ignoreself',
    'ignorecommand',
    'ignorecache',
    'prefregex',
    'usedns',
    'findtime',
    'bantime',
    'maxretry',
    'maxmatches',
    'maxlines',
    'logtimezone',
  ].map((word) => ['get', 'j1', word]),
  ['set', 'j1', 'addfailregex', REGEX],
  ['set', 'j1', 'addfailregex', '^two <HOST>$'],
  ['set', 'j1', 'delfailregex', '0'],
  ['set', 'j1', 'addfailregex', '(broken'],
  ['set', 'j1', 'addignoreregex', '^ignore$'],
  ['set', 'j1', 'delignoreregex', '0'],
  ['set', 'j1', 'prefregex', '^a <F-CONTENT>.+</F-CONTENT>$'],
  ['set', 'j1', 'addignoreip', '192.0.2.0/24', '198.51.100.1', 'localhost'],
  ['set', 'j1', 'delignoreip', '198.51.100.1'],
  ['set', 'j1', 'addlogpath', LOG, 'tail'],
  ['get', 'j1', 'logpath'],
  ['set', 'j1', 'dellogpath', LOG],
  ['set', 'j1', 'addlogpath', '/none/there'],
  ['set', 'j1', 'logencoding', 'utf-8'],
  ['set', 'j1', 'logencoding', 'nonsense'],
  ['set', 'j1', 'datepattern', '%Y-%m-%d'],
  ['set', 'j1', 'datepattern', '{NONE}'],
  ['get', 'j1', 'datepattern'],
  ['set', 'j1', 'findtime', '1.5h'],
  ['set', 'j1', 'bantime', '1h'],
  ['set', 'j1', 'bantime', 'abc'],
  ['set', 'j1', 'maxretry', '3'],
  ['set', 'j1', 'ignorecache', 'key="<ip>", max-count=10, max-time=5m'],
  ['get', 'j1', 'ignorecache'],
  ['set', 'j1', 'ignorecommand', "/bin/echo 'it'"],
  ['set', 'j1', 'bantime.increment', 'true'],
  ['get', 'j1', 'bantime.factor'],
  ['set', 'j1', 'addaction', 'first'],
  ['set', 'j1', 'addaction', 'second'],
  ['set', 'j1', 'addaction', 'second'],
  ['set', 'j1', 'action', 'first', 'actionban', 'echo "<ip>"'],
  ['get', 'j1', 'action', 'first', 'actionban'],
  ['get', 'j1', 'action', 'first', 'timeout'],
  ['get', 'j1', 'action', 'none', 'timeout'],
  ['get', 'j1', 'actions'],
  ['get', 'j1', 'actionproperties', 'first'],
  ['get', 'j1', 'actionmethods', 'first'],
  ['set', 'j1', 'delaction', 'second'],
  ['start', 'j1'],
  ['set', 'j1', 'banip', '192.0.2.1', '2001:db8::1', '192.0.2.1'],
  ['set', 'j1', 'banip', "it's"],
  ['get', 'j1', 'banip'],
  ['get', 'j1', 'banip', ', '],
  ['get', 'j1', 'banned'],
  ['get', 'j1', 'banned', '192.0.2.1'],
  ['get', 'j1', 'banned', '192.0.2.1', '192.0.2.9'],
  ['banned'],
  ['banned', '192.0.2.1', '192.0.2.9'],
  ['status', 'j1'],
  ['status', 'j1', 'short'],
  ['status'],
  ['set', 'j1', 'unbanip', '192.0.2.9'],
  ['set', 'j1', 'unbanip', '--report-absent', '192.0.2.9'],
  ['set', 'j1', 'unbanip', '2001:db8::1'],
  ['set', 'j1', 'attempt', '203.0.113.5'],
  ['set', 'j1', 'idle', 'on'],
  ['set', 'j1', 'idle', 'off'],
  ['set', 'j1', 'idle', 'maybe'],
  ['set', 'j1', 'nonsense', 'x'],
  ['set', 'j1'],
  ['get', 'j1'],
  ['get', 'nosuch', 'banip'],
  ['status', 'nosuch'],
  ['stop', 'nosuch'],
  ['unban', '192.0.2.1'],
  ['unban', '--all'],
  ['stop', 'j2'],
  ['stop', 'j1'],
  ['status'],
];

const shell = (word: string): string => `'${word.replaceAll("'", `'"'"'`)}'`;

async function ours(args: readonly string[]): Promise<Said> {
  let stdout = '';
  let stderr = '';
  const code = await runClient(args, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr += text),
    startServer: () => Promise.resolve(255),
  });
  return { stdout, stderr, code };
}

/** What differs between two runs: the folders of the servers, the time, the process. */
const neutral = (text: string): string =>
  text
    .replace(/\/tmp\/bailiff-\w+-\w+/g, '/FOLDER')
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(,\d{3})?/g, 'DATE')
    .replace(/\[\d+\]: /g, '[PID]: ');

describe('bailiff-client and fail2ban-client', () => {
  let first: StockServer;
  let second: StockServer;
  let theirs: readonly string[];

  beforeAll(async () => {
    [first, second] = await Promise.all([startStockServer('theirs'), startStockServer('ours')]);
    const input = `${COMMANDS.map((command) => command.map(shell).join(' ')).join('\n')}\nexit\n`;
    const said = runProgram('fail2ban-client', ['-c', first.config, '-s', first.socket, '-i'], input);
    theirs = said.stdout.split('fail2ban> ').slice(1, -1);
  });
  afterAll(() => Promise.all([first.stop(), second.stop()]));

  it('print the same text for every command', async () => {
    const mine: string[] = [];
    for (const command of COMMANDS) mine.push((await ours(['-c', second.config, '-s', second.socket, ...command])).stdout);
    const pairs = (texts: readonly string[]): unknown => COMMANDS.map((command, index) => [command.join(' '), neutral(texts[index] ?? '')]);
    expect(pairs(mine)).toEqual(pairs(theirs));
    expect(theirs).toHaveLength(COMMANDS.length);
  });

  it.each([
    [['ping']],
    [['foo']],
    [['status', 'nosuch']],
    [['set']],
    [['stop', 'nosuch']],
    [['reload']],
    [['reload', 'nosuch']],
    [['reload', '--if-exists', 'nosuch']],
    [['restart', 'nosuch']],
    [['-V']],
    [['--str2sec', '1d12h']],
  ])('end %p with the same code and the same words on both outputs', async (words) => {
    const original = runProgram('fail2ban-client', ['-c', first.config, '-s', first.socket, ...words]);
    const result = await ours(['-c', second.config, '-s', second.socket, ...words]);
    expect({ ...result, stdout: neutral(result.stdout), stderr: neutral(result.stderr) }).toEqual({
      ...original,
      stdout: neutral(original.stdout),
      stderr: neutral(original.stderr),
    });
  });

  it.each([[['ping']], [['status']], [['reload']], [['stop']]])('say the same for %p when there is no server', async (words) => {
    const original = runProgram('fail2ban-client', ['-c', first.config, '-s', join(first.folder, 'none'), ...words]);
    const result = await ours(['-c', first.config, '-s', join(first.folder, 'none'), ...words]);
    expect({ ...result, stderr: neutral(result.stderr) }).toEqual({ ...original, stderr: neutral(original.stderr) });
  });

  it('say the same when a dead server left its socket', async () => {
    const dead = join(first.folder, 'dead');
    runProgram('/usr/bin/python3', ['-c', 'import socket,sys\nsocket.socket(socket.AF_UNIX).bind(sys.argv[1])', dead]);
    const original = runProgram('fail2ban-client', ['-c', first.config, '-s', dead, 'ping']);
    const result = await ours(['-c', first.config, '-s', dead, 'ping']);
    expect({ ...result, stderr: neutral(result.stderr) }).toEqual({ ...original, stderr: neutral(original.stderr) });
  });

  it('find the socket in the configuration', async () => {
    await expect(ours(['-c', second.config, 'ping'])).resolves.toMatchObject({ stdout: 'Server replied: pong\n', code: 0 });
  });

  it('reload a jail that the files describe', async () => {
    writeFileSync(join(second.config, 'filter.d', 'f.conf'), '[Definition]\nfailregex = ^fail <HOST>$\n');
    writeFileSync(join(second.config, 'jail.local'), `[web]\nenabled = true\nbackend = polling\nfilter = f\nlogpath = ${LOG}\n`);
    const call = (...words: string[]): Promise<Said> => ours(['-c', second.config, '-s', second.socket, ...words]);
    await expect(call('reload')).resolves.toMatchObject({ stdout: 'OK\n', code: 0 });
    await expect(call('status')).resolves.toMatchObject({ stdout: 'Status\n|- Number of jail:\t1\n`- Jail list:\tweb\n' });
    await expect(call('restart', '--unban', 'web')).resolves.toMatchObject({ stdout: 'OK\n', code: 0 });
    expect((await call('get', 'web', 'failregex')).stdout).toContain('[0]: ^fail ');
  });

  it('take a wrong option, and no command at all, for a call for help', async () => {
    for (const words of [['--nonsense'], []]) {
      const result = await ours(words);
      expect(result.code).toBe(255);
      expect(result.stdout).toMatch(/^Usage: /);
    }
  });
});

describe('typed commands', () => {
  it('are split as Python’s shlex splits them', () => {
    const lines = [`a 'b c' "d e"`, `x\\ y "q\\"q" 'a\\b' "a\\b"`, `""  ''`, `it"'"s`, '  ', `set j addfailregex '^it'"'"'s$'`];
    const said = runProgram(
      '/usr/bin/python3',
      ['-c', 'import json,shlex,sys\nprint(json.dumps([shlex.split(x) for x in json.load(sys.stdin)]))'],
      JSON.stringify(lines),
    );
    expect(lines.map(splitWords)).toEqual(JSON.parse(said.stdout));
    expect(splitWords(`open 'quote`)).toBeNull();
  });
});
