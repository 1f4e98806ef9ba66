/** Holds documents that list things against the things: error codes, commands, files that are named. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../src/base/errors';

const root = path.resolve(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

test('docs/errors.md describes every error code, and no other', () => {
  const described = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(described.sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

test('every page in docs/ is reached from the README or CONTRIBUTING.md', () => {
  const links = read('README.md') + read('CONTRIBUTING.md');
  expect(readdirSync(path.join(root, 'docs')).filter((file) => file.endsWith('.md') && !links.includes(`docs/${file}`))).toEqual([]);
});

test.each(['README.md', 'CONTRIBUTING.md', 'SECURITY.md'])('files and npm scripts that %s names exist', (document) => {
  const text = read(document);
  const paths = [...text.matchAll(/`((?:src|test|docs|config|views|htdocs|scripts)\/[\w./-]+)`|\]\(((?:docs|src)\/[\w./-]+)\)/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  expect(paths.filter((name) => !/NAME/.test(name) && !existsSync(path.join(root, name)))).toEqual([]);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = [...text.matchAll(/npm run (\w+)/g)].map((match) => match[1] ?? '');
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

test('the programs that package.json names stand in the README', () => {
  const { bin } = JSON.parse(read('package.json')) as { bin: Record<string, string> };
  expect(Object.keys(bin).filter((name) => !read('README.md').includes(`\`${name}`))).toEqual([]);
});
