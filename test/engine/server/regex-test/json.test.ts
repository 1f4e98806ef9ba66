/** `bailiff-regex --json`: records of lines and of the whole, for filters that stand in a folder, that are only edited, that are hostile. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { parseArguments } from '../../../../src/engine/server/regex-test/arguments';
import { regexTest } from '../../../../src/engine/server/regex-test/regex-test';
import type { FilterTestRecord, FilterTestSummary, Span, TestedLine } from '../../../../src/model/filter-test';
import { temporaryFolder } from '../../../support/folder';

const folder = temporaryFolder();
const confdir = path.join(folder.path, 'conf');
const ISO = '2026-11-22 09:00:01';
const TIME = new Date(2026, 10, 22, 9, 0, 1).getTime() / 1000;

interface Told {
  readonly code: number;
  readonly lines: readonly TestedLine[];
  readonly records: readonly FilterTestRecord[];
  readonly summary: FilterTestSummary;
}

async function told(args: readonly string[], input = ''): Promise<Told> {
  let output = '';
  const write = (text: string): void => void (output += text);
  const deps = { write, clock: systemClock, resolve: () => Promise.reject(new Error('asks')), progress: null, input: async () => input };
  const code = await regexTest(['--json', '-c', confdir, ...args], deps);
  const records = output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FilterTestRecord);
  const summary = records.at(-1);
  if (summary?.record !== 'summary') throw new Error(`no summary: ${output}`);
  return { code, records, lines: records.filter((record) => record.record === 'line'), summary };
}

const piece = (line: TestedLine | undefined, span: Span | null | undefined): string | null =>
  line === undefined || span === null || span === undefined ? null : line.text.slice(span[0], span[0] + span[1]);

function write(name: string, text: string): string {
  const file = path.join(folder.path, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, text);
  return file;
}

beforeAll(() => {
  write('conf/filter.d/common.conf', '[DEFAULT]\ntag = door\\[\\d+\\]:\n');
  write(
    'conf/filter.d/door.conf',
    '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^ %(tag)s fail from <HOST>$\nignoreregex =\n',
  );
  write('conf/jail.conf', '[DEFAULT]\n[gate]\nenabled = false\nfilter = door\nlogpath = /nowhere\nignoreregex = from 192\\.0\\.2\\.9$\n');
});
afterAll(() => folder.remove());

test('a line is told with the places of its date, address and user', async () => {
  const { lines, summary, code } = await told([`${ISO} bob fail 192.0.2.1`, '^ <F-USER>\\S+</F-USER> fail <HOST>$']);
  expect(code).toBe(0);
  expect(lines).toMatchObject([{ number: 1, verdict: 'counted', time: TIME, cut: false, ignoreregex: null, problem: null }]);
  expect([lines[0]?.date, lines[0]?.address, lines[0]?.user].map((span) => piece(lines[0], span))).toEqual([ISO, '192.0.2.1', 'bob']);
  expect(lines[0]?.failure).toEqual({ failregex: 0, id: '192.0.2.1', address: null, dns: null, user: 'bob', session: null, time: TIME });
  expect(summary).toMatchObject({
    lines: 1,
    matched: 1,
    ignored: 0,
    missed: 0,
    verdicts: { counted: 1 },
    shown: 1,
    stopped: 'end',
    problems: [],
  });
  expect(summary.regexes).toMatchObject([{ option: 'failregex', hits: 1, tries: 1, slow: false, danger: null, longestLine: 1 }]);
  expect(summary.dates).toMatchObject([{ hits: 1 }]);
});

test.each([
  [
    'a date amid the line, signs of two units before all',
    `\u{1f600}ü [${ISO}] bob fail 2001:db8::1`,
    '^\u{1f600}ü \\[\\] <F-USER>\\S+</F-USER> fail <HOST>$',
    [ISO, '2001:db8::1', 'bob'],
  ],
  [
    'a user before the date, an address behind it',
    `bob ${ISO} fail 192.0.2.1`,
    '^<F-USER>\\S+</F-USER>  fail <HOST>$',
    [ISO, '192.0.2.1', 'bob'],
  ],
  [
    'a user under another name',
    `${ISO} x bob 192.0.2.1`,
    '^ (?:y <F-USER>\\S+</F-USER>|x <F-ALT_USER>\\S+</F-ALT_USER>) <ADDR>$',
    [ISO, '192.0.2.1', 'bob'],
  ],
  ['an id that is no address', `${ISO} token abc`, '^ token <F-ID>\\S+</F-ID>$', [ISO, 'abc', null]],
  [
    'a host name, which is not resolved',
    `${ISO} bob fail host.example`,
    '^ <F-USER>\\S+</F-USER> fail <HOST>$',
    [ISO, 'host.example', 'bob'],
  ],
  ['no date at all', 'bob fail 192.0.2.1', '^<F-USER>\\S+</F-USER> fail <HOST>$', [null, '192.0.2.1', 'bob']],
])('places: %s', async (_name, line, regex, pieces) => {
  const { lines } = await told([line, regex]);
  expect(['counted', 'no-date']).toContain(lines[0]?.verdict);
  expect([lines[0]?.date, lines[0]?.address, lines[0]?.user].map((span) => piece(lines[0], span))).toEqual(pieces);
});

test('places behind a prefregex, whose own groups count too', async () => {
  const file = write(
    'prefix.conf',
    '[Definition]\nprefregex = ^ \\[<F-USER>\\w+</F-USER>\\] <F-CONTENT>.+</F-CONTENT>$\nfailregex = ^fail from <HOST>$\n',
  );
  const { lines, summary } = await told([`${ISO} [bob] fail from 192.0.2.1\n${ISO} x`, file]);
  expect([lines[0]?.address, lines[0]?.user].map((span) => piece(lines[0], span))).toEqual(['192.0.2.1', 'bob']);
  expect(lines.map(({ verdict }) => verdict)).toEqual(['counted', 'prefix-missed']);
  expect(summary.regexes.map(({ option, hits, tries }) => [option, hits, tries])).toEqual([
    ['prefregex', 1, 2],
    ['failregex', 1, 1],
  ]);
});

test('lines that a match over several lines took are told as taken', async () => {
  const text = [`${ISO} start bob`, `${ISO} x`, `${ISO} end 192.0.2.1`, `${ISO} y`].join('\n');
  const { lines, summary } = await told(['-L', '3', text, '^ start <F-USER>\\w+</F-USER>$<SKIPLINES>^ end <HOST>$']);
  expect(lines.map(({ number, verdict }) => [number, verdict])).toEqual([
    [1, 'counted'],
    [2, 'missed'],
    [3, 'counted'],
    [4, 'missed'],
  ]);
  expect(piece(lines[0], lines[0]?.user)).toBe('bob');
  expect(piece(lines[2], lines[2]?.address)).toBe('192.0.2.1');
  expect([lines[0]?.address, lines[2]?.user]).toEqual([null, null]);
  expect(summary.regexes[0]?.hits).toBe(1);
});

test('verdicts of ignored lines, of jails, of lines from standard input', async () => {
  const input = `${ISO} door[1]: fail from 192.0.2.1\r\n${ISO} door[1]: fail from 192.0.2.9\n# a comment\n\nsomething else\n`;
  const { lines, summary } = await told(['-', 'gate'], input);
  expect(summary.subject).toEqual({ kind: 'jail', name: 'gate' });
  expect(lines.map(({ number, verdict, ignoreregex }) => [number, verdict, ignoreregex])).toEqual([
    [1, 'counted', null],
    [2, 'ignored', 0],
    [5, 'missed', null],
  ]);
  expect(summary).toMatchObject({ lines: 3, matched: 1, ignored: 1, missed: 1 });
  expect((await told(['-', 'door'], input)).summary).toMatchObject({ subject: { kind: 'filter', name: 'door' }, matched: 2 });
});

test.each(['utf-8', 'utf-16-le', 'utf-16-be'])('the last lines of a file in %s', async (encoding) => {
  const text = Array.from({ length: 3000 }, (_none, at) => `${ISO} line ${at} fail 192.0.2.1\n`).join('');
  const bytes = encoding === 'utf-8' ? Buffer.from(text) : Buffer.from(text, 'utf16le');
  const file = path.join(folder.path, `${encoding}.log`);
  fs.writeFileSync(file, encoding === 'utf-16-be' ? bytes.swap16() : bytes);
  const { lines, summary } = await told(['--lines', '3', '-e', encoding, file, 'line \\d+ fail <HOST>$']);
  expect(lines.map((line) => line.text.slice(ISO.length + 1))).toEqual([2997, 2998, 2999].map((at) => `line ${at} fail 192.0.2.1`));
  expect(summary.skipped).toBe(bytes.length - (encoding === 'utf-8' ? 1 : 2) * 3 * `${ISO} line 2999 fail 192.0.2.1\n`.length);
  expect((await told(['--lines', '5000', '-e', encoding, file, 'fail <HOST>$'])).summary).toMatchObject({
    lines: 3000,
    skipped: 0,
    shown: 500,
  });
});

describe('a file in the place of a filter', () => {
  test('is read with the includes of the folder', async () => {
    const file = write('edit/x', '[INCLUDES]\nbefore = common.conf\n[Definition]\nfailregex = ^ %(tag)s refused <HOST>$\n');
    const { summary, lines } = await told(['--stands-for', 'door.conf', '-', file], `${ISO} door[1]: refused 192.0.2.1\n`);
    expect(summary.subject).toEqual({ kind: 'filter', name: 'door' });
    expect(lines.map(({ verdict }) => verdict)).toEqual(['counted']);
  });

  test('that is laid over the shipped one', async () => {
    const file = write('edit/y', '[Definition]\nfailregex = ^ knock <HOST>$\n            %(known/failregex)s\n');
    const input = `${ISO} knock 192.0.2.1\n${ISO} door[1]: fail from 192.0.2.1\n`;
    expect((await told(['--stands-for', 'door.local', '-', file], input)).lines.map(({ failure }) => failure?.failregex)).toEqual([0, 1]);
  });

  test('with mistakes: they are told with their lines, and no line is looked at', async () => {
    const file = write('edit/z', '[Definition]\nfailregex = ^(x <HOST>$\n');
    const { code, records, summary } = await told(['--stands-for', 'new.conf', '-', file], 'x\n');
    expect(code).toBe(255);
    expect(records).toHaveLength(1);
    expect(summary.problems).toMatchObject([
      { severity: 'error', option: 'failregex', line: 2, column: 2, file: path.join(confdir, 'filter.d/new.conf') },
    ]);
    expect((await told(['-', '<HOST> (', '['], 'x\n')).summary.problems).toMatchObject([
      { option: 'failregex' },
      { option: 'ignoreregex' },
    ]);
  });

  test.each(['../door.conf', 'a/b.conf', 'door', '.conf', '-x.conf/..'])('cannot be %s', async (name) => {
    expect(parseArguments(['--json', '--stands-for', name, '-', 'x'])).toMatchObject({ kind: 'error' });
  });
});

test('a regex that would explode is given up on the line that shows it; the other lines are judged', async () => {
  const input = `${ISO} user ${'a'.repeat(80)}! from 192.0.2.1\n${ISO} user a from 192.0.2.2\n`;
  const { lines, summary } = await told(['-', '^ user (?:\\w+\\s?)*from <HOST>$'], input);
  expect(lines.map(({ verdict }) => verdict)).toEqual(['error', 'counted']);
  expect(lines[0]?.problem).toMatch(/steps/);
  expect(summary.regexes[0]).toMatchObject({
    givenUp: 1,
    slow: true,
    danger: { kind: 'explosive', column: 8, length: expect.any(Number) },
  });
  expect(summary.regexes[0]?.danger?.message).toContain('The shortest line found');
});

test('a regex whose time grows with the square is named while it runs, and no line is looked at when the time is over', async () => {
  const line = `${ISO} ${'a'.repeat(30_000)}`;
  const input = `${Array.from({ length: 50 }, () => line).join('\n')}\n`;
  const { records, summary } = await told(['--seconds', '1', '-', '^ .*.* from <HOST>$'], input);
  expect(summary.stopped).toBe('time');
  expect(summary.lines).toBeLessThan(50);
  expect(summary.regexes[0]).toMatchObject({ slow: true, danger: { kind: 'slow' } });
  expect(records.some((record) => record.record === 'slow')).toBe((summary.regexes[0]?.longest ?? 0) > 500_000);
}, 120_000);

test('long lines are cut, and of each verdict only so many lines are told', async () => {
  const long = `${ISO} fail from 192.0.2.1 ${'\u{1f600}'.repeat(3000)} <script>`;
  const input = `${Array.from({ length: 30 }, (_none, at) => (at === 20 ? long : `line ${at}`)).join('\n')}\n`;
  const { lines, summary } = await told(['--shown', '5', '-', 'fail from <HOST> '], input);
  expect(lines.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 21]);
  const told21 = lines.at(-1);
  expect([told21?.cut, told21?.text.length, piece(told21, told21?.address)]).toEqual([true, 2000, '192.0.2.1']);
  expect(summary).toMatchObject({ lines: 30, shown: 6, missed: 29, matched: 1 });
});

test.each(['nosuch', '-', '..', 'door[mode='])('a filter %s that there is not is an error, not a regex', async (name) => {
  let output = '';
  const code = await regexTest(['--json', '-c', confdir, '--', 'x', name], {
    write: (text) => void (output += text),
    clock: systemClock,
    resolve: async () => [],
    progress: null,
  });
  expect(code).toBe(255);
  expect(JSON.parse(output)).toMatchObject(output.includes('"summary"') ? { problems: [{ severity: 'error' }] } : { record: 'error' });
});

test('options of the original may still be shortened', () => {
  expect(parseArguments(['--j', 'X=1', 'log', 'x'])).toMatchObject({ kind: 'run', arguments: { journalmatch: 'X=1', json: null } });
  expect(parseArguments(['--js', 'log', 'x'])).toMatchObject({ kind: 'error' });
  expect(parseArguments(['--json', '--lines', '0', 'log', 'x'])).toMatchObject({ kind: 'error' });
});
