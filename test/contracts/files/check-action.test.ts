/** Actions that are right, and the mistakes of others with file and line, saved and unsaved. */
import path from 'node:path';
import { checkAction } from '../../../src/contracts/files/check-action';
import { formatProblem } from '../../../src/model/problem';
import { temporaryFolder } from '../../support/folder';
import { writeTree } from '../../support/stock-config';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const dir = writeTree(path.join(folder.path, 'config'), {
  'action.d/good.conf': '[Definition]\nactionban = echo <ip> <note>\n[Init]\nnote = 5%%\n',
  'action.d/twice.conf': '[Definition]\nactionban = a\nactionban = b\n',
  'action.d/circle.conf': '[Definition]\nactionban = <one>\none = <two>\ntwo = <one>\n',
  'action.d/typo.conf': '[Definition]\nactionbann = echo\n',
});

const check = (action: string, texts: Readonly<Record<string, string | null>> = {}): string[] =>
  checkAction({ dir, action, texts: new Map(Object.entries(texts)) }).map((problem) => formatProblem(problem).replaceAll(`${dir}/`, ''));

test('a good one has no problems', () => {
  expect(check('good')).toEqual([]);
});

test.each([
  ['twice', /^action\.d\/twice\.conf:3: actionban: .*already exists/],
  ['circle', /self referencing|recursion|does not end|resolved/],
  ['typo', /^action\.d\/typo\.conf:2: actionbann: .*did you mean 'actionban'/],
  ['missing', /there is no action\.d\/missing\.conf/],
])('«%s» is told', (action, message) => {
  expect(check(action)).toEqual([expect.stringMatching(message)]);
});

test('a text that is not saved is checked in the place of its file', () => {
  expect(check('good', { 'action.d/good.local': '[Definition]\nactionstop = date +%s\n' })).toEqual([
    expect.stringMatching(/^action\.d\/good\.local:2: actionstop: '%' must be followed/),
  ]);
  expect(check('new', { 'action.d/new.local': '[Definition]\nactionban = true\n' })).toEqual([]);
  expect(check('good', { 'action.d/good.conf': null })).toEqual([expect.stringMatching(/there is no/)]);
});
