/** Small configurations and the streams that they make; each is held against the original too. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { formatCommands, readConfiguration } from '../../../src/contracts/files/configuration';
import { formatProblem } from '../../../src/model/problem';
import { temporaryFolder } from '../../support/folder';
import { stockDump, writeTree } from '../../support/stock-config';

const FIXTURES = path.resolve(__dirname, '../../fixtures/config');
const folder = temporaryFolder();
afterAll(() => folder.remove());

const MAIN = '[Definition]\nloglevel = INFO\nlogtarget = STDOUT\n';
let trees = 0;

function tree(files: Readonly<Record<string, string>>): string {
  return writeTree(path.join(folder.path, `tree-${++trees}`), { 'fail2ban.conf': MAIN, ...files });
}

const errorsOf = (dir: string): string[] =>
  readConfiguration(dir)
    .problems.filter(({ severity }) => severity === 'error')
    .map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''));

describe.each(readdirSync(FIXTURES))('the configuration «%s»', (name) => {
  const dir = path.join(FIXTURES, name);
  const ours = (): string => formatCommands(readConfiguration(dir).commands);

  test('makes the stream that is written beside it', () => {
    expect(ours()).toBe(readFileSync(path.join(dir, 'stream.txt'), 'utf8'));
  });

  test('makes the stream that the original makes', () => {
    expect(ours().split('\n').slice(0, -1)).toEqual(stockDump(dir));
  });
});

test('a folder that does not exist is an error with its code', () => {
  const missing = path.join(folder.path, 'nowhere');
  expect(() => readConfiguration(missing)).toThrow(expect.objectContaining({ code: 'CONFIG_DIR_MISSING' }));
});

test('one bad jail is named with file, line and option, and the others start', () => {
  const jail = '[DEFAULT]\nbackend = polling\n[bad]\nenabled = yes\nmaxretry = %(nothing)s\n[good]\nenabled = yes\n';
  const config = readConfiguration(tree({ 'jail.conf': jail }));
  expect(config.jails).toEqual(['bad', 'good']);
  expect(config.broken).toEqual(['bad']);
  expect(config.commands.at(-1)).toEqual(['start', 'good']);
  expect(config.problems.find(({ severity }) => severity === 'error')).toMatchObject({ jail: 'bad', option: 'maxretry', line: 5 });
});

test('an option written twice breaks the jail it belongs to, not its neighbour', () => {
  const dir = tree({ 'jail.conf': '[a]\nenabled = yes\nmaxretry = 1\nmaxretry = 2\n[b]\nenabled = yes\n' });
  expect(errorsOf(dir)).toEqual([
    "jail.conf:4: [a] maxretry: option 'maxretry' in section 'a' already exists in this file; keep one of them",
  ]);
  expect(readConfiguration(dir).broken).toEqual(['a']);
});

test('an option written twice in DEFAULT breaks every jail, because each would inherit one of two values', () => {
  const dir = tree({ 'jail.conf': '[DEFAULT]\nx = 1\nx = 2\n[a]\nenabled = yes\n[b]\nenabled = no\n' });
  expect(readConfiguration(dir).broken).toEqual(['a']);
});

test('text before the first section is a mistake of no jail', () => {
  const dir = tree({ 'jail.conf': 'enabled = yes\n[a]\nenabled = yes\n' });
  expect(errorsOf(dir)).toEqual(["jail.conf:1: text before the first section: 'enabled = yes'; an option belongs below a [section]"]);
  expect(readConfiguration(dir).broken).toEqual([]);
});

test('a filter that cannot be parsed breaks the jails that use it', () => {
  const dir = tree({ 'jail.conf': '[a]\nenabled = yes\nfilter = f\n[b]\nenabled = yes\n', 'filter.d/f.conf': '[Definition]\nfailregex\n' });
  expect(errorsOf(dir)[0]).toContain("filter.d/f.conf:2: [a] filter: neither a section nor an option: 'failregex'");
  expect(readConfiguration(dir).broken).toEqual(['a']);
});

test('tags that lead back to themselves, and two files that extend the same option with known, break the jail', () => {
  const files = {
    'jail.conf': '[a]\nenabled = yes\nfilter = f\n[b]\nenabled = yes\nfilter = g\n',
    'filter.d/f.conf': '[Definition]\nfailregex = <x>\nx = <y>\ny = <x>\n',
    'filter.d/g.conf': '[Definition]\nfailregex = a\n',
    'filter.d/g.local': '[Definition]\nfailregex = %(known/failregex)s\n b\n',
    'filter.d/g.d/more.local': '[Definition]\nfailregex = %(known/failregex)s\n c\n',
  };
  const dir = tree(files);
  expect(readConfiguration(dir).broken).toEqual(['a', 'b']);
  expect(errorsOf(dir)[0]).toContain('which leads back to itself');
  expect(errorsOf(dir)[1]).toContain('only one file may extend');
});

test('<known/…> is what an earlier file said, its references led to what was overridden and to DEFAULT; as the original has it', () => {
  const dir = tree({
    'jail.conf': '[a]\nenabled = yes\nbackend = polling\nfilter = f\naction = act[x=given]\n',
    'filter.d/f.conf': '[Definition]\n',
    'action.d/act.conf':
      '[DEFAULT]\nx = default\n[Definition]\nbin = %(__name__)s x=%(x)s y=%(y)s <x> k=%(known/x)s\nx = conf\ny = conf\nz = %(x)s\n[Init]\n',
    'action.d/act.local':
      '[Definition]\nactionban = <known/bin>\nactionunban = <known/x> <known/z> <known/nowhere>\nbin = local\ny = local\n',
  });
  const commands = formatCommands(readConfiguration(dir).commands);
  expect(commands).toContain(`['actionban', 'KNOWN/Definition x=default y=conf given k=default'`);
  expect(commands.split('\n').slice(0, -1)).toEqual(stockDump(dir));
});

test('words of ignoreip are apart by commas and whatever is white space to Python or to us', () => {
  const text = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'].join(' \x85 ').replace(' \x85 192.0.2.2', '\x1f192.0.2.2');
  const dir = tree({ 'jail.conf': `[a]\nenabled = yes\nignoreip = ${text},\u00a0192.0.2.6\t192.0.2.7\n` });
  const [command] = readConfiguration(dir).commands.filter(([, , name]) => name === 'addignoreip');
  expect(command?.slice(3)).toEqual([1, 2, 3, 4, 5, 6, 7].map((host) => `192.0.2.${host}`));
});

test('what nobody uses breaks nothing, until somebody uses it', () => {
  const unused = '[Definition]\nfailregex = ^a <HOST>$\nx = %(nowhere)s\ny = %s\nz = <lt_<z>>\n';
  const files = (action: string, enabled: string): Record<string, string> => ({
    'jail.conf': `[a]\nenabled = yes\nbackend = polling\nfilter = f\n${action}\n[b]\nenabled = ${enabled}\nbackend = %(nowhere)s\n`,
    'filter.d/f.conf': unused,
  });
  expect(errorsOf(tree(files('', 'no')))).toEqual([]);
  for (const name of ['x', 'y', 'z']) {
    const dir = tree(files(`failregex = %(known/${name})s`, 'yes'));
    expect(readConfiguration(dir).broken).toEqual(['a', 'b']);
    expect(errorsOf(dir)[0]).toContain(`[a] ${name}: `);
  }
});

test('a name of a filter that is nearly right is answered with the right one', () => {
  const dir = tree({ 'jail.conf': '[a]\nenabled = yes\nfilter = shhd\n', 'filter.d/sshd.conf': '[Definition]\n' });
  expect(errorsOf(dir)).toEqual([
    "jail.conf:3: [a] filter: Unable to read the filter 'shhd'; there is no filter.d/shhd.conf, did you mean 'sshd'?",
  ]);
});

test('a jail without any log file is followed all the same: its paths are among the globs', () => {
  const dir = tree({ 'jail.conf': '[a]\nenabled = yes\nbackend = polling\nlogpath = /nonexistent/*.log tail\n   /nonexistent/b\n' });
  const config = readConfiguration(dir);
  expect(config.globs).toEqual([
    { jail: 'a', path: '/nonexistent/*.log', mode: 'tail' },
    { jail: 'a', path: '/nonexistent/b', mode: 'head' },
  ]);
  expect(config.broken).toEqual([]);
  expect(config.problems).toContainEqual(expect.objectContaining({ severity: 'warning', option: 'logpath', jail: 'a' }));
});

test('skip_if_nologs leaves a jail without logs out; systemd_if_nologs turns it to the journal', () => {
  const jail = 'enabled = yes\nlogpath = /nonexistent/x\n';
  const dir = tree({ 'jail.conf': `[a]\n${jail}skip_if_nologs = yes\n[b]\n${jail}systemd_if_nologs = yes\njournalmatch = A=1\n` });
  const config = readConfiguration(dir);
  expect(config.commands).toContainEqual(['config-error', "Jail 'a' skipped, because of missing log files."]);
  expect(config.commands).toContainEqual(['add', 'b', 'systemd']);
  expect(config.commands.at(-1)).toEqual(['start', 'b']);
});

test('only the jails that are asked for are read, and one that does not exist is a Problem', () => {
  const dir = tree({ 'jail.conf': '[a]\nenabled = yes\n[b]\nenabled = yes\n' });
  const config = readConfiguration(dir, { jails: ['b', 'zz'] });
  expect(config.jails).toEqual(['b']);
  expect(config.problems).toContainEqual(expect.objectContaining({ severity: 'error', jail: 'zz' }));
});

test('what the command line says about the server wins over the file', () => {
  const dir = tree({ 'jail.conf': '' });
  const config = readConfiguration(dir, { overrides: { loglevel: 'DEBUG', socket: '/tmp/s' } });
  expect(config.server).toMatchObject({ loglevel: 'DEBUG', socket: '/tmp/s', logtarget: 'STDOUT', dbmaxmatches: null });
  expect(config.commands).toContainEqual(['set', 'loglevel', 'DEBUG']);
});

test('the place of an option is found in the jail, in DEFAULT and in the filter', () => {
  const files = {
    'jail.conf': '[DEFAULT]\nbantime = 1\n[a]\nenabled = yes\nfilter = f\n',
    'filter.d/f.conf': '[Definition]\n\nfailregex = a <HOST>\n',
  };
  const dir = tree(files);
  const config = readConfiguration(dir);
  expect(config.origin('a', 'bantime')).toEqual({ file: path.join(dir, 'jail.conf'), line: 2 });
  expect(config.origin('a', 'failregex')).toEqual({ file: path.join(dir, 'filter.d/f.conf'), line: 3 });
  expect(config.origin('a', 'findtime')).toBeUndefined();
});

test('texts that are not saved stand in the place of files, new ones and missing ones included', () => {
  const dir = tree({
    'jail.conf': '[a]\nenabled = true\n[b]\nenabled = true\n',
    'jail.d/m.local': '[b]\nenabled = false\n',
  });
  const jails = (texts: Record<string, string | null>): readonly string[] =>
    readConfiguration(dir, { texts: new Map(Object.entries(texts)) }).jails;
  expect(jails({})).toEqual(['a']);
  expect(jails({ 'jail.d/m.local': null })).toEqual(['a', 'b']);
  expect(jails({ 'jail.local': '[a]\nenabled = false\n', 'jail.d/n.local': '[c]\nenabled = true\n' })).toEqual(['c']);
  expect(jails({ 'jail.d/.hidden.local': '[c]\nenabled = true\n' })).toEqual(['a']);
});
