/** The zip itself: the same twice, what is in it and what is not, modes and line ends, pictures, the hashes of the program, and that its native parts run on old servers and on ARM. */
import { execFile, execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../support/folder';
import { isRoot, where } from '../support/where';

const ROOT = path.resolve(__dirname, '../..');
const MINUTES = 60_000;
const folder = temporaryFolder();
const unpacked = path.join(folder.path, 'x64');
const run = promisify(execFile);
const names: string[] = [];
let zip = '';

/** Makes the package in a folder of its own; returns its path. */
async function makePackage(name: string, ...words: readonly string[]): Promise<string> {
  const out = path.join(folder.path, name);
  // One maker at a time compiles the native part.
  const cache = path.join(ROOT, 'node_modules/.cache/bailiff-package');
  mkdirSync(cache, { recursive: true });
  await run('flock', [path.join(cache, 'lock'), process.execPath, path.join(ROOT, 'scripts/package.mjs'), '--out', out, ...words]);
  return path.join(out, readdirSync(out).find((file) => file.endsWith('.zip')) ?? '');
}

/** Where this machine gets its own packages from. */
async function mirror(): Promise<string> {
  const [, codename = ''] = /^VERSION_CODENAME=(\w+)$/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
  const { stdout } = await run('apt-get', ['indextargets', '--format', '$(CODENAME) $(REPO_URI)', 'Identifier: Packages']);
  const line = stdout.split('\n').find((text) => text.startsWith(`${codename} `));
  if (line === undefined) throw new Error(`no package source for '${codename}'`);
  return line.slice(codename.length + 1);
}

const read = (name: string): string => readFileSync(path.join(unpacked, name), 'utf8');
const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

beforeAll(async () => {
  zip = await makePackage('one');
  execFileSync('unzip', ['-q', zip, '-d', unpacked]);
  names.push(...execFileSync('unzip', ['-Z1', zip], { encoding: 'utf8' }).trim().split('\n'));
}, 10 * MINUTES);
afterAll(() => folder.remove());

it(
  'is the same, byte for byte, when it is made again',
  async () => {
    expect(sha256(await makePackage('two'))).toBe(sha256(zip));
  },
  3 * MINUTES,
);

describe('its contents', () => {
  it('stand only where Plesk takes them from', () => {
    const tops = new Set(names.map((name) => (name.includes('/') ? `${name.split('/')[0]}/` : name)));
    expect([...tops].sort()).toEqual(['CHANGES.md', 'DESCRIPTION.md', 'LICENSE', '_meta/', 'htdocs/', 'meta.xml', 'plib/', 'sbin/']);
    expect(names.filter((name) => name.startsWith('sbin/'))).toEqual(['sbin/bailiff-ctl']);
    expect(names.filter((name) => name.startsWith('htdocs/') && name.endsWith('.php'))).toEqual(['htdocs/index.php']);
  });

  it('hold the program, its pages, its runtime and all packages that it loads', () => {
    for (const name of [
      'dist/bin/bailiff-web.js',
      'views/layouts/panel.hbs',
      'config/jail.conf',
      'runtime/bin/node',
      'runtime/LICENSE',
      'MANIFEST',
    ])
      expect(names).toContain(`plib/app/${name}`);
    for (const locale of ['en-US', 'de-DE']) expect(names).toContain(`plib/resources/locales/${locale}.php`);
  });

  it('hold no sources, types, maps, tests or packages of the development', () => {
    const { devDependencies } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { devDependencies: object };
    const wrong = names.filter((name) => /\.(ts|map|tsbuildinfo)$|(^|\/)(test|tests|__tests__|\.git|coverage)\//.test(name));
    expect(wrong).toEqual([]);
    const packages = new Set(names.map((name) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(name)?.[1]));
    expect(Object.keys(devDependencies).filter((name) => packages.has(name))).toEqual([]);
  });

  it('are of a size that an upload takes', () => {
    expect(statSync(zip).size).toBeLessThan(80e6);
  });

  it('have the modes of programs where they are programs, and of files elsewhere', () => {
    const listed = execFileSync('unzip', ['-Z', zip], { encoding: 'utf8' })
      .split('\n')
      .flatMap((line) => /^(-[rwx-]{9}) .* (\S+)$/.exec(line)?.slice(1) ?? [])
      .reduce<Record<string, string>>(
        (all, word, index, words) => (index % 2 === 1 ? { ...all, [word]: words[index - 1] ?? '' } : all),
        {},
      );
    const programs = Object.keys(listed).filter((name) => listed[name] === '-rwxr-xr-x');
    const others = Object.keys(listed).filter((name) => listed[name] !== '-rwxr-xr-x' && listed[name] !== '-rw-r--r--');
    expect(
      programs.filter((name) => !/^(sbin\/bailiff-ctl|plib\/app\/(bin\/\w[\w-]*|setup\/\w+\.sh|runtime\/bin\/node))$/.test(name)),
    ).toEqual([]);
    expect(programs.length).toBeGreaterThan(8);
    expect(others).toEqual([]);
  });

  it('end their lines as Unix does', () => {
    const own = names.filter(
      (name) => !name.includes('node_modules') && /\.(php|phtml|sh|xml|md|hbs|conf|css|js|mjs|service)$|bailiff-ctl$/.test(name),
    );
    expect(own.length).toBeGreaterThan(80);
    expect(own.filter((name) => read(name).includes('\r'))).toEqual([]);
  });

  it('are what the root helper compares them with', () => {
    const ctl = read('sbin/bailiff-ctl');
    expect(ctl).toContain(`readonly MANIFEST_SHA256='${sha256(path.join(unpacked, 'plib/app/MANIFEST'))}'`);
    const check = spawnSync('sha256sum', ['--quiet', '--strict', '-c', 'MANIFEST'], {
      cwd: path.join(unpacked, 'plib/app'),
      encoding: 'utf8',
    });
    expect([check.status, check.stdout]).toEqual([0, '']);
    const files = names.filter((name) => name.startsWith('plib/app/') && name !== 'plib/app/MANIFEST');
    expect(read('plib/app/MANIFEST').trim().split('\n')).toHaveLength(files.length);
  });

  it('have no mark left that the packaging fills in', () => {
    for (const name of ['sbin/bailiff-ctl', 'plib/scripts/pre-install.php', 'plib/resources/locales/en-US.php'])
      expect(read(name)).not.toMatch(/@[A-Z0-9_]{3,}@/);
    expect(read('plib/scripts/pre-install.php')).toContain("'x86_64'");
  });

  it(
    'pass PHP’s and the shell’s own judges',
    () => {
      const php = names.filter((name) => /^(plib\/(?!app)|htdocs\/).*\.ph(p|tml)$/.test(name));
      for (const name of php)
        expect([name, spawnSync('php', ['-l', path.join(unpacked, name)], { encoding: 'utf8' }).status]).toEqual([name, 0]);
      const shell = names.filter((name) => /^plib\/app\/setup\/(?!lib).*\.sh$|^sbin\//.test(name)).map((name) => path.join(unpacked, name));
      const { stdout } = spawnSync('shellcheck', ['--exclude', 'SC1091,SC2154', ...shell], { encoding: 'utf8' });
      expect(stdout).toBe('');
    },
    MINUTES,
  );

  it('hold texts in PHP as the panel reads them', () => {
    const code = '$messages = null; include $argv[1]; echo json_encode($messages);';
    const locale = (name: string): Record<string, string> =>
      JSON.parse(
        spawnSync('php', ['-r', code, path.join(unpacked, `plib/resources/locales/${name}.php`)], { encoding: 'utf8' }).stdout,
      ) as Record<string, string>;
    expect(Object.keys(locale('de-DE'))).toEqual(Object.keys(locale('en-US')));
    expect(locale('de-DE')).toMatchObject({ tabBans: 'Gesperrte IP-Adressen', downReason: 'Was geschah: %%reason%%' });
  });
});

describe('its pictures', () => {
  /** Width, height and colour type of a PNG. */
  const png = (name: string): readonly number[] => {
    const bytes = readFileSync(path.join(unpacked, name));
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[25] ?? 0];
  };

  it.each([32, 64, 128, 160])('the icon of %s pixels is one, with transparency', (size) => {
    expect(png(`_meta/icons/${size}x${size}.png`)).toEqual([size, size, 6]);
  });

  it('screenshots are of exactly the catalogue’s size', () => {
    const shots = names.filter((name) => name.startsWith('_meta/screenshots/'));
    expect(shots.length).toBeGreaterThanOrEqual(3);
    for (const shot of shots) expect(png(shot).slice(0, 2)).toEqual([1024, 768]);
  });
});

describe('its native parts', () => {
  const DRIVER = 'plib/app/node_modules/sqlite3/build/Release/node_sqlite3.node';
  const TRY =
    'const s=require("sqlite3");const d=new s.Database(":memory:");d.get("select pow(2,10) p",(e,r)=>console.log(process.arch,e,r.p))';
  const glibc = (objdump: string, file: string): string =>
    execFileSync(
      'node',
      [
        '-e',
        `import('${ROOT}/scripts/package/old-symbols.mjs').then(m=>console.log(m.neededGlibc(...process.argv.slice(1))))`,
        objdump,
        file,
      ],
      {
        encoding: 'utf8',
      },
    ).trim();

  it('are Node and the driver, and need no newer C library than RHEL 8 has', () => {
    const elf = names.filter((name) => readFileSync(path.join(unpacked, name)).subarray(0, 4).equals(Buffer.from('\x7fELF')));
    expect(elf.sort()).toEqual([DRIVER, 'plib/app/runtime/bin/node']);
    for (const name of elf) {
      const [major, minor] = glibc('objdump', path.join(unpacked, name)).split('.').map(Number);
      expect(major).toBe(2);
      expect(minor).toBeGreaterThan(0);
      expect(minor).toBeLessThanOrEqual(28);
    }
  });

  it('run together', () => {
    const app = path.join(unpacked, 'plib/app');
    const { stdout, stderr } = spawnSync(path.join(app, 'runtime/bin/node'), ['-e', TRY], { cwd: app, encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['x64 null 1024\n', '']);
    const program = spawnSync(path.join(app, 'bin/bailiff'), ['--version'], { encoding: 'utf8' });
    expect(program.stdout).toMatch(/^Bailiff \d/);
  });

  const apt = existsSync('/usr/bin/apt-get') && existsSync('/usr/share/keyrings/debian-archive-keyring.gpg') && isRoot;
  where(apt, it)(
    'run on the C library of Debian 11',
    async () => {
      const old = path.join(folder.path, 'debian-11');
      for (const name of ['lists/partial', 'archives/partial', 'root', 'debs']) mkdirSync(path.join(old, name), { recursive: true });
      writeFileSync(path.join(old, 'status'), '');
      writeFileSync(
        path.join(old, 'sources.list'),
        `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${await mirror()} bullseye main\n`,
      );
      const options = [
        `Dir::Etc::SourceList=${old}/sources.list`,
        'Dir::Etc::SourceParts=-',
        `Dir::State::Lists=${old}/lists`,
        `Dir::State::Status=${old}/status`,
        `Dir::Cache::Archives=${old}/archives`,
        'APT::Sandbox::User=root',
        'Acquire::Languages=none',
      ].flatMap((option) => ['-o', option]);
      await run('apt-get', [...options, '-qq', 'update']);
      await run('apt-get', [...options, '-qq', 'download', 'libc6', 'libstdc++6', 'libgcc-s1'], { cwd: path.join(old, 'debs') });
      for (const deb of readdirSync(path.join(old, 'debs')))
        await run('dpkg-deb', ['-x', path.join(old, 'debs', deb), path.join(old, 'root')]);
      const libraries = [`${old}/root/lib/x86_64-linux-gnu`, `${old}/root/usr/lib/x86_64-linux-gnu`].join(':');
      const loader = `${old}/root/lib/x86_64-linux-gnu/ld-2.31.so`;
      const app = path.join(unpacked, 'plib/app');
      const { stdout } = await run(loader, ['--library-path', libraries, path.join(app, 'runtime/bin/node'), '-e', TRY], { cwd: app });
      expect(stdout).toBe('x64 null 1024\n');
    },
    3 * MINUTES,
  );

  const qemu = existsSync('/usr/bin/qemu-aarch64-static') && existsSync('/usr/bin/aarch64-linux-gnu-g++');
  where(qemu, it)(
    'for ARM are made too, and run',
    async () => {
      const arm = path.join(folder.path, 'arm64');
      execFileSync('unzip', ['-q', await makePackage('three', '--arch', 'arm64'), '-d', arm]);
      const app = path.join(arm, 'plib/app');
      expect(glibc('aarch64-linux-gnu-objdump', path.join(arm, DRIVER))).toMatch(/^2\.(1\d|2[0-8])$/);
      expect(readFileSync(path.join(arm, 'plib/scripts/pre-install.php'), 'utf8')).toContain("'aarch64'");
      const words = ['-L', '/usr/aarch64-linux-gnu', path.join(app, 'runtime/bin/node'), '-e', TRY];
      const { stdout } = await run('qemu-aarch64-static', words, { cwd: app });
      expect(stdout).toBe('arm64 null 1024\n');
    },
    10 * MINUTES,
  );
});
