import fc from 'fast-check';
import { csvLine } from '../../../src/panel/web/csv';

/** Reads one line back, as RFC 4180 has it. */
function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let at = 0;
  const text = line.slice(0, -2);
  for (;;) {
    if (text[at] === '"') {
      const end = /^"(?:[^"]|"")*"/.exec(text.slice(at))?.[0] ?? '';
      cells.push(end.slice(1, -1).replaceAll('""', '"'));
      at += end.length;
    } else {
      const end = /^[^,]*/.exec(text.slice(at))?.[0] ?? '';
      cells.push(end);
      at += end.length;
    }
    if (at >= text.length) return cells;
    at++;
  }
}

it('every line reads back as its cells', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', "'", ' ', '\n', '\r', '=', '+', '-', '@', '1') });
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const read = cellsOf(csvLine(cells));
      expect(read).toHaveLength(cells.length);
      for (const [index, text] of read.entries()) expect([cells[index], `'${cells[index]}`]).toContain(text);
    }),
  );
});

it.each(['=1+1', '+1', '-2', '@SUM(A1)', '\t=1', '  =1', '=HYPERLINK("http://evil")'])('%j is no formula', (cell) => {
  expect(cellsOf(csvLine([cell]))[0]).toBe(`'${cell}`);
});

it('control characters become spaces, numbers stay, nothing is empty', () => {
  expect(csvLine(['a\u001b[31mb\u0000', 1.5, null])).toBe('"a [31mb ",1.5,\r\n');
});
