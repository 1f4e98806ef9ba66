/** The program as the panel's user has it carried out as root: nothing that names files and folders of its own choice. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryFolder } from '../support/folder';

const PROGRAM = path.resolve(__dirname, '../../dist/bin/bailiff.js');
const folder = temporaryFolder();
afterAll(() => folder.remove());
const at = (name: string): string => path.join(folder.path, name);

function ask(words: readonly string[], from?: string): { readonly code: number | null; readonly stderr: string } {
  const env = {
    PATH: process.env['PATH'],
    HOME: folder.path,
    BAILIFF_HOME: at('home'),
    ...(from === undefined ? {} : { BAILIFF_FROM: from }),
  };
  const { status, stderr } = spawnSync(process.execPath, [PROGRAM, ...words], { env, encoding: 'utf8', timeout: 60_000 });
  return { code: status, stderr };
}

describe('for the panel', () => {
  writeFileSync(at('export.json'), '{}');
  it.each([
    [['setup', at('made')]],
    [['--demo', 'start']],
    [['password']],
    [['banned', '-c', '/etc']],
    [['banned', `--socket=${at('sock')}`]],
    [['banned', '--home', at('made')]],
    [['--db', at('made'), 'history']],
    [['engine', '-daemon', 'direct']],
  ])('%j is refused', (words) => {
    const { code, stderr } = ask(words, 'panel');
    expect(stderr).toMatch(/^bailiff: .*is for a shell of root, not for the panel\n$/);
    expect(code).toBe(2);
    expect(existsSync(at('made'))).toBe(false);
  });

  it('a file is taken from standard input only', () => {
    const { code, stderr } = ask(['import', at('export.json')], 'panel');
    expect(stderr).toMatch(/is not for the panel: give it on standard input/);
    expect(code).toBe(2);
  });

  it('nothing is written into a file', () => {
    const { code, stderr } = ask(['export', at('written'), '--force'], 'panel');
    expect(stderr).toMatch(/is not for the panel: take it from standard output/);
    expect(code).toBe(2);
    expect(existsSync(at('written'))).toBe(false);
  });

  it('everything else goes on, and a shell may do all of it', () => {
    expect(ask(['--help'], 'panel').code).toBe(0);
    expect(ask(['banned', '--socket', at('sock')]).code).toBe(3);
    expect(ask(['setup', at('made')]).code).toBe(0);
    expect(existsSync(at('made'))).toBe(true);
  });
});
