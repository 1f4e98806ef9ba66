/** The tester of the pages with the real programs as children: filters on logs and pasted lines, previews, and children that do not come to an end. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { type ProcessRunner, recordingRunner, systemRunner } from '../../../../src/base/process';
import { createTester, type TesterOptions } from '../../../../src/panel/control/tester/create-tester';
import type { Tester } from '../../../../src/panel/control/tester/tester';
import { temporaryFolder } from '../../../support/folder';

const folder = temporaryFolder();
const base = fs.realpathSync(folder.path);
const confdir = path.join(base, 'conf');
const root = path.resolve(__dirname, '../../../..');
const program = (name: string): readonly string[] => [
  process.execPath,
  path.join(root, 'test/support/typescript.mjs'),
  path.join(root, `src/bin/${name}.ts`),
];
/** A program in place of ours: a few words of JavaScript. */
const script = (code: string): readonly string[] => [process.execPath, '-e', code, '--'];

function tester(options: Partial<TesterOptions> = {}): Tester {
  return createTester({
    runner: systemRunner(systemClock),
    clock: systemClock,
    regexCommand: program('bailiff-regex'),
    serverCommand: program('bailiff-server'),
    logFolders: [path.join(base, 'log')],
    testSeconds: 30,
    previewSeconds: 30,
    ...options,
  });
}

