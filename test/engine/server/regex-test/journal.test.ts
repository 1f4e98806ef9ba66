/** bailiff-regex on a real journal, beside the stock program; and the options of later versions. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { regexTest } from '../../../../src/engine/server/regex-test/regex-test';
import { readJournal } from '../../../../src/engine/source/journal-read';
import { temporaryFolder } from '../../../support/folder';
import { writeJournal } from '../../../support/journal-file';
import { runStockRegex } from '../../../support/stock-regex';

const folder = temporaryFolder();
const file = path.join(folder.path, 'test.journal');
const LOG = `systemd-journal[journalfiles=${file}]`;
const sshd = { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'sshd', _PID: '12', _SYSTEMD_UNIT: 'sshd.service', _COMM: 'sshd' };
const entries = [
  { time: 1_795_338_001_000_000, fields: { ...sshd, MESSAGE: 'Failed password for root from 192.0.2.1 port 22 ssh2' } },
  { time: 1_795_338_002_250_000, fields: { _HOSTNAME: 'host', SYSLOG_IDENTIFIER: 'other', _PID: '13', MESSAGE: 'nothing' } },
  { time: 1_795_338_003_000_001, fields: { ...sshd, MESSAGE: 'Failed password for root from 192.0.2.2 port 22 ssh2' } },
];

async function ours(...args: string[]): Promise<{ code: number; output: string }> {
  let output = '';
  const write = (text: string): void => void (output += text);
  const code = await regexTest(args, { write, clock: systemClock, resolve: async () => [], progress: null });
  return { code, output };
}

const even = (text: string): string => text.replace(/processed in [\d.]+ sec/, 'processed in T sec');

beforeAll(() => writeJournal(file, entries));
afterAll(() => folder.remove());

const CALLS = [
  [LOG, 'sshd'],
  [LOG, 'sshd[mode=aggressive]'],
  ['-v', LOG, 'sshd'],
  ['-v', LOG, 'from <HOST>'],
  ['-m', '_PID=13', LOG, 'from <HOST>'],
  ['-m', '_PID=12 + _PID=13', '-v', LOG, 'from <HOST>', 'nothing'],
  ['-o', 'row', LOG, 'from <HOST>'],
  ['-o', 'matches', LOG, 'from <HOST>'],
  ['-d', '{DATE}', '-v', '--print-all-matched', LOG, 'from <HOST>'],
];

test('reads the journal as the stock program does, and prints the same', async () => {
  const stock = await runStockRegex(CALLS);
  for (const [index, call] of CALLS.entries()) expect(even((await ours(...call)).output)).toBe(even(stock[index] ?? ''));
});

test('matches and options that journalctl cannot take are told', async () => {
  expect(await ours('-m', 'PID', LOG, 'from <HOST>')).toMatchObject({ code: 255, output: expect.stringContaining('ERROR: journalmatch') });
  expect(await ours(`systemd-journal[journalfiles=${folder.path}/none]`, 'from <HOST>')).toMatchObject({ code: 255 });
});

test('a journal is read to its end, in batches, and reading can be left early', async () => {
  const many = path.join(folder.path, 'many.journal');
  const lines = Array.from({ length: 7000 }, (_none, count) => ({
    time: 1_795_338_000_000_000 + count,
    fields: { MESSAGE: `entry ${count}` },
  }));
  writeJournal(many, lines);
  const read: string[] = [];
  for await (const batch of readJournal({ journalfiles: many }, [])) read.push(...batch.map(({ line }) => line));
  expect(read).toEqual(lines.map(({ fields }) => fields.MESSAGE));
  for await (const batch of readJournal({ journalfiles: many }, [])) {
    expect(batch.length).toBeLessThanOrEqual(1000);
    break;
  }
});

test('without journalctl there is an error, not an empty journal', async () => {
  const nothing = readJournal({ journalfiles: file }, [], path.join(folder.path, 'none'));
  await expect(nothing.next()).rejects.toMatchObject({ code: 'ACTION_FAILED' });
});

describe('options of later versions', () => {
  const log = path.join(folder.path, 'a.log');
  beforeAll(() => fs.writeFileSync(log, 'Nov 22 09:00:01 fail 192.0.2.1\nNov 22 09:00:02 good\n# no line\nNov 22 09:00:03 skip\n'));

  test('--invert prints the lines that do not match, and nothing else', async () => {
    expect(await ours('-i', log, 'fail <HOST>', 'skip')).toEqual({ code: 0, output: 'Nov 22 09:00:02 good\nNov 22 09:00:03 skip\n' });
    expect(await ours('--invert', '-o', 'row', log, 'nothing <HOST>')).toMatchObject({
      output: expect.stringMatching(/^(?:Nov .*\n){3}$/),
    });
  });

  test('a jail may be named where no filter has its name, enabled or not, its logs there or not', async () => {
    fs.mkdirSync(path.join(folder.path, 'filter.d'));
    fs.writeFileSync(path.join(folder.path, 'filter.d/simple.conf'), '[Definition]\nfailregex = ^\\s*<kind> <HOST>$\nkind = fail\n');
    fs.writeFileSync(
      path.join(folder.path, 'jail.conf'),
      '[DEFAULT]\nbackend = auto\n[door]\nenabled = false\nfilter = simple[kind=knock]\nlogpath = /nonexistent\nignoreregex = 192.0.2.9$\n',
    );
    const { output } = await ours('-c', folder.path, 'Nov 22 09:00:01 knock 192.0.2.1\nNov 22 09:00:01 knock 192.0.2.9', 'door');
    expect(output).toContain('Use             jail : door\n');
    expect(output).toContain('|   1) [1] ^\\s*knock <HOST>$\n');
    expect(output).toContain('Lines: 2 lines, 1 ignored, 1 matched, 0 missed\n');
  });
});
