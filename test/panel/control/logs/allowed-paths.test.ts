/** Which files may be read as logs, with real folders, links, pipes and paths that try to lead out. */
import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkLogPath } from '../../../../src/panel/control/logs/allowed-paths';
import { temporaryFolder } from '../../../support/folder';

const folder = temporaryFolder();
const at = (name: string): string => path.join(fs.realpathSync(folder.path), name);
const folders = [at('log'), at('vhosts/*/logs'), at('linked'), at('nosuch')];

beforeAll(() => {
  for (const name of ['log/deep', 'log2', 'secret', 'vhosts/one.example/logs', 'vhosts/two.example', 'elsewhere']) {
    fs.mkdirSync(at(name), { recursive: true });
  }
  for (const name of [
    'log/a.log',
    'log/deep/b.log',
    'log2/c.log',
    'secret/shadow',
    'vhosts/one.example/logs/access_log',
    'elsewhere/d.log',
  ]) {
    fs.writeFileSync(at(name), 'x\n');
  }
  fs.symlinkSync(at('secret/shadow'), at('log/out.log'));
  fs.symlinkSync('deep/b.log', at('log/in.log'));
  fs.symlinkSync(at('secret'), at('log/dir'));
  fs.symlinkSync('loop', at('log/loop'));
  fs.symlinkSync('/dev/zero', at('log/zero'));
  fs.symlinkSync(at('secret'), at('vhosts/two.example/logs'));
  fs.symlinkSync(at('elsewhere'), at('linked'));
  fs.symlinkSync(at('log/a.log'), at('secret/to-log'));
  spawnSync('mkfifo', [at('log/fifo')]);
});
afterAll(() => folder.remove());

test.each([
  ['log/a.log', 'log/a.log'],
  ['log/deep/b.log', 'log/deep/b.log'],
  ['log/in.log', 'log/deep/b.log'],
  ['log/deep/../a.log', 'log/a.log'],
  ['log/a.log/', 'log/a.log'],
  ['log//deep/./b.log', 'log/deep/b.log'],
  ['vhosts/one.example/logs/access_log', 'vhosts/one.example/logs/access_log'],
  ['linked/d.log', 'elsewhere/d.log'],
  ['secret/to-log', 'log/a.log'],
])('%s may be read, by its real path', (name, real) => {
  expect(checkLogPath(`${fs.realpathSync(folder.path)}/${name}`, folders)).toEqual({ ok: true, path: at(real) });
});

test.each([
  ['log/../secret/shadow', 'outside'],
  ['log/out.log', 'outside'],
  ['log/dir/shadow', 'outside'],
  ['log/zero', 'outside'],
  ['log2/c.log', 'outside'],
  ['secret/nothing', 'outside'],
  ['vhosts/two.example/logs/shadow', 'outside'],
  ['log', 'outside'],
  ['log/nothing', 'missing'],
  ['log/loop', 'missing'],
  ['log/deep', 'not a file'],
  ['log/fifo', 'not a file'],
])('%s may not be read: %s', (name, reason) => {
  expect(checkLogPath(`${fs.realpathSync(folder.path)}/${name}`, folders)).toEqual({ ok: false, reason });
});

test.each(['', 'log/a.log', `${'/x'.repeat(3000)}`, '/var/log/a\0.log', 'systemd-journal', '-'])('%p is no path at all', (name) => {
  expect(checkLogPath(name, folders)).toEqual({ ok: false, reason: 'wrong' });
});

test('nothing may be read without folders; a device may not, wherever it lies', () => {
  expect(checkLogPath(at('log/a.log'), [])).toEqual({ ok: false, reason: 'outside' });
  expect(checkLogPath('/dev/null', ['/dev'])).toEqual({ ok: false, reason: 'not a file' });
  expect(checkLogPath(at('log/a.log'), ['/'])).toEqual({ ok: true, path: at('log/a.log') });
});
