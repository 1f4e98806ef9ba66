// Lists everything that goes into the zip, by its name there: the panel's PHP and files, the program with its runtime below plib/app, the root helper with the hash of the program's files.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { LOCALES, localeFile } from './locales.mjs';
import { productionFiles } from './modules.mjs';

const PLAIN = 0o644;
const PROGRAM = 0o755;
const APP = 'plib/app/';
/** What `uname -m` says on the two kinds of server. */
export const MACHINES = { x64: 'x86_64', arm64: 'aarch64' };

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** The files of the package by their names, each with its bytes and mode. */
class Contents {
  files = new Map();

  add(name, bytes, mode = PLAIN) {
    this.files.set(name, { bytes: Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes), mode });
  }

  /** Adds the files of a folder that a filter lets through. */
  addFolder(folder, prefix, wanted = () => true, mode = PLAIN) {
    for (const file of filesBelow(folder)) if (wanted(file)) this.add(prefix + file, readFileSync(path.join(folder, file)), mode);
  }
}

/** `1.2.3-4`, from meta.xml. */
export function releaseOf(root) {
  const meta = readFileSync(path.join(root, 'meta.xml'), 'utf8');
  const value = (name) => new RegExp(`<${name}>([^<]+)</${name}>`).exec(meta)[1];
  return `${value('version')}-${value('release')}`;
}

function addPanel(contents, root) {
  const extension = path.join(root, 'plesk-ext');
  for (const file of ['meta.xml', 'DESCRIPTION.md', 'CHANGES.md', 'LICENSE']) contents.add(file, readFileSync(path.join(root, file)));
  contents.addFolder(path.join(root, 'htdocs'), 'htdocs/', (file) => file !== 'css/frame.css');
  contents.addFolder(path.join(extension, 'plib'), 'plib/');
  contents.addFolder(path.join(extension, '_meta'), '_meta/');
  const { messagesFor } = createRequire(import.meta.url)(path.join(root, 'dist/panel/web/messages.js'));
  for (const [locale, language] of Object.entries(LOCALES))
    contents.add(`plib/resources/locales/${locale}.php`, localeFile(messagesFor(language)));
}

function addProgram(contents, root, { runtime, driver }) {
  const extension = path.join(root, 'plesk-ext');
  const { bin, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  contents.add(`${APP}package.json`, `${JSON.stringify({ name: 'bailiff', version, private: true })}\n`);
  contents.addFolder(path.join(root, 'dist'), `${APP}dist/`, (file) => file.endsWith('.js'));
  for (const folder of ['views', 'config', 'docs'])
    contents.addFolder(path.join(root, folder), `${APP}${folder}/`, (file) => !file.endsWith('.png'));
  contents.addFolder(path.join(root, 'htdocs'), `${APP}htdocs/`, (file) => !file.endsWith('.php'));
  for (const file of productionFiles(root)) contents.add(APP + file, readFileSync(path.join(root, file)));
  contents.add(`${APP}node_modules/sqlite3/build/Release/node_sqlite3.node`, readFileSync(driver));
  contents.add(`${APP}runtime/bin/node`, readFileSync(path.join(runtime, 'bin/node')), PROGRAM);
  contents.add(`${APP}runtime/LICENSE`, readFileSync(path.join(runtime, 'LICENSE')));
  contents.addFolder(path.join(extension, 'units'), `${APP}units/`);
  const { NODE_FLAGS } = createRequire(import.meta.url)(path.join(root, 'dist/bin/server/node-flags.js'));
  const program = readFileSync(path.join(extension, 'setup/program.sh'), 'utf8');
  for (const name of Object.keys(bin)) {
    const flags = name === 'bailiff-server' ? `${NODE_FLAGS.join(' ')} ` : '';
    contents.add(`${APP}bin/${name}`, program.replace('@NODE_FLAGS@ ', flags), PROGRAM);
  }
  contents.addFolder(path.join(extension, 'setup'), `${APP}setup/`, (file) => file !== 'program.sh' && !file.endsWith('.sh'));
  contents.addFolder(path.join(extension, 'setup'), `${APP}setup/`, (file) => file !== 'program.sh' && file.endsWith('.sh'), PROGRAM);
}

function replaceMarks(contents, name, marks) {
  const { bytes, mode } = contents.files.get(name);
  const text = Object.entries(marks).reduce((all, [mark, value]) => all.replaceAll(`@${mark}@`, value), bytes.toString('utf8'));
  if (/@[A-Z0-9_]{3,}@/.test(text)) throw new Error(`${name} holds a mark that nothing replaces`);
  contents.add(name, text, mode);
}

/** Every file of the program with its hash, as `sha256sum -c` reads it. */
function addManifest(contents) {
  const names = [...contents.files.keys()].filter((name) => name.startsWith(APP)).sort();
  const hash = (bytes) => createHash('sha256').update(bytes).digest('hex');
  const manifest = names.map((name) => `${hash(contents.files.get(name).bytes)}  ${name.slice(APP.length)}\n`).join('');
  contents.add(`${APP}MANIFEST`, manifest);
  return hash(manifest);
}

/**
 * All files of the package. `alter` may change them before the program's list is made: so that tests have other releases and broken ones.
 * @returns {Map<string, {bytes: Buffer, mode: number}>}
 */
export function packageFiles({ root, arch, runtime, driver, release = releaseOf(root), alter = () => undefined }) {
  const contents = new Contents();
  addPanel(contents, root);
  addProgram(contents, root, { runtime, driver });
  alter(contents);
  const manifest = addManifest(contents);
  contents.add('sbin/bailiff-ctl', readFileSync(path.join(root, 'plesk-ext/sbin/bailiff-ctl')), PROGRAM);
  replaceMarks(contents, 'sbin/bailiff-ctl', { RELEASE: release, MANIFEST_SHA256: manifest });
  replaceMarks(contents, 'plib/scripts/pre-install.php', { MACHINE: MACHINES[arch] });
  return contents.files;
}
