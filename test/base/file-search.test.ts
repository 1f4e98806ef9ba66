import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodingOf } from '../../src/base/file-encoding';
import { offsetSince } from '../../src/base/file-search';
import { rotationBase } from '../../src/base/file-rotated';
import { temporaryFolder } from '../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());

function search(text: string, since: number, onLook: () => void = () => undefined): number {
  const path = join(folder.path, 'file');
  writeFileSync(path, text);
  const fd = openSync(path, 'r');
  const dateOf = (line: string): number | null => {
    onLook();
    return /^\d+ /.test(line) ? Number.parseInt(line, 10) : null;
  };
  try {
    return offsetSince(fd, encodingOf('utf-8')!, since, dateOf);
  } finally {
    closeSync(fd);
  }
}

it('finds the first young line in few looks, however long the file', () => {
  const lines = Array.from({ length: 100_000 }, (_, index) => `${index} something that happened\n`);
  let looks = 0;
  const offset = search(lines.join(''), 73_210, () => looks++);
  expect(offset).toBe(lines.slice(0, 73_210).join('').length);
  expect(looks).toBeLessThan(1500);
});

it('never passes over a young line, with undated lines in between, and always begins a line', () => {
  const line = fc.record({ step: fc.nat(3), undated: fc.nat(40), length: fc.nat(400) });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 400 }), fc.nat(600), (parts, since) => {
      let date = 0;
      let text = '';
      let expected: number | null = null;
      let lastOld = 0;
      for (const { step, undated, length } of parts) {
        date += step;
        if (date >= since) expected ??= text.length;
        text += `${date} ${'x'.repeat(length)}\n`;
        if (date < since) lastOld = text.length;
        text += 'no date\n'.repeat(undated);
      }
      const found = search(text, since);
      expect(found).toBeLessThanOrEqual(expected ?? text.length);
      expect(found).toBe(lastOld);
    }),
    { numRuns: 150 },
  );
});

it('begins at the beginning when no line has a date, and at the end when all are old', () => {
  expect(search('none\n'.repeat(20_000), 5)).toBe(0);
  expect(search('1 a\n2 b\n', 5)).toBe(8);
  expect(search('', 5)).toBe(0);
});

it.each([
  ['a.log.1', 'a.log'],
  ['a.log.2.gz', 'a.log'],
  ['a.log-20261122', 'a.log'],
  ['a-20261122.log', 'a.log'],
  ['a.log.2026-11-22_10', 'a.log'],
  ['a.log.1795376400', 'a.log'],
  ['error_log.webstat', 'error_log'],
  ['a.log', null],
  ['a-2.log', null],
  ['site.example', null],
  ['error_log.processed', null],
])('%s is a rotation of %s', (name, base) => {
  expect(rotationBase(`/l/${name}`)).toBe(base === null ? null : `/l/${base}`);
});
