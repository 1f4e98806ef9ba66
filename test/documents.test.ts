/** Holds documents that list things against the things: error codes, commands, files that are named. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { ERROR_CODES } from '../src/base/errors';
import { spelled } from '../src/bin/verbs/read-call';
import { type OptionSpec } from '../src/bin/verbs/verb';
import { SHARED, VERBS } from '../src/bin/verbs/verbs';
import { ENDPOINTS } from '../src/panel/web/api/endpoints';
import { ROUTES } from '../src/panel/web/routes';

const root = path.resolve(__dirname, '..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

test('docs/errors.md describes every error code, and no other', () => {
  const described = [...read('docs/errors.md').matchAll(/^\| `([A-Z_]+)` \|/gm)].map((match) => match[1]);
  expect(described.sort()).toEqual(Object.keys(ERROR_CODES).sort());
});

test('docs/api.md lists every endpoint with what it needs, and no other', () => {
  const rows = [...read('docs/api.md').matchAll(/^\| `([A-Z]+ \/\S+)` \| (.+) \| (read|write) \|$/gm)].map((match) => match.slice(1));
  const endpoints = ENDPOINTS.map(({ method, path: at, summary, writes }) => [
    `${method.toUpperCase()} ${at}`,
    summary,
    writes ? 'write' : 'read',
  ]);
  expect(rows.sort()).toEqual(endpoints.sort());
});

test('docs/pages.md names every page that can be looked at, and no other', () => {
  const named = [...read('docs/pages.md').matchAll(/`(\/[\w/.:-]*)`/g)].map((match) => match[1] ?? '');
  const pages = ROUTES.filter(({ method }) => method === 'get').map((route) => route.path);
  expect([...new Set(named)].sort()).toEqual([...pages].sort());
});

test('docs/cli.md lists every verb with its options, and no other', () => {
  const rows = [...read('docs/cli.md').matchAll(/^\| (`.+) \|$/gm)].map((match) => match[1]?.replaceAll('\\|', '|') ?? '');
  const option = (spec: OptionSpec): string => `${spelled(spec)}${spec.value === null ? '' : ` ${spec.value}`}`;
  const verbs = VERBS.map(({ name, letter, operands, summary }) => {
    const also = `\`--${name.replace(' ', '-')}\`${letter === undefined ? '' : `, \`-${letter}\``}`;
    return `\`${`${name} ${operands}`.trim()}\` | ${also} | ${summary}`;
  });
  const own = VERBS.flatMap((verb) => verb.options.map((spec) => `\`${verb.name}\` | \`${option(spec)}\` | ${spec.meaning}`));
  const shared = SHARED.map((spec) => `\`${spec.short === undefined ? '' : `-${spec.short}, `}${option(spec)}\` | ${spec.meaning}`);
  expect(rows).toEqual([...verbs, ...own, ...shared]);
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

test('SECURITY.md names tests for each threat, and there are tests in each', () => {
  const table = read('SECURITY.md').split('| threat |')[1]?.split('\n\n')[0] ?? '';
  const rows = table.split('\n').slice(2);
  const filesAt = (name: string): readonly string[] => {
    const whole = path.join(root, name);
    const beside = [whole, `${whole}.test.ts`].find((file) => existsSync(file) && statSync(file).isFile());
    if (beside !== undefined) return [beside];
    if (!existsSync(whole)) return [];
    return readdirSync(whole, { recursive: true, encoding: 'utf8' }).map((file) => path.join(whole, file));
  };
  const hasTests = (name: string): boolean =>
    filesAt(name).some((file) => file.endsWith('.test.ts') && /\b(?:test|it)(?:\.each)?\(/.test(readFileSync(file, 'utf8')));
  const named = rows.map((row) => [...(row.split('|').at(-2) ?? '').matchAll(/`(test\/[^`]+)`/g)].map((match) => match[1] ?? ''));
  expect(rows.length).toBeGreaterThan(30);
  expect(rows.filter((_row, at) => named[at]?.length === 0 || named[at]?.some((name) => !hasTests(name)))).toEqual([]);
});

test('the programs that package.json names stand in the README', () => {
  const { bin } = JSON.parse(read('package.json')) as { bin: Record<string, string> };
  expect(Object.keys(bin).filter((name) => !read('README.md').includes(`\`${name}`))).toEqual([]);
});
