import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LineCursor, MAX_LINE } from '../../src/base/file-cursor';
import { encodingOf } from '../../src/base/file-encoding';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());

interface ReadAll {
  lines: string[];
  ends: number[];
  flawed: boolean;
  cut: boolean;
}

function readAll(bytes: Buffer | string, encodingName = 'utf-8', offset = 0): ReadAll {
  const path = join(folder.path, 'file');
  writeFileSync(path, bytes);
  const fd = openSync(path, 'r');
  try {
    const cursor = new LineCursor(fd, encodingOf(encodingName, Buffer.from(bytes).subarray(0, 2))!, offset);
    const all: ReadAll = { lines: [], ends: [], flawed: false, cut: false };
    for (let batch = cursor.read(); batch.lines.length > 0 || batch.more; batch = cursor.read()) {
      all.lines.push(...batch.lines);
      all.ends.push(...batch.ends);
      all.flawed ||= batch.flawed;
      all.cut ||= batch.cut;
    }
    return all;
  } finally {
    closeSync(fd);
  }
}

describe('lines and their ends', () => {
  it('are those of the bytes, whatever the bytes are', () => {
    const piece = fc.oneof(fc.constantFrom('\n', '\r\n', 'x', 'ü', '😀', ' a line ', 'y'.repeat(3000)), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const text = pieces.join('').replaceAll('\0', '');
        const { lines, ends } = readAll(text);
        const expected = Buffer.from(text).toString('utf8').split('\n').slice(0, -1);
        expect(lines).toEqual(expected.map((line) => line.replace(/\r+$/, '')));
        let offset = 0;
        expect(ends).toEqual(expected.map((line) => (offset += Buffer.byteLength(line) + 1)));
      }),
      { numRuns: 200 },
    );
  });

  it('come from random bytes without a crash, and from any of their ends on', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 5000 }),
        fc.constantFrom('utf-8', 'ascii', 'latin-1', 'utf-16', 'shift_jis'),
        (bytes, name) => {
          const { lines, ends } = readAll(Buffer.from(bytes), name);
          const middle = Math.floor(ends.length / 2);
          if (ends.length > 0) expect(readAll(Buffer.from(bytes), name, ends[middle]).lines).toEqual(lines.slice(middle + 1));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are bounded: ten megabytes without a newline are one line cut to 64 KiB, and the next line is whole', () => {
    const { lines, ends, cut } = readAll(`first\n${'x'.repeat(10_000_000)}\nlast\n`);
    expect(lines.map((line) => line.length)).toEqual([5, MAX_LINE, 4]);
    expect(ends).toEqual([6, 10_000_007, 10_000_012]);
    expect(cut).toBe(true);
  });

  it('are bounded inside a chunk too', () => {
    const { lines, cut } = readAll(`${'x'.repeat(MAX_LINE + 1)}\n${'y'.repeat(MAX_LINE)}\nz\n`);
    expect(lines.map((line) => line.length)).toEqual([MAX_LINE, MAX_LINE, 1]);
    expect(cut).toBe(true);
  });

  it('come behind a hole that ends a little before what is read at once does', () => {
    const path = join(folder.path, 'hole');
    for (const before of [10, 70_000, 131_000, 131_071, 131_072, 262_100]) {
      writeFileSync(path, Buffer.concat([Buffer.alloc(before), Buffer.from(`${'x'.repeat(200)}\nnext\n`)]));
      const fd = openSync(path, 'r');
      const cursor = new LineCursor(fd, encodingOf('utf-8')!);
      const lines = Array.from({ length: 6 }, () => cursor.read().lines).flat();
      closeSync(fd);
      expect(lines).toEqual(['x'.repeat(200), 'next']);
    }
  });

  it('are the same whatever stands in the lines beside them', () => {
    expect(readAll('a\x1ab\x1cc\x7fd\n', 'shift_jis').lines).toEqual(['a\x1ab\x1cc\x7fd']);
    expect(readAll(Buffer.from('a\x1ab\x1cc\x7fd\n\x83\x41\n', 'latin1'), 'shift_jis').lines).toEqual(['a\x1ab\x1cc\x7fd', 'ア']);
  });

  it('come without the NULs before them', () => {
    const hole = Buffer.alloc(1_000_000);
    expect(readAll(Buffer.concat([hole, Buffer.from('a\n\0\0b\0c\n')])).lines).toEqual(['a', 'b\0c']);
  });
});

describe('encodings', () => {
  it('UTF-16 lines end where a newline ends, not at a byte 0x0A', () => {
    const text = 'Ċ one\r\n\u0a0a two\n日本\n';
    const little = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')]);
    const big = Buffer.from(little).swap16();
    for (const bytes of [little, big]) {
      const { lines, ends } = readAll(bytes, 'utf_16');
      expect(lines).toEqual(['Ċ one', '\u0a0a two', '日本']);
      expect(ends.at(-1)).toBe(bytes.length);
    }
    expect(readAll(Buffer.from(text, 'utf16le'), 'UTF-16LE').lines).toHaveLength(3);
    expect(readAll(Buffer.from(text, 'utf16le').swap16(), 'utf-16-be').lines).toHaveLength(3);
  });

  it.each([
    ['utf-8', 'ok ü \ufffd\ufffd end'],
    ['auto', 'ok ü \ufffd\ufffd end'],
    ['ascii', 'ok \ufffd\ufffd \ufffd\ufffd end'],
    ['latin1', 'ok Ã¼ ÿþ end'],
    ['iso8859-15', 'ok ÃŒ ÿþ end'],
    ['cp1252', 'ok Ã¼ ÿþ end'],
  ])('%s: bytes that do not belong to it are replaced, and told', (name, expected) => {
    const bytes = Buffer.concat([Buffer.from('good\nok ü '), Buffer.from([0xff, 0xfe]), Buffer.from(' end\n')]);
    const { lines, flawed } = readAll(bytes, name);
    expect(lines).toEqual(['good', expected]);
    expect(flawed).toBe(['utf-8', 'auto', 'ascii'].includes(name));
  });

  it('nobody knows are null', () => {
    expect(encodingOf('klingon')).toBeNull();
    expect(encodingOf('')).toBeNull();
  });
});
