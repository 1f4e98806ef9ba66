/** What runs on a server beside our own code is what somebody has looked at: these packages, in these versions, under these licences, with no script of their own but sqlite3's build and the look's. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

interface Locked {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly link?: boolean;
}

const read = (file: string): string => readFileSync(path.resolve(__dirname, '..', file), 'utf8');
const { packages } = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Locked>> };
const running = Object.entries(packages).filter(([name, { dev, devOptional }]) => name !== '' && dev !== true && devOptional !== true);
const nameOf = (folder: string): string => folder.replace(/^node_modules\//, '').replaceAll('/node_modules/', ' > ');

const LICENCES = /^\(?(MIT|ISC|Apache-2\.0|BSD-[23]-Clause|BlueOak-1\.0\.0|CC0-1\.0|CC-BY-4\.0)\b/;
/** Data that names its licences in files of its own. */
const IN_FILES = /\(CC-BY-4\.0\)$/;

test('the packages are those of test/fixtures/dependencies.txt, with their versions and licences', () => {
  const lines = running.map(([folder, { version, license = 'none' }]) => `${nameOf(folder)} ${version} ${license}`);
  expect(lines.sort()).toEqual(read('test/fixtures/dependencies.txt').trim().split('\n'));
});

test('each may be given on with ours', () => {
  const foreign = running.filter(([, { license = '' }]) => !LICENCES.test(license) && !IN_FILES.test(license));
  expect(foreign.map(([folder, { license }]) => [nameOf(folder), license])).toEqual([]);
});

test('each is pinned by its content, and comes from no other place', () => {
  const loose = running.filter(
    ([, { integrity = '', link, version }]) => link === true || !integrity.startsWith('sha512-') || !/^\d/.test(version),
  );
  expect(loose.map(([folder]) => nameOf(folder))).toEqual([]);
});

test('none runs a script when it is installed but those that have to', () => {
  const scripts = running.filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([folder]) => nameOf(folder));
  expect(scripts.sort()).toEqual(['@plesk/ui-library', 'sqlite3']);
});
