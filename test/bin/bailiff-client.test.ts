/** bailiff-client beside fail2ban-client: the same commands to two servers of the same kind give the same texts and exit codes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runClient } from '../../src/bin/client/run';
import { splitWords } from '../../src/bin/client/interact';
import { COMMANDS, LOG } from '../support/client-commands';
import { runProgram, startStockServer } from '../support/stock-server';
import type { Said, StockServer } from '../support/stock-server';

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
