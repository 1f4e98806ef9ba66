/** Checks of a configuration: each mistake is named with its file, line, option, and what would be right. */
import path from 'node:path';
import { readConfiguration } from '../../../src/contracts/files/configuration';
import { readIgnoreWord } from '../../../src/contracts/files/ignoreip';
import { nearMiss } from '../../../src/contracts/files/near-miss';
import { checkConfiguration } from '../../../src/contracts/files/validate';
import { formatProblem } from '../../../src/model/problem';
import { temporaryFolder } from '../../support/folder';
import { copyStock, stockJails, writeTree } from '../../support/stock-config';

const folder = temporaryFolder();
afterAll(() => folder.remove());
let trees = 0;

const FILTER = '[Definition]\nfailregex = ^x <HOST>$\n';
const ACTION = '[Definition]\nactionban = x\n';

/** Problems of one jail with these lines, without the names of folders. */
function problemsOf(lines: string, filter = FILTER): string[] {
  const dir = path.join(folder.path, `tree-${++trees}`);
  writeTree(dir, {
    'fail2ban.conf': '[Definition]\n',
    'jail.conf': `[j]\nenabled = yes\nbackend = polling\nfilter = f\naction = act\n${lines}\n`,
    'filter.d/f.conf': filter,
    'action.d/act.conf': ACTION,
  });
  const problems = checkConfiguration(readConfiguration(dir));
  return problems.map((problem) => `${problem.severity} ${formatProblem(problem).replaceAll(`${dir}/`, '')}`);
}

test('a jail in which all is right has no Problem', () => {
  expect(
    problemsOf('maxretry = 3\nfindtime = 1h 30m\nbantime = -1\nignoreip = 127.0.0.1/8 ::1 me.example file:/etc/mine\nport = 22'),
  ).toEqual([]);
});

test.each([
  ['maxretry = three', "error jail.conf:6: [j] maxretry: 'three' is no whole number"],
  ['maxretry = 0', "error jail.conf:6: [j] maxretry: '0' is too small"],
  [
    'findtime = 10 minuts',
    "error jail.conf:6: [j] findtime: '10 minuts' is not a time value: 'minuts' is not a unit of time; write seconds, or as in '10m', '1h 30m', '1w'",
  ],
  ['bantime = 0', "warning jail.conf:6: [j] bantime: '0' is 0 seconds; for ever is -1"],
  ['ignoreself = y', "warning jail.conf:6: [j] ignoreself: 'y' counts as no; write 'true' or 'false'"],
  ['usedns = wran', "warning jail.conf:6: [j] usedns: 'wran' is not known and counts as 'no'; did you mean 'warn'?"],
  ['logencoding = utf9', "error jail.conf:6: [j] logencoding: the encoding 'utf9' is not known; usual ones are 'utf-8' and 'latin-1'"],
  ['logtimezone = utc+2', "error jail.conf:6: [j] logtimezone: 'utc+2' is no zone; write it as 'UTC', 'UTC+0200' or 'GMT-05:00'"],
  ['bantime.multipliers = 1,2', "error jail.conf:6: [j] bantime.multipliers: '1,2' must be numbers with spaces between them, as '1 2 4 8'"],
  ['ignorecache = ky="<ip>"', "warning jail.conf:6: [j] ignorecache: 'ky' is not known; use one of key, max-count, max-time"],
  [
    'ignoreip = 192.0.2.1/33',
    "warning jail.conf:6: [j] ignoreip: '192.0.2.1/33' trusts nobody: '33' is neither a prefix length of 0 to 32 nor a mask",
  ],
  ['maxretries = 3', "warning jail.conf:6: [j] maxretries: nobody reads this option; did you mean 'maxretry'?"],
  ['ban_time = 3', "warning jail.conf:6: [j] ban_time: nobody reads this option; did you mean 'bantime'?"],
  [
    'failregex = ^a <HSOT> <IP4>',
    'warning jail.conf:6: [j] failregex (column 4): nothing replaces <HSOT>, it is matched as it stands; did you mean <HOST>?',
  ],
  ['failregex = ^a\n  ^(b <HOST>', "error jail.conf:7: [j] failregex (column 2): missing ), unterminated subpattern: '^(b <HOST>'"],
  ['failregex = ^a', "error jail.conf:6: [j] failregex: No failure-id group in '^a'; put <HOST> where the address stands"],
  ['ignoreregex = *x', "error jail.conf:6: [j] ignoreregex (column 1): nothing to repeat: '*x'"],
  ['ignoreregex = ^a ; b', "warning jail.conf:6: [j] failregex: ' ;' begins a comment and cuts the regex; write '\\s;' or '[ ];'"],
  [
    'logpath = /nonexistent tial',
    "error jail.conf:6: [j] logpath: 'tial' behind '/nonexistent' must be 'head' or 'tail'; a path with a space in it cannot be written here",
  ],
])('%j', (line, expected) => {
  expect(problemsOf(line).filter((problem) => problem.startsWith(expected))).not.toEqual([]);
});

