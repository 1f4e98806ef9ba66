/** What the catalogue of extensions asks of meta.xml and of the files beside it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
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

  it('says that the sidecar answers when somebody listens on its socket, and only then', async () => {
    const socket = path.join(tmpdir(), `bailiff-sidecar-${process.pid}.sock`);
    const ask = (): string => {
      const code = `require $argv[1]; echo (new Modules_Bailiff_Sidecar($argv[2]))->answers() ? 'yes' : 'no';`;
      return spawnSync('php', ['-r', code, path.join(root, 'plesk-ext/plib/library/Sidecar.php'), socket], { encoding: 'utf8' }).stdout;
    };
    expect(ask()).toBe('no');
    const server = createServer().listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    expect(ask()).toBe('yes');
    await new Promise((resolve) => server.close(resolve));
  });
});
