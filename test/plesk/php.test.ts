/** The extension's PHP against the documented API, and against the sidecar: names, rights, texts, the signature. */
import { execFile, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { machine } from 'node:os';
import path from 'node:path';
import { isMessageKey, messagesFor } from '../../src/panel/web/messages';
import { systemClock } from '../../src/base/clock';
import { SECRET } from '../support/signed';
import { temporaryFolder } from '../support/folder';
import { testWeb } from '../support/web';
import { isRoot, where } from '../support/where';
import { DOCUMENTED, OVERRIDES } from './documented-api';

const ROOT = path.resolve(__dirname, '../..');
const PLIB = path.join(ROOT, 'plesk-ext/plib');
const files = readdirSync(PLIB, { recursive: true, encoding: 'utf8' }).filter((file) => /\.ph(p|tml)$/.test(file));
const code = (file: string): string =>
  readFileSync(path.join(PLIB, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\/|(?<!:)\/\/.*$/gm, '')
    .replace(/'(?:[^'\\]|\\.)*'/g, "''");

function php(script: string, ...args: string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync('php', ['-d', 'display_errors=stderr', '-r', script, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

describe('every file', () => {
  it.each(files)('%s uses only documented names', (file) => {
    const text = code(file);
    const unknown = [...text.matchAll(/\bpm_\w+/g)].map(([name]) => name).filter((name) => !Object.hasOwn(DOCUMENTED, name));
    expect(unknown).toEqual([]);
    const members = [...text.matchAll(/\b(pm_\w+)::\$?(\w+)/g)].filter(([, name = '', member = '']) => !DOCUMENTED[name]?.includes(member));
    expect(members.map(([all]) => all)).toEqual([]);
  });

  it.each(files)('%s needs no newer PHP than 8.0 and nothing that 8.4 has given up', (file) => {
    const text = code(file);
    expect(text).not.toMatch(/\breadonly\b|\benum\b|\bnever\b|\butf8_(?:en|de)code\b|#\[|\$\{|function \w*\([^)]*\b(?!\?)\w+ \$\w+ = null/);
    expect(readFileSync(path.join(PLIB, file), 'utf8')).not.toContain('\r');
  });
});

it('classes define what their documented parent has, and private or static things of their own', () => {
  const wrong: string[] = [];
  for (const file of files) {
    const text = code(file);
    const parent = /\bextends \\?(Plesk\\SDK\\Hook\\Home\\Block|pm_\w+)/.exec(text)?.[1] ?? '';
    for (const [, method = ''] of text.matchAll(/^ {4}public function (\w+)/gm)) {
      if (OVERRIDES[parent] !== undefined && method !== '__construct' && !OVERRIDES[parent].includes(method))
        wrong.push(`${file}: ${method}`);
    }
  }
  expect(wrong).toEqual([]);
});

it('class names are those that Plesk looks for', () => {
  for (const file of files.filter((name) => /^(library|hooks)\//.test(name) && name !== 'hooks/Home.php')) {
    const name = file
      .replace(/^(library|hooks)\//, '')
      .replace(/\.php$/, '')
      .replaceAll('/', '_');
    expect(code(file)).toMatch(new RegExp(`class Modules_Bailiff_${name}\\b`));
  }
});

it('controllers are the administrator’s alone, twice', () => {
  for (const file of files.filter((name) => name.startsWith('controllers/'))) {
    const text = readFileSync(path.join(PLIB, file), 'utf8');
    expect(text).toContain("protected $_accessLevel = 'admin';");
    expect(text).toMatch(/public function init\(\)\s*\{\s*parent::init\(\);\s*Modules_Bailiff_Access::requireAdmin\(\);/);
  }
});

it('texts are in the catalogue, in both languages', () => {
  const used = files.flatMap((file) =>
    [...readFileSync(path.join(PLIB, file), 'utf8').matchAll(/lmsg\('(\w+)'/g)].map((match) => match[1] ?? ''),
  );
  expect(used.length).toBeGreaterThan(20);
  expect(used.filter((key) => !isMessageKey(`plesk.${key}`))).toEqual([]);
  const german = messagesFor('de');
  for (const [key, english] of Object.entries(messagesFor('en'))) {
    const marks = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([mark]) => mark).sort();
    if (key.startsWith('plesk.')) expect(marks(german[key as keyof typeof german])).toEqual(marks(english));
  }
});

describe('the path below the pages', () => {
  const below = (uri: string): string | null =>
    JSON.parse(
      php('require $argv[1]; echo json_encode(Modules_Bailiff_Path::below($argv[2]));', path.join(PLIB, 'library/Path.php'), uri).out,
    ) as string | null;
  const PAGES = '/modules/bailiff/index.php/ui';

  it.each([
    [PAGES, '/'],
    [`${PAGES}/`, '/'],
    [`${PAGES}?page=2`, '/?page=2'],
    [`${PAGES}/bans?search=192.0.2.0%2F24&page=2`, '/bans?search=192.0.2.0%2F24&page=2'],
    [`${PAGES}/jails/my%20jail`, '/jails/my%20jail'],
    ['/modules/bailiff/index.php', '/'],
  ])('%s is %s', (uri, path) => expect(below(uri)).toBe(path));

  it.each([
    '/../x',
    '/a/../../x',
    '/%2e%2e/x',
    '/%252e%252e/x',
    '/..%2fx',
    '/a%2fb',
    '/a%5cb',
    '/a\\b',
    '/a%00b',
    '/a%0d%0ab',
    '/a b',
    '/ä',
    'x',
    `/${'a'.repeat(9000)}`,
  ])('%s is refused', (rest) => expect(below(PAGES + rest)).toBeNull());
});

it('the panel’s token is taken out of a form, whatever its spelling', () => {
  const script = 'require $argv[1]; echo Modules_Bailiff_Form::withoutToken($argv[2]);';
  const form = 'a=1&forgery_protection_token=x&b=forgery_protection_token&%66orgery_protection_token=y&c';
  expect(php(script, path.join(PLIB, 'library/Form.php'), form).out).toBe('a=1&b=forgery_protection_token&c');
});

describe('an installation', () => {
  const folder = temporaryFolder();
  afterAll(() => folder.remove());
  const SCRIPT = `
    class pm_Locale { static function getCode() { return $GLOBALS['argv'][2]; } }
    class pm_ProductInfo { static function isUnix() { return $GLOBALS['argv'][3] === 'unix'; } }
    require $argv[1];`;
  /** Runs the script of a package for a processor, on a server where systemd runs or does not. */
  const install = (machine: string, locale: string, platform: string, systemd: boolean): { code: number | null; out: string } => {
    const script = path.join(folder.path, 'pre-install.php');
    writeFileSync(script, readFileSync(path.join(PLIB, 'scripts/pre-install.php'), 'utf8').replaceAll('@MACHINE@', machine));
    const server = `mount -t tmpfs tmpfs /run; ${systemd ? 'mkdir -p /run/systemd/system;' : ''} exec php -r "$@"`;
    const words = ['--mount', 'sh', '-c', server, 'sh', SCRIPT, script, locale, platform];
    const { status, stdout } = spawnSync('unshare', words, { encoding: 'utf8' });
    return { code: status, out: stdout };
  };
  const here = machine() === 'arm64' ? 'aarch64' : machine();
  const elsewhere = here === 'aarch64' ? 'x86_64' : 'aarch64';

  where(isRoot, it).each([
    ['goes on where all is well', here, 'en-US', 'unix', true, 0, ''],
    ['is refused on Windows', here, 'en-US', 'windows', true, 1, 'Bailiff runs on Linux servers only.\n'],
    ['is refused on another processor', elsewhere, 'en-US', 'unix', true, 1, `This package of Bailiff is made for ${elsewhere} processors`],
    ['is refused without systemd', here, 'en-US', 'unix', false, 1, 'Bailiff needs systemd, which does not run on this server.\n'],
    ['is refused in German too', here, 'de-DE', 'unix', false, 1, 'Bailiff braucht systemd, das auf diesem Server nicht läuft.\n'],
  ])('%s', (_, processor, locale, platform, systemd, code, said) => {
    const { code: ended, out } = install(processor, locale, platform, systemd);
    expect([ended, out]).toEqual([code, said === '' ? '' : expect.stringContaining(said)]);
  });
});

describe('what PHP asks', () => {
  const folder = temporaryFolder();
  const socket = path.join(folder.path, 'web.sock');
  const web = testWeb({ secret: SECRET, startAt: systemClock.now() });
  const server = http.createServer(web.app);
  const SCRIPT = `
    class pm_Locale { static function getCode() { return 'de-DE'; } }
    foreach (['Answer', 'SidecarDown', 'Sidecar'] as $name) require "$argv[1]/$name.php";
    file_put_contents("$argv[2]/secret", $argv[3]);
    try {
      $answer = (new Modules_Bailiff_Sidecar("$argv[2]/web.sock", "$argv[2]/secret"))->request($argv[4], $argv[5], $argv[6], ['user' => 'Jörg & Co']);
      echo json_encode([$answer->status, $answer->frame()['title'], $answer->body]);
    } catch (Modules_Bailiff_SidecarDown $down) { echo json_encode(['down', $down->getMessage(), '']); }`;
  const ask = (secret: string, method: string, to: string, body = ''): Promise<[number | string, string, string]> =>
    new Promise((resolve) => {
      // Not spawnSync: the server is in this process.
      execFile('php', ['-r', SCRIPT, path.join(PLIB, 'library'), folder.path, secret, method, to, body], (_error, out) =>
        resolve(JSON.parse(out) as [number | string, string, string]),
      );
    });

  beforeAll(() => new Promise<void>((resolve) => void server.listen(socket, resolve)));
  afterAll(() => {
    server.close();
    folder.remove();
  });

  it('is signed as the sidecar wants it', async () => {
    web.now = systemClock.now();
    const [status, title, body] = await ask(SECRET, 'GET', '/bans?page=1');
    expect([status, title]).toEqual([200, 'Gesperrte IP-Adressen']);
    expect(body).toContain('lang="de-DE"');
    const [posted] = await ask(SECRET, 'POST', '/bans/unban', 'jail=sshd&id=192.0.2.7');
    expect(posted).toBe(403);
  });

  it('is refused under another secret, and told when nobody listens', async () => {
    expect((await ask('b'.repeat(64), 'GET', '/bans'))[0]).toBe(403);
    expect((await ask('', 'GET', '/bans'))[0]).toBe('down');
    await new Promise((resolve) => server.close(resolve));
    expect((await ask(SECRET, 'GET', '/bans'))[0]).toBe('down');
  });
});
