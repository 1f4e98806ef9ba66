import { appendFileSync, closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { archiveHash, archiveLines } from '../../src/base/file-archive';
import { firstLineHash } from '../../src/base/file-fingerprint';
import { rotatedFiles } from '../../src/base/file-rotated';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'bailiff-archive-'))));
afterEach(() => rmSync(folder, { recursive: true }));

async function read(file: string, from = 0): Promise<{ lines: string[]; offset: number; batches: number }> {
  const all = { lines: [] as string[], offset: from, batches: 0 };
  for await (const { lines, offset } of archiveLines(file, from)) {
    all.lines.push(...lines);
    all.offset = offset;
    all.batches++;
  }
  return all;
}

function both(text: string | Buffer): string[] {
  const plain = path.join(folder, 'a.log.1');
  const gzipped = path.join(folder, 'a.log.2.gz');
  writeFileSync(plain, text);
  writeFileSync(gzipped, gzipSync(text));
  return [plain, gzipped];
}

test('lines and offsets are those of the text, gzipped or not, from any line on', async () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => `line ${at} — ü`);
  const text = lines.map((line) => `${line}\n`).join('');
  const half = Buffer.byteLength(text.slice(0, text.indexOf('line 12345 ')));
  for (const file of both(text)) {
    const all = await read(file);
    expect(all.lines).toEqual(lines);
    expect(all.offset).toBe(Buffer.byteLength(text));
    expect(all.batches).toBeGreaterThan(2);
    expect((await read(file, half)).lines).toEqual(lines.slice(12_345));
    expect((await read(file, half)).offset).toBe(Buffer.byteLength(text));
    expect((await read(file, all.offset)).lines).toEqual([]);
  }
});

test('long lines are cut, NULs at the front passed over, an unfinished end left alone', async () => {
  for (const file of both(`${'x'.repeat(300_000)}\n\0\0\0after the hole\r\nno end`)) {
    const all = await read(file);
    expect(all.lines.map((line) => line.length)).toEqual([65_536, 14]);
    expect(all.lines[1]).toBe('after the hole');
    expect(all.offset).toBe(300_001 + 3 + 16);
  }
});

test('bytes that are no UTF-8 do not stop the reading', async () => {
  for (const file of both(Buffer.from([0x61, 0xff, 0x0a, 0x62, 0x0a]))) expect((await read(file)).lines).toEqual(['a\ufffd', 'b']);
});

test('a first line has the hash that a followed file has', async () => {
  const [plain = '', gzipped = ''] = both('first\nsecond\n');
  const fd = openSync(plain, 'r');
  const hash = firstLineHash(fd);
  closeSync(fd);
  expect([await archiveHash(plain), await archiveHash(gzipped)]).toEqual([hash, hash]);
  for (const file of both('')) expect(await archiveHash(file)).toBe('');
});

test('several gzip members follow each other; a broken end throws after what came before it', async () => {
  const file = path.join(folder, 'a.log.1.gz');
  writeFileSync(file, gzipSync('one\n'));
  appendFileSync(file, gzipSync('two\n'));
  expect((await read(file)).lines).toEqual(['one', 'two']);
  const text = Array.from({ length: 50_000 }, (_, at) => `${at} ${at * 7919}\n`).join('');
  const whole = gzipSync(text);
  writeFileSync(file, whole.subarray(0, whole.length - 20_000));
  const seen: string[] = [];
  await expect(
    (async () => {
      for await (const { lines } of archiveLines(file)) seen.push(...lines);
    })(),
  ).rejects.toThrow();
  expect(seen.length).toBeGreaterThan(0);
  expect(text.startsWith(`${seen.join('\n')}\n`)).toBe(true);
});

test('what is missing or no file is refused, a FIFO without waiting', async () => {
  await expect(read(path.join(folder, 'no.log'))).rejects.toThrow('ENOENT');
  await expect(read(folder)).rejects.toThrow('not a regular file');
  spawnSync('mkfifo', [path.join(folder, 'a.log.1')]);
  await expect(read(path.join(folder, 'a.log.1'))).rejects.toThrow('not a regular file');
});

test('rotations are listed by age, compressed ones too, other logs never', () => {
  const log = path.join(folder, 'a.log');
  const names = ['a.log', 'a.log.1', 'a.log.2.gz', 'a.log.10.gz', 'a.log-20261122.xz', 'b.log.1', 'a.log.processed', 'a.log.1.lock'];
  for (const name of names) writeFileSync(path.join(folder, name), '');
  expect(
    rotatedFiles(log)
      .map((file) => path.basename(file.path))
      .sort(),
  ).toEqual(['a.log-20261122.xz', 'a.log.1', 'a.log.10.gz', 'a.log.2.gz']);
  expect(rotatedFiles(path.join(folder, 'none', 'a.log'))).toEqual([]);
});
