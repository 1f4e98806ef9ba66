/** What the scanner finds is what is there: beside a search literal by literal, in any bytes, and line by line as a cursor tells it. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { LineCursor } from '../../src/base/file-cursor';
import { encodingOf } from '../../src/base/file-encoding';
import { canScan, LiteralScanner, type Finds } from '../../src/base/literal-scan';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const WORDS = [
  'Failed ',
  '" 400',
  'aa',
  'aab',
  'baa',
  'abcabcabcabc',
  'Accepted ',
  'ed ',
  ' not allowed because ',
  'ssh',
  '\r\t',
  'Failed password',
];
const literals = fc.uniqueArray(
  fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: fc.constantFrom('a', 'b', ' ', '"'), minLength: 2, maxLength: 12 })),
  { minLength: 1, maxLength: 20 },
);
const line = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...WORDS, 'a', 'b', 'x', '"', ' 4', 'ü', '日本', '\0', '\r') },
      fc.string({ maxLength: 5 }),
    ),
    {
      maxLength: 30,
    },
  )
  .map((parts) => parts.join('').replaceAll('\n', ''));

/** Each literal with each line it stands in, once. */
const told = (pairs: readonly (readonly [number, string])[]): string[] =>
  [...new Set(pairs.map(([at, literal]) => `${at} ${literal}`))].sort();

function expected(lines: readonly string[], wanted: readonly string[]): string[] {
  return told(lines.flatMap((text, at) => wanted.filter((literal) => text.includes(literal)).map((literal) => [at, literal] as const)));
}

test('all literals are found in all lines, however long the text is', () => {
  let found = 0;
  fc.assert(
    fc.property(literals, fc.array(line, { minLength: 1, maxLength: 60 }), fc.nat(12), (wanted, few, times) => {
      const lines = Array.from({ length: times + 1 }, () => few).flat();
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''), 'utf8');
      const scanner = new LiteralScanner(wanted);
      const finds: Finds = { literals: [], places: [] };
      scanner.scan(bytes, 0, bytes.length, finds);
      const ends: number[] = [];
      for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) ends.push(at);
      const at = finds.places.map((place) => ends.findIndex((end) => end > place));
      expect(at).toEqual([...at].sort((a, b) => a - b));
      const pairs = at.map((number, index) => [number, scanner.literals[finds.literals[index]!]!] as const);
      expect(told(pairs)).toEqual(expected(lines, wanted));
      found += pairs.length;
    }),
    { numRuns: 400 },
  );
  expect(found).toBeGreaterThan(1000);
});

test('a cursor tells the lines in which they stand, in every encoding', () => {
  fc.assert(
    fc.property(
      literals,
      fc.array(line, { minLength: 1, maxLength: 80 }),
      fc.constantFrom('utf-8', 'latin-1', 'ascii', 'utf-16', 'shift_jis'),
      fc.integer({ min: 1, max: 50 }),
      (wanted, lines, encoding, maxLines) => {
        const path = join(folder.path, 'file');
        const text = lines.map((one) => `${one}\n`).join('');
        writeFileSync(path, encoding === 'utf-16' ? Buffer.from(text, 'utf16le') : Buffer.from(text));
        const fd = openSync(path, 'r');
        const cursor = new LineCursor(fd, encodingOf(encoding)!);
        const scanner = new LiteralScanner(wanted);
        for (let batch = cursor.read(maxLines, scanner); batch.lines.length > 0 || batch.more; batch = cursor.read(maxLines, scanner)) {
          const { block } = batch;
          const unscanned = new Set(block.unscanned);
          const pairs = block.foundLines.map((number, at) => [number, scanner.literals[block.foundLiterals[at]!]!] as const);
          const missing = expected(batch.lines, wanted).filter(
            (pair) => !told(pairs).includes(pair) && !unscanned.has(Number.parseInt(pair)),
          );
          expect(missing).toEqual([]);
          const half = Math.floor(block.length / 2);
          expect(block.from(half).lines()).toEqual(batch.lines.slice(half));
          expect(block.from(half).foundLines).toEqual(block.foundLines.filter((number) => number >= half).map((number) => number - half));
        }
        closeSync(fd);
      },
    ),
    { numRuns: 300 },
  );
});

test('literals of one character, with a newline or beyond ASCII are not scanned for', () => {
  expect(['a', '', 'a\nb', 'grüße', 'a\0'].map(canScan)).toEqual([false, false, false, false, false]);
  expect(() => new LiteralScanner(['a'])).toThrow(RangeError);
});
