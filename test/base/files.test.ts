/** Reading, finding and writing files in a folder of the test's own. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import {
  exists,
  glob,
  isDanglingLink,
  isFolder,
  listDir,
  matchesGlob,
  NotTextError,
  readText,
  writeFileSafely,
} from '../../src/base/files';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
const at = (name: string): string => path.join(folder.path, name);
afterAll(() => folder.remove());

describe('the writer', () => {
  test('writes a new file with the mode it is given, and leaves no temporary one', () => {
    mkdirSync(at('new'));
    writeFileSafely(at('new/a'), 'text ü', 0o600);
    expect(readText(at('new/a'))).toBe('text ü');
    expect(statSync(at('new/a')).mode & 0o777).toBe(0o600);
    expect(readdirSync(at('new'))).toEqual(['a']);
  });

  test('keeps the mode of a file that is there, and replaces the file as a whole', () => {
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o640);
    const before = statSync(at('old')).ino;
    writeFileSafely(at('old'), 'new', 0o600);
    expect(readFileSync(at('old'), 'utf8')).toBe('new');
    expect(statSync(at('old')).mode & 0o777).toBe(0o640);
    expect(statSync(at('old')).ino).not.toBe(before);
  });

  test('writes to the end of a link', () => {
    writeFileSync(at('end'), 'old');
    symlinkSync(at('end'), at('link'));
    writeFileSafely(at('link'), 'new');
    expect(readFileSync(at('end'), 'utf8')).toBe('new');
  });

  test('leaves the old file and no remains when it cannot write', () => {
    mkdirSync(at('taken/inner'), { recursive: true });
    expect(() => writeFileSafely(at('taken'), 'x')).toThrow();
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('the readers', () => {
  test('text that is no UTF-8 is refused', () => {
    writeFileSync(at('binary'), Buffer.from([0x61, 0xff]));
    expect(() => readText(at('binary'))).toThrow(NotTextError);
  });

  test('a link that leads nowhere exists only as a link', () => {
    symlinkSync(at('nowhere'), at('dangling'));
    expect(exists(at('dangling'))).toBe(false);
    expect(isDanglingLink(at('dangling'))).toBe(true);
    expect(isDanglingLink(at('nowhere'))).toBe(false);
  });

  test('a folder that is not there has no names', () => {
    expect(listDir(at('missing'))).toEqual([]);
    expect(isFolder(at('missing'))).toBe(false);
    expect(isFolder(folder.path)).toBe(true);
  });
});

describe('glob', () => {
  const names = ['a.log', 'b.log', '.hidden.log', 'ab.log', '[x].log', 'a-b.log', 'a^b', 'A.log', 'a]', 'a\\b', 'ä.log'];
  const logs = at('logs');
  beforeAll(() => {
    for (const name of names) {
      mkdirSync(path.join(logs, 'sub', name), { recursive: true });
      writeFileSync(path.join(logs, name), '');
    }
  });

  const patterns = [
    '*',
    '*.log',
    '?.log',
    '.*',
    '.h*',
    '[ab].log',
    '[!a].log',
    '[a-c]*',
    '[]]*',
    'a[]]',
    '[[]x].log',
    '[a',
    'sub/*',
    '*/a.log',
    '*/',
    'sub',
    '/*b.log',
    '**',
    '**/a.log',
    '[^a].log',
    'a\\b',
    'a[\\]b',
    '[b-a].log',
    '[!b-a].log',
    '[a-]*',
    '[--a]*',
    'sub/?/',
    'none*',
    '',
  ];

  test('finds what Python’s glob finds', () => {
    const code = 'import sys, json, glob; print(json.dumps([sorted(glob.glob(p)) for p in json.load(sys.stdin)]))';
    const full = patterns.map((pattern) => `${logs}/${pattern}`);
    const done = spawnSync('/usr/bin/python3', ['-c', code], { input: JSON.stringify(full), encoding: 'utf8' });
    const sorted = (lists: string[][]): string[][] => lists.map((list) => [...list].sort());
    expect(sorted(full.map(glob))).toEqual(sorted(JSON.parse(done.stdout) as string[][]));
  });

  test('a path matches a pattern exactly when the pattern finds it', () => {
    for (const pattern of patterns.filter((one) => !one.endsWith('/') && one !== '' && !one.startsWith('/'))) {
      const full = `${logs}/${pattern}`;
      const found = names.map((name) => path.join(logs, name)).filter((file) => matchesGlob(full, file));
      expect(found.sort()).toEqual(glob(full).filter((file) => path.dirname(file) === logs && names.includes(path.basename(file))));
    }
  });

  test('no pattern makes it throw', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab*?[]!-^\\/.') }), (pattern) => void glob(`${logs}/${pattern}`)));
  });
});
