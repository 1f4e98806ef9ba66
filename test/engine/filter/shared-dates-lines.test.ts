/** Lines of one batch are dated as if each came alone: what is remembered from line to line changes nothing. */
import fc from 'fast-check';
import { silentLogger } from '../../../src/base/logger';
import { createDateStream, type LineDate } from '../../../src/engine/filter/date-reader';

const now = Date.UTC(2026, 10, 22, 9, 33, 20) / 1000;

const DATES = [
  '22/Nov/2026:09:33:00 +0000',
  '22/Nov/2026:09:33:01 +0000',
  'Sun Nov 22 09:33:00 2026',
  'Sun Nov 22 09:33:00.123456 2026',
  '2026-11-22 09:33:00',
  '2026-11-22T09:33:00+02:00',
  'Nov 22 09:33:00',
  '1795339980',
  '30/Feb/2026:09:33:00 +0000',
  '22/Nov/2026:09:33:00 XYZ',
];
const BEFORE = [
  '',
  '[',
  'x',
  '192.0.2.1 - - [',
  '203.0.113.77 - bob [',
  '2001:db8::1 - - [',
  '1 [',
  'abc [',
  '12:30:00 host [',
  '[pid 12345678] [',
];
const AFTER = [
  '] "GET / HTTP/1.1" 200 12',
  '] "GET /2026-11-22 HTTP/1.1" 200 123456',
  '] "GET /?at=12:30:00 HTTP/1.1" 404 1',
  '] [error] @4000000050d506482dbdf024 client',
  '] 20261122 093300',
  '] ٣',
  ' sshd[1]: Failed',
  '',
  ')',
];

const line = fc.tuple(fc.constantFrom(...BEFORE), fc.constantFrom(...DATES, ''), fc.constantFrom(...AFTER)).map((parts) => parts.join(''));
/** Many alike, as logs have them. */
const lines = fc
  .tuple(fc.array(line, { minLength: 1, maxLength: 4 }), fc.array(fc.nat(3), { minLength: 1, maxLength: 40 }))
  .map(([few, order]) => order.map((at) => few[at % few.length] as string));

function datesOf(texts: readonly string[], together: boolean): { dates: LineDate[]; tally: unknown } {
  const stream = createDateStream({ datepattern: null, logtimezone: 'UTC' }, now, silentLogger);
  const batches = together ? [texts] : texts.map((text) => [text]);
  const dates = batches.flatMap((batch) => {
    const reader = stream.open({ source: '/log', lines: batch, inOperation: true }, now);
    return batch.map((_, index) => reader.read(index));
  });
  const tally = stream.detector.tally().map(({ template, hits, weight }) => [template.name, hits, weight]);
  return { dates, tally };
}

test('lines of one batch are dated as lines that come one by one', () => {
  let dated = 0;
  fc.assert(
    fc.property(lines, (texts) => {
      const together = datesOf(texts, true);
      expect(together).toEqual(datesOf(texts, false));
      dated += together.dates.filter((date) => date.dated).length;
    }),
    { numRuns: 600, seed: 7 },
  );
  expect(dated).toBeGreaterThan(1000);
});
