// Lists the files of the npm packages that a packaged server needs: those that the program loads, less documents, types, maps and what only a build needs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** The panel has its own look; the stand-alone pages are not packaged. */
const NOT_ON_A_SERVER = ['@plesk/ui-library'];
/** Needed to compile the driver, which the package brings compiled. */
const BUILD_ONLY = { sqlite3: ['prebuild-install', 'tar', 'node-addon-api', 'node-gyp'], handlebars: ['uglify-js'] };
const LICENCE = /^(licen[cs]e|notice|copying|.*-license$|modifications)/i;

/** Whether a file of a package is left out. */
function isLeftOut(name, file) {
  const base = path.basename(file);
  if (LICENCE.test(base)) return false;
  if (
    /\.(md|markdown|ts|mts|cts|map|tsbuildinfo|flow|yml|yaml|tgz|gz|gyp|gypi|cc|cpp|c|h|hpp|o|a|d|mk|sh|html|el|1|bnf|jison)$/i.test(base)
  )
    return true;
  if (
    base.startsWith('.') ||
    /^(makefile|gruntfile|gulpfile|karma\.conf|tsconfig|eslint|changelog|history|authors|contributing|security|funding)/i.test(base)
  )
    return true;
  if (
    /(^|\/)(test|tests|__tests__|docs?|example|examples|bench|benchmark|benchmarks|coverage|\.github|deps)\//.test(`${path.dirname(file)}/`)
  )
    return true;
  if (name === 'handlebars') return /^(dist\/(?!cjs\/)|bin\/|lib\/(?!index\.js)|types\/|release-notes)/.test(file);
  if (name === 'zod') return /^(src|v3|v4-mini|mini)\//.test(file);
  if (name === '@ip-location-db/asn') return /^asn-ipv[46]\.csv$/.test(file);
  if (name === '@ip-location-db/geo-whois-asn-country-mmdb') return /-ipv[46]\.mmdb$/.test(file);
  if (name === 'sqlite3') return !/^(lib\/|package\.json)/.test(file);
  return false;
}

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).includes('node_modules'));
}

/** Where node would find a package that is required from a folder below the root. */
function locate(root, from, name) {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const found = path.join(folder, 'node_modules', name);
    if (existsSync(path.join(found, 'package.json'))) return found;
    if (folder === root) throw new Error(`${name} is not installed: npm ci`);
  }
}

/** Paths below the root of all files, sorted. */
export function productionFiles(root) {
  const manifest = (folder) => JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const seen = new Map();
  const visit = (folder, names) => {
    for (const name of names) {
      const found = locate(root, folder, name);
      if (seen.has(found)) continue;
      seen.set(found, name);
      visit(
        found,
        Object.keys(manifest(found).dependencies ?? {}).filter((needed) => !(BUILD_ONLY[name] ?? []).includes(needed)),
      );
    }
  };
  visit(
    root,
    Object.keys(manifest(root).dependencies).filter((name) => !NOT_ON_A_SERVER.includes(name)),
  );
  return [...seen]
    .flatMap(([folder, name]) =>
      filesBelow(folder)
        .filter((file) => !isLeftOut(name, file))
        .map((file) => path.relative(root, path.join(folder, file))),
    )
    .sort();
}
