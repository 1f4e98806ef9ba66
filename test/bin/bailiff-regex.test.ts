/** bailiff-regex beside the stock fail2ban-regex: the same text, byte for byte, but for how long it took. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { systemClock } from '../../src/base/clock';
import { regexTest } from '../../src/engine/server/regex-test/regex-test';
import { SAMPLE_DIR } from '../support/sample-logs';
import { runStockRegex } from '../support/stock-regex';

const LINE = 'Nov 22 09:00:01 bob fail 192.0.2.1';
const REGEX = String.raw`^ <F-USER>\S+</F-USER> fail <HOST>`;
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'bailiff-regex-'));
const sample = (name: string): string => path.join(SAMPLE_DIR, name);

function file(name: string, ...lines: string[]): string {
  const target = path.join(folder, name);
  fs.writeFileSync(target, `${lines.join('\n')}\n`);
  return target;
}

const stamp = (index: number): string => `Nov 22 09:00:0${index}`;
const log = file(
  'a.log',
  ...['start bob', 'x', 'end 192.0.2.1', 'fail 192.0.2.2', 'good fail 192.0.2.3'].map((text, at) => `${stamp(at)} ${text}`),
);
const sessions = file(
  'sessions.log',
  ...['[7] user u1', '[7] addr 192.0.2.1', '[8] nofail 192.0.2.1', '[8] nofail 192.0.2.1', 'x 192.0.2.2'].map(
    (text, at) => `${stamp(at)} ${text}`,
  ),
);
const sessionFilter = file(
  'sessions.conf',
  '[Definition]',
  String.raw`prefregex = ^ (?:\[<F-MLFID>\d+</F-MLFID>\] )?<F-CONTENT>.+</F-CONTENT>$`,
  String.raw`failregex = ^user <F-USER>\S+</F-USER>`,
  '            ^addr <HOST>',
  '            ^<F-NOFAIL>nofail</F-NOFAIL> <HOST>',
  String.raw`            ^\S+ <ADDR>`,
);
const many = file('many.log', ...Array.from({ length: 25 }, (_none, index) => `fail 192.0.2.${index} good`));

const CALLS: readonly (readonly string[])[] = [
  [LINE, REGEX],
  ['-v', LINE, REGEX],
  [LINE, REGEX, 'bob'],
  ['-V'],
  ['--version'],
  ...['row', 'id', 'fid', 'ip', 'msg', 'matches', 'user', 'nosuch', '<ip> <F-USER> <msg> <time>', '<fid>|<family>|<F-*>|<nosuch>'].map(
    (format) => ['-o', format, LINE, REGEX],
  ),
  [LINE, 'foo'],
  [LINE, '<HOST> ('],
  ['-d', '%Q', LINE, REGEX],
  ['--TZ', 'XX', LINE, REGEX],
  ['-d', '^%b %d %k:%M:%S', '-L', '3', '--TZ', 'UTC+0100', '-e', 'latin1', log, REGEX, 'good'],
  [log, 'fail <HOST>', 'good'],
  ['-L', '5', '--print-all-matched', log, String.raw`^ start (\w+)$<SKIPLINES>^ end <HOST>`],
  ['-v', '--print-all-matched', sessions, sessionFilter],
  ['-v', '--no-check-all', sessions, sessionFilter],
  ['-o', 'row', sessions, sessionFilter],
  ['\n1\n2\n3\n4\n5\n6', REGEX],
  [many, 'fail <HOST>', 'good'],
  ['--print-all-ignored', many, 'fail <HOST>', 'good'],
  [many, 'nothing <HOST>'],
  ['--print-no-missed', many, 'nothing <HOST>'],
  [LINE, 'sshd[mode=ddos]'],
  ['-r', '-v', sample('mongodb-auth'), 'mongodb-auth'],
  ['-r', '-v', sample('postfix'), 'postfix[mode=aggressive]'],
  ['-r', '-v', '--print-all-missed', sample('apache-auth'), 'apache-auth'],
  ['-r', '-v', sample('sshd'), '/etc/fail2ban/filter.d/sshd.conf[mode=aggressive]'],
];

const even = (text: string): string => text.replace(/processed in [\d.]+ sec/, 'processed in T sec');

let stock: readonly string[] = [];

beforeAll(async () => {
  stock = await runStockRegex(CALLS);
});

afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true });
});

test.each(CALLS.map((call, index) => [call.join(' ').slice(0, 150), index] as const))(
  'prints what the stock program prints for %s',
  async (_name, index) => {
    let output = '';
    const write = (text: string): void => void (output += text);
    await regexTest(CALLS[index] ?? [], { write, clock: systemClock, resolve: async () => [], progress: null });
    expect(even(output)).toBe(even(stock[index] ?? ''));
  },
);

describe('the program', () => {
  const run = (...args: string[]): { status: number | null; stdout: string } => {
    const root = path.join(__dirname, '../..');
    const words = [path.join(root, 'test/support/typescript.mjs'), path.join(root, 'src/bin/bailiff-regex.ts'), ...args];
    return spawnSync(process.execPath, words, { encoding: 'utf8' });
  };

  test('ends with 0 after a run, also when nothing matched', () => {
    expect(run('nothing', REGEX).status).toBe(0);
  });

  test('resolves names', () => {
    expect(run('-o', 'id', 'Nov 22 09:00:01 bob fail localhost', REGEX)).toMatchObject({ status: 0, stdout: '127.0.0.1\n' });
  });

  test('ends with 255 for a regex that is wrong, with 2 for an option that does not exist', () => {
    expect(run(LINE, '<HOST> (').status).toBe(255);
    expect(run('--foo').status).toBe(2);
    expect(run().status).toBe(255);
  });
});
