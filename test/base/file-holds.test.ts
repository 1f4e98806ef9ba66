/** Looking for a whole line at the end of a file. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { endHoldsLine } from '../../src/base/file-holds';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());
const file = path.join(folder.path, 'a.log');
writeFileSync(file, 'first line\nsecond lîne\r\nthe third\nlast');

test.each([
  ['first line', true],
  ['second lîne', true],
  ['the third', true],
  ['last', true],
  ['third', false],
  ['the thir', false],
  ['first', false],
  ['', false],
])('%s', async (line, expected) => {
  expect(await endHoldsLine(file, ['no such line', line], 1000)).toBe(expected);
});

it('looks at the end only, and finds nothing in what is no file', async () => {
  expect(await endHoldsLine(file, ['first line'], 20)).toBe(false);
  expect(await endHoldsLine(file, ['the third'], 20)).toBe(true);
  expect(await endHoldsLine(path.join(folder.path, 'none'), ['x'], 20)).toBe(false);
  const fifo = path.join(folder.path, 'fifo');
  execFileSync('mkfifo', [fifo]);
  expect(await endHoldsLine(fifo, ['x'], 20)).toBe(false);
});