function file(name: string, text: string): string {
  const target = path.join(base, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.writeFileSync(target, text);
  return target;
}

const two = (value: number): string => String(value).padStart(2, '0');
const date = new Date(Date.now() - 60_000);
const STAMP = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
const TEXT = '[Definition]\nfailregex = ^ <F-USER>\\S+</F-USER> fail <HOST>$\n';
const LINES = `${STAMP} bob fail 192.0.2.1\n${STAMP} something else\n`;

const logs = { confdir, limit: 1000 };
let log = '';

beforeAll(() => {
  file('conf/filter.d/door.conf', TEXT);
  file('conf/jail.conf', `[gate]\nfilter = door\nmaxretry = 1\nignoreself = false\nlogpath = ${base}/log/door.log\n`);
  log = file('log/door.log', LINES);
  file('secret', LINES);
});
afterAll(() => folder.remove());

test('a filter of the folder on a log of the server', async () => {
  const result = await tester().testFilter({ ...logs, filter: { name: 'door' }, source: { log } });
  expect(result).toMatchObject({ kind: 'done', slow: [], summary: { subject: { kind: 'filter', name: 'door' }, lines: 2, matched: 1 } });
  expect(result.lines).toMatchObject([
    { number: 1, verdict: 'counted', date: [0, 19], user: [20, 3], address: [29, 9], failure: { id: '192.0.2.1', user: 'bob' } },
    { number: 2, verdict: 'missed', failure: null },
  ]);
});

test('a text that is not saved on pasted lines; its file is gone afterwards', async () => {
  const before = fs.readdirSync(path.dirname(base)).filter((name) => /^bailiff-[^-]+$/.test(name));
  const text = '[Definition]\nfailregex = ^ something <F-ID>\\w+</F-ID>$\n';
  const result = await tester().testFilter({ ...logs, filter: { text, file: 'door.local' }, source: { lines: LINES } });
  expect(result).toMatchObject({
    kind: 'done',
    summary: { matched: 1, problems: [] },
    lines: [{ verdict: 'missed' }, { verdict: 'counted' }],
  });
  expect(fs.readdirSync(path.dirname(base)).filter((name) => /^bailiff-[^-]+$/.test(name))).toEqual(before);
  expect(fs.existsSync(path.join(confdir, 'filter.d/door.local'))).toBe(false);
});

test('a text with mistakes: they are told, and no line', async () => {
  const filter = { text: '[Definition]\nfailregex = ^(x <HOST>\n', file: 'new.conf' };
  const result = await tester().testFilter({ ...logs, filter, source: { lines: LINES } });
  expect(result).toMatchObject({ kind: 'done', lines: [], summary: { lines: 0, problems: [{ severity: 'error', line: 2, column: 2 }] } });
});

test('an explosive pattern is given up line by line, and named', async () => {
  const filter = { text: '[Definition]\nfailregex = ^ (?:\\w+\\s?)*from <HOST>$\n', file: 'new.conf' };
  const lines = `${STAMP} ${'a'.repeat(5000)}!\n${STAMP} b from 192.0.2.1\n`;
  const result = await tester().testFilter({ ...logs, filter, source: { lines } });
  expect(result).toMatchObject({
    kind: 'done',
    lines: [{ verdict: 'error' }, { verdict: 'counted' }],
    summary: {
      regexes: [{ givenUp: 1, danger: { kind: 'explosive' } }],
      problems: [{ severity: 'warning', option: 'failregex', line: 2 }],
    },
  });
});

test('a pattern that no line ends: the child is ended, the lines before it are told, and it says so', async () => {
  const filter = { text: '[Definition]\nfailregex = ^ .*.*.*.* from <HOST>$\n', file: 'new.conf' };
  const lines = `${STAMP} x from 192.0.2.1\n${STAMP} ${'a'.repeat(60_000)}\n`;
  const began = systemClock.monotonic();
  const result = await tester({ testSeconds: 5 }).testFilter({ ...logs, filter, source: { lines } });
  expect(result).toMatchObject({ kind: 'unfinished', reason: 'time', message: expect.stringContaining('the filter took longer than 5 s') });
  expect(result.lines.length).toBeLessThanOrEqual(1);
  expect(systemClock.monotonic() - began).toBeLessThan(50);
});

test('a child that ignores SIGTERM and its own children are ended too', async () => {
  const mark = path.join(base, 'alive');
  const stubborn = `process.on('SIGTERM', () => {}); require('child_process').spawn('sh', ['-c', 'sleep 9; touch ${mark}']); setInterval(() => {}, 1000)`;
  const result = await tester({ regexCommand: script(stubborn), testSeconds: -4 }).testFilter({
    ...logs,
    filter: { name: 'door' },
    source: { lines: '' },
  });
  expect(result).toMatchObject({ kind: 'unfinished', reason: 'time', lines: [] });
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  expect(fs.existsSync(mark)).toBe(false);
});

test('the kernel ends a child that goes on working when nobody is there to end it', async () => {
  const patient = systemRunner(systemClock);
  const runner: ProcessRunner = { run: (request) => patient.run({ ...request, timeout: 60 }) };
  const asked = tester({ runner, regexCommand: script('for (;;);'), testSeconds: -4 });
  const result = await asked.testFilter({ ...logs, filter: { name: 'door' }, source: { lines: '' } });
  expect(result).toMatchObject({ kind: 'unfinished', reason: 'crash', lines: [] });
});

test.each([
  ['dies', `process.kill(process.pid, 'SIGKILL')`, 'crash', 'SIGKILL'],
  ['says nothing', `process.exit(0)`, 'crash', 'code 0'],
  ['says something else', `console.log('{"record":"summary"}\\nhello\\n[]'); process.exit(3)`, 'crash', 'code 3'],
  ['floods', `const t = 'x'.repeat(1e6); for (let i = 0; i < 60; i++) console.log(t)`, 'crash', 'code 0'],
  ['is not there', null, 'crash', 'code 127'],
])('a child that %s is told as that', async (_name, code, reason, message) => {
  const command = code === null ? ['/nowhere/bailiff-regex'] : script(code);
  const asked = tester({ regexCommand: command, serverCommand: command });
  const result = await asked.testFilter({ ...logs, filter: { name: 'door' }, source: { lines: '' } });
  expect(result).toMatchObject({ kind: 'unfinished', reason, message: expect.stringContaining(message), lines: [] });
  expect(await asked.previewJail({ confdir, jail: 'gate', since: 60 })).toMatchObject({ kind: 'unfinished', reason });
});

test('what was asked for cannot be: refused with the program’s own words', async () => {
  expect(await tester().testFilter({ ...logs, filter: { name: 'nosuch' }, source: { lines: 'x' } })).toMatchObject({
    kind: 'unfinished',
    reason: 'refused',
    message: 'there is neither a filter nor a jail nosuch',
  });
  expect(await tester().previewJail({ confdir, jail: 'nosuch', since: 60 })).toMatchObject({
    kind: 'unfinished',
    reason: 'refused',
    message: expect.stringContaining("there is no jail 'nosuch'"),
  });
});

test('a preview of a jail', async () => {
  expect(await tester().previewJail({ confdir, jail: 'gate', since: 3600 })).toMatchObject({
    kind: 'done',
    preview: { jail: 'gate', lines: 2, banned: 1, bans: [{ id: '192.0.2.1', users: ['bob'], failures: 1 }] },
  });
});

describe('nothing is started', () => {
  const runner = recordingRunner();
  const asked = tester({ runner });
  afterEach(() => expect(runner.requests).toEqual([]));

  test.each(['/etc/shadow', '../secret', `${base}/log/../secret`, '/dev/zero', 'systemd-journal', '-', ''])(
    'for the log %s',
    async (path) => {
      await expect(asked.testFilter({ ...logs, filter: { name: 'door' }, source: { log: path } })).rejects.toMatchObject({
        code: 'BAD_ARGUMENT',
      });
    },
  );

  test.each(['', '-', '--help', '../door', '/etc/passwd', 'a b', 'door[x=]]', 'door[a\n]', '<HOST>'])('for the filter %p', async (name) => {
    await expect(asked.testFilter({ ...logs, filter: { name }, source: { lines: '' } })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test.each(['door', '../door.conf', 'a/b.conf', '.conf', '-x.conf', 'x.conf\n'])('for the file %p', async (name) => {
    const filter = { text: TEXT, file: name };
    await expect(asked.testFilter({ ...logs, filter, source: { lines: '' } })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    expect(() => asked.checkFilterText({ confdir, file: name, text: TEXT })).toThrow(/no name of a file/);
  });

  test.each(['', '-c', '../x', 'a\nb', '[x]'])('for the jail %p', async (jail) => {
    await expect(asked.previewJail({ confdir, jail, since: 60 })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  test('for times that are none, and texts that are too long', async () => {
    for (const since of [0, -1, NaN, Infinity]) {
      await expect(asked.previewJail({ confdir, jail: 'gate', since })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    }
    const long = 'x'.repeat(5_000_000);
    await expect(asked.testFilter({ ...logs, filter: { name: 'door' }, source: { lines: long } })).rejects.toMatchObject({
      code: 'BAD_ARGUMENT',
    });
    expect(() => asked.checkFilterText({ confdir, file: 'x.conf', text: long })).toThrow(/at most/);
  });
});

test('children get low priority, bounded output, a time limit, and words that are no options', async () => {
  const runner: ProcessRunner & { readonly requests: ReturnType<typeof recordingRunner>['requests'] } = recordingRunner();
  await tester({ runner, regexCommand: ['node', 'regex'], testSeconds: 7 }).testFilter({
    confdir: '/c',
    limit: 50.7,
    filter: { name: 'door[mode=hard]' },
    source: { lines: '-x' },
  });
  expect(runner.requests).toEqual([
    {
      command: '/bin/sh',
      args: [
        '-c',
        'ulimit -t "$0"; exec nice -n 10 "$@"',
        '24',
        ...['node', 'regex', '--json', '-c', '/c', '--lines', '50', '--seconds', '7', '--', '-', 'door[mode=hard]'],
      ],
      stdin: '-x',
      timeout: 12,
      maxOutput: 32 * 1024 * 1024,
    },
  ]);
});

test('a text is checked while somebody types, in this process and without any line', () => {
  const runner = recordingRunner();
  const problems = tester({ runner }).checkFilterText({ confdir, file: 'door.local', text: '[Definition]\nfailregex = ^(x <HOST>$\n' });
  expect(problems).toMatchObject([
    { severity: 'error', option: 'failregex', file: path.join(confdir, 'filter.d/door.local'), line: 2, column: 2 },
  ]);
  expect(tester({ runner }).checkFilterText({ confdir, file: 'door.conf', text: TEXT })).toEqual([]);
  expect(runner.requests).toEqual([]);
});

test('what is checked while somebody types takes half a second at most; the rest is told as not looked at', () => {
  const clock = { now: 0, monotonic: () => (clock.now += 0.2) };
  const regexes = Array.from({ length: 9 }, (_none, at) => `^${at} (?:a|aa)*b <HOST>$`).join('\n  ');
  const problems = tester({ clock }).checkFilterText({ confdir, file: 'door.local', text: `[Definition]\nfailregex = ${regexes}\n` });
  expect(problems.at(-1)?.message).toContain('were not looked at');
});
