// Compiles the SQLite driver for a packaged server: with the C++ library inside and against an old C library, so that it loads on every distribution that Plesk runs on.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { makeStandIns, neededGlibc, OLDEST_GLIBC } from './old-symbols.mjs';

const run = promisify(execFile);
const HERE = import.meta.dirname;

/** Debian's compilers for both kinds of server, and where their C library is. */
export const TOOLS = {
  x64: { prefix: process.arch === 'x64' ? '' : 'x86_64-linux-gnu-', triple: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2' },
  arm64: { prefix: process.arch === 'arm64' ? '' : 'aarch64-linux-gnu-', triple: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1' },
};

const DEFINES = [
  'NDEBUG',
  '_REENTRANT=1',
  'SQLITE_THREADSAFE=1',
  'HAVE_USLEEP=1',
  'SQLITE_ENABLE_FTS3',
  'SQLITE_ENABLE_FTS4',
  'SQLITE_ENABLE_FTS5',
  'SQLITE_ENABLE_RTREE',
  'SQLITE_ENABLE_DBSTAT_VTAB=1',
  'SQLITE_ENABLE_MATH_FUNCTIONS',
  'NAPI_VERSION=6',
  'NAPI_DISABLE_CPP_EXCEPTIONS=1',
  'NODE_GYP_MODULE_NAME=node_sqlite3',
  'BUILDING_NODE_EXTENSION',
].map((define) => `-D${define}`);
/** Paths of this machine must not get into the file. */
const FLAGS = ['-O2', '-fPIC', '-ffunction-sections', '-fdata-sections', '-g0', '-w'];
const EXPORTS = '{ global: napi_register_module_v1; node_api_module_get_api_version_v1; local: *; };\n';
const SOURCES = ['backup', 'database', 'node_sqlite3', 'statement'];

/** Folder of the C library's files for a compiler of Debian's. */
function libraryFolder({ prefix, triple }) {
  return prefix === '' ? `/lib/${triple}` : `/usr/${triple}/lib`;
}

async function compile({ tools, sqlite, addonApi, headers, work }) {
  const gcc = `${tools.prefix}gcc`;
  const gxx = `${tools.prefix}g++`;
  const archive = path.join(
    sqlite,
    'deps',
    execFileSync('ls', [path.join(sqlite, 'deps')], { encoding: 'utf8' }).match(/sqlite-autoconf-\d+\.tar\.gz/)[0],
  );
  execFileSync('tar', ['-xzf', archive, '--strip-components=1', '-C', work]);
  const map = [`-ffile-prefix-map=${work}=.`, `-ffile-prefix-map=${sqlite}=sqlite3`, `-ffile-prefix-map=${addonApi}=napi`];
  const common = [...FLAGS, ...DEFINES, ...map];
  const object = (name) => path.join(work, `${name}.o`);
  const includes = ['-I', headers, '-I', addonApi, '-I', work];
  await Promise.all([
    run(gcc, [...common, '-std=gnu99', '-c', path.join(work, 'sqlite3.c'), '-o', object('sqlite3')]),
    (async () => {
      await run(gcc, [...FLAGS, ...map, '-c', path.join(HERE, 'native/compat.c'), '-o', object('compat')]);
      for (const name of SOURCES)
        await run(gxx, [...common, ...includes, '-std=gnu++17', '-c', path.join(sqlite, 'src', `${name}.cc`), '-o', object(name)]);
    })(),
  ]);
  const standIns = makeStandIns({
    compiler: gcc,
    objdump: `${tools.prefix}objdump`,
    libraries: libraryFolder(tools),
    loader: tools.loader,
    folder: path.join(work, 'stand-ins'),
  });
  const script = path.join(work, 'exports.map');
  writeFileSync(script, EXPORTS);
  const linked = path.join(work, 'node_sqlite3.node');
  const statically = ['-Wl,-Bstatic', '-lstdc++', '-lgcc_eh', '-lgcc', '-Wl,-Bdynamic', '-Wl,--as-needed', ...standIns];
  const options = ['-shared', '-nodefaultlibs', '-s', '-Wl,--gc-sections', '-Wl,--build-id=none', `-Wl,--version-script=${script}`];
  execFileSync(gxx, [...options, '-o', linked, ...['sqlite3', 'compat', ...SOURCES].map(object), ...statically]);
  return linked;
}

/** The driver's file for `x64` or `arm64`, compiled unless the cache has it. Throws when it would need a newer C library than the oldest server has. */
export async function nativeDriver({ arch, root, cache, headers }) {
  const tools = TOOLS[arch];
  const sqlite = path.join(root, 'node_modules/sqlite3');
  const nested = path.join(sqlite, 'node_modules/node-addon-api');
  const addonApi = existsSync(nested) ? nested : path.join(root, 'node_modules/node-addon-api');
  const hash = createHash('sha256');
  for (const file of ['native.mjs', 'old-symbols.mjs', 'native/compat.c']) hash.update(readFileSync(path.join(HERE, file)));
  for (const folder of [sqlite, addonApi]) hash.update(JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).version);
  hash.update(execFileSync(`${tools.prefix}gcc`, ['--version']));
  const kept = path.join(cache, `node_sqlite3-${arch}-${hash.digest('hex').slice(0, 16)}.node`);
  if (!existsSync(kept)) {
    const work = mkdtempSync(path.join(tmpdir(), 'bailiff-native-'));
    try {
      const linked = await compile({ tools, sqlite, addonApi, headers, work });
      mkdirSync(cache, { recursive: true });
      writeFileSync(`${kept}.part`, readFileSync(linked));
      renameSync(`${kept}.part`, kept);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  checkGlibc(`${tools.prefix}objdump`, kept);
  return kept;
}

/** @throws Error when the file needs a newer C library than the oldest server has */
export function checkGlibc(objdump, file) {
  const needed = neededGlibc(objdump, file);
  const [major, minor] = needed.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_GLIBC.split('.').map(Number);
  if (major > oldestMajor || (major === oldestMajor && minor > oldestMinor))
    throw new Error(`${file} needs glibc ${needed}, but servers may have ${OLDEST_GLIBC} only`);
}
