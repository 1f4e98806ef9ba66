import fc from 'fast-check';
import { drawStack } from '../../../src/panel/web/stack';

const starts = [0, 3600, 7200];

it('draws the busiest by themselves and the rest as one', () => {
  const rows = ['a', 'b', 'c', 'd'].map((key, index) => ({ start: 3600, key, count: 4 - index }));
  const stack = drawStack({ rows, starts, series: 3 });
  expect(stack.legend).toEqual([
    { series: 1, key: 'a', total: 4 },
    { series: 2, key: 'b', total: 3 },
    { series: 3, key: null, total: 3 },
  ]);
  expect([stack.total, stack.peak, stack.top]).toEqual([10, 10, 10]);
  expect(stack.columns[1]?.segments).toEqual([
    { series: 1, y: 60, height: 40 },
    { series: 2, y: 30, height: 30 },
    { series: 3, y: 0, height: 30 },
  ]);
  expect(stack.columns[0]?.segments).toEqual([]);
});

it('leaves out what lies outside of its columns', () => {
  const stack = drawStack({ rows: [{ start: 9999, key: 'a', count: 5 }], starts, series: 6 });
  expect([stack.total, stack.legend, stack.top]).toEqual([0, [], 4]);
});

it('keeps every segment inside, adds up, and lets every count be seen', () => {
  const row = fc.record({
    start: fc.constantFrom(...starts),
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e', '__proto__'),
    count: fc.nat(1_000_000),
  });
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (rows, series) => {
      const stack = drawStack({ rows, starts, series });
      expect(stack.total).toBe(rows.reduce((sum, { count }) => sum + count, 0));
      expect(stack.legend.reduce((sum, { total }) => sum + total, 0)).toBe(stack.total);
      expect(stack.legend.length).toBeLessThanOrEqual(series);
      for (const column of stack.columns) {
        expect(column.segments.length > 0).toBe(column.total > 0);
        for (const { y, height } of column.segments) {
          expect(y).toBeGreaterThanOrEqual(-0.02);
          expect(y + height).toBeLessThanOrEqual(100.02);
        }
      }
    }),
  );
});
