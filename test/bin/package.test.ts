/** What the catalogue of extensions asks of meta.xml and of the files beside it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '../..');
const meta = readFileSync(path.join(root, 'meta.xml'), 'utf8');
const valuesOf = (name: string): string[] =>
  [...meta.matchAll(new RegExp(`<${name}(?: [^>]*)?>([^<]*)</${name}>`, 'g'))].map((match) => match[1] ?? '');

const ELEMENTS = ['id', 'name', 'description', 'category', 'version', 'release', 'vendor', 'url', 'plesk_min_version', 'os'];

describe('meta.xml', () => {
  it('holds only elements that Plesk knows', () => {
    const names = new Set([...meta.matchAll(/<(\w+)[ >]/g)].map((match) => match[1] ?? ''));
    names.delete('module');
    expect([...names].filter((name) => !ELEMENTS.includes(name))).toEqual([]);
  });

  it('names the extension, in lengths that the panel keeps', () => {
    expect(valuesOf('id')).toEqual(['bailiff']);
    for (const name of valuesOf('name')) expect(name.length).toBeLessThanOrEqual(25);
    for (const text of valuesOf('description')) expect(Buffer.byteLength(text)).toBeLessThanOrEqual(255);
    expect(valuesOf('category')).toEqual(['security', 'server_tool']);
    expect(valuesOf('release')[0]).toMatch(/^\d+$/);
  });

  it('has the version of the package', () => {
    const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
    expect(valuesOf('version')).toEqual([version]);
  });
});

describe('the PHP side', () => {
  const files = [
    'htdocs/index.php',
    ...readdirSync(path.join(root, 'plesk-ext'), { recursive: true, encoding: 'utf8' }).map((file) => `plesk-ext/${file}`),
  ];
  const php = files.filter((file) => /\.ph(p|tml)$/.test(file));

  it.each(php)('%s is PHP', (file) => {
    expect(spawnSync('php', ['-l', path.join(root, file)], { encoding: 'utf8' }).stdout).toContain('No syntax errors');
  });

  it('lets only administrators into its controllers', () => {
    for (const file of php.filter((name) => name.includes('/controllers/'))) {
      expect(readFileSync(path.join(root, file), 'utf8')).toContain("protected $_accessLevel = 'admin';");
    }
  });
});