test('a backend that does not exist is named with the one that was meant', () => {
  const dir = writeTree(path.join(folder.path, 'backend'), {
    'fail2ban.conf': '[Definition]\n',
    'jail.conf': '[j]\nenabled = 1\nbackend = poling\n',
  });
  expect(checkConfiguration(readConfiguration(dir))).toContainEqual(
    expect.objectContaining({ option: 'backend', message: "'poling' is no backend; did you mean 'polling'?" }),
  );
});

test('a jail whose «enabled» is no clear word is named, for nobody would see that it does not run', () => {
  const dir = writeTree(path.join(folder.path, 'enabled'), { 'fail2ban.conf': '[Definition]\n', 'jail.conf': '[j]\nenabled = y\n' });
  expect(checkConfiguration(readConfiguration(dir))).toEqual([
    expect.objectContaining({ jail: 'j', option: 'enabled', line: 2, severity: 'warning' }),
  ]);
});

test('a mode that the filter does not have is named', () => {
  const filter = '[Definition]\nfailregex = ^x <HOST>$\n  <mdre-<mode>>\nmdre-normal = ^y <HOST>\nmode = aggresive\n';
  expect(problemsOf('', filter)).toContain(
    'warning filter.d/f.conf:2: [j] failregex (column 1): nothing replaces <mdre-aggresive>, it is matched as it stands; does the filter have this mode or parameter?',
  );
});

test('two actions of one name are a mistake', () => {
  expect(problemsOf('banaction = x').length).toBe(0);
  const dir = writeTree(path.join(folder.path, 'twice'), {
    'fail2ban.conf': '[Definition]\n',
    'jail.conf': '[j]\nenabled = 1\naction = act\n  act\n',
    'action.d/act.conf': ACTION,
  });
  expect(checkConfiguration(readConfiguration(dir))).toContainEqual(expect.objectContaining({ severity: 'error', option: 'action' }));
});

test('a variable that is used is no mistyped option', () => {
  expect(problemsOf('logpaths = /x\nport = %(logpaths)s')).toEqual([]);
});

test('the server’s options are checked', () => {
  const main = '[Definition]\nloglevel = LOUD\nallowipv6 = maybe\ndbpurgeage = long\n';
  const dir = writeTree(path.join(folder.path, 'server'), { 'fail2ban.conf': main, 'jail.conf': '' });
  expect(checkConfiguration(readConfiguration(dir)).map(({ option }) => option)).toEqual(['loglevel', 'allowipv6', 'dbpurgeage']);
});

test('the stock configuration with every jail enabled has no Problem but missing logs', () => {
  const jails = stockJails()
    .map((name) => `[${name}]\nenabled = true\n`)
    .join('');
  const config = readConfiguration(copyStock(path.join(folder.path, 'stock'), { 'jail.local': jails }));
  expect(config.jails.length).toBeGreaterThan(80);
  expect(checkConfiguration(config).filter(({ option }) => option !== 'logpath')).toEqual([]);
});

test.each([
  ['192.0.2.1', 'address'],
  ['192.0.2.0/255.255.255.0', 'address'],
  ['[2001:db8::1]', 'address'],
  ['file:///etc/x', 'file'],
  ['host.example', 'name'],
  ['localhost', 'name'],
  ['1.2.3', 'wrong'],
  ['256.1.1.1', 'wrong'],
  ['fe80::1%eth0', 'wrong'],
  ['2001:db8::/129', 'wrong'],
  ['file:', 'wrong'],
  ['a/b', 'wrong'],
  ['x$y', 'wrong'],
])('the word %s of ignoreip is %s', (word, kind) => {
  expect(readIgnoreWord(word).kind).toBe(kind);
});

test('a slash too many in file: is one', () => {
  expect(readIgnoreWord('file:///etc/x')).toEqual({ kind: 'file', path: '/etc/x' });
  expect(readIgnoreWord('file://etc/x')).toEqual({ kind: 'file', path: '/etc/x' });
});

test('only near words are taken for mistyped ones', () => {
  const words = ['maxretry', 'bantime', 'findtime', 'logpath'];
  expect(['maxretries', 'max_retry', 'bantmie', 'find-time', 'log_path'].map((word) => nearMiss(word, words))).toEqual([
    'maxretry',
    'maxretry',
    'bantime',
    'findtime',
    'logpath',
  ]);
  expect(['port', 'protocol', 'maxretry', 'destemail'].map((word) => nearMiss(word, words))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
