/** Ranges within ranges: pieces that do not overlap, each lasting as long as the longest ban that covers it; and what changes from one cover to the next. */
import fc from 'fast-check';
import { coverOf, spanOf, type Span } from '../../../../src/engine/action/bulk/range-cover';
import { RangeBook } from '../../../../src/engine/action/bulk/range-book';
import { canonicalId } from '../../../../src/model/address';
import type { PlaceChange } from '../../../../src/engine/action/bulk/place';

const cover = (ranges: Readonly<Record<string, number>>): string[] => {
  const spans = new Map(Object.entries(ranges).map(([text, end]) => [text, { span: spanOf(text)!, end }]));
  return coverOf(spans).map(({ text, end }) => `${text} ${end}`);
};

test.each<[Readonly<Record<string, number>>, string[]]>([
  [{ '10.0.0.0/8': 5, '192.0.2.0/24': 6 }, ['10.0.0.0/8 5', '192.0.2.0/24 6']],
  [{ '10.0.0.0/8': 9, '10.1.0.0/16': 5 }, ['10.0.0.0/8 9']],
  [{ '10.0.0.0/8': 9, '10.1.0.0/16': 9 }, ['10.0.0.0/8 9']],
  [{ '10.0.0.0/8': 5, '10.0.0.0/9': 9 }, ['10.0.0.0/9 9', '10.128.0.0/9 5']],
  [{ '10.0.0.0/8': 5, '10.1.0.0/16': 9 }, ['10.0.0.0/16 5', '10.1.0.0/16 9', '10.2.0.0-10.255.255.255 5']],
  [{ '10.0.0.0/24': 5, '10.0.1.0/24': 5 }, ['10.0.0.0/24 5', '10.0.1.0/24 5']],
  [{ '0.0.0.0/0': 1, '255.255.255.255/32': 2 }, ['0.0.0.0-255.255.255.254 1', '255.255.255.255 2']],
  [
    { '2001:db8::/32': 1, '2001:db8:ffff::/48': Infinity },
    ['2001:db8::-2001:db8:fffe:ffff:ffff:ffff:ffff:ffff 1', '2001:db8:ffff::/48 Infinity'],
  ],
])('%j', (ranges, pieces) => expect(cover(ranges)).toEqual(pieces));

/** Ranges of the 256 addresses of 192.0.2.0/24, so that all of them can be asked. */
const small = fc
  .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 31 }))
  .map(([last, prefix]) => canonicalId(`192.0.2.${last}/${prefix}`));
const bans = fc.array(fc.tuple(small, fc.integer({ min: 1, max: 9 })), { maxLength: 12 });

const holds = ({ first, last }: Span, address: number): boolean => first <= BigInt(address) && BigInt(address) <= last;

test('every address is covered by at most one piece, exactly as long as its longest ban', () => {
  fc.assert(
    fc.property(bans, (list) => {
      const ranges = new Map(list.map(([text, end]) => [text, { span: spanOf(text)!, end }]));
      const pieces = coverOf(ranges).map(({ text, end }) => ({ span: spanOf(text)!, end }));
      for (let last = 0; last < 256; last++) {
        const address = 0xc0000200 + last;
        const ends = [...ranges.values()].filter(({ span }) => holds(span, address)).map(({ end }) => end);
        const over = pieces.filter(({ span }) => holds(span, address)).map(({ end }) => end);
        expect(over).toEqual(ends.length === 0 ? [] : [Math.max(...ends)]);
      }
    }),
  );
});

test('following its plans, a set always holds the cover of the bans, and no plan takes what is not there or puts in what overlaps', () => {
  const change = fc.record({
    verb: fc.constantFrom<'add' | 'remove'>('add', 'remove'),
    element: small,
    end: fc.integer({ min: 10, max: 19 }),
  });
  fc.assert(
    fc.property(fc.array(fc.array(change, { minLength: 1, maxLength: 4 }), { maxLength: 8 }), (steps) => {
      const book = new RangeBook(-1);
      const wanted = new Map<string, number>();
      const set = new Map<string, number>();
      for (const step of steps) {
        const changes: PlaceChange[] = step.map((one) => ({ ...one, text: one.element }));
        const { anew, gone, come } = book.plan(changes, 0);
        expect(anew).toBe(false);
        for (const text of gone) expect(set.delete(text)).toBe(true);
        for (const { text, end } of come) set.set(text, end);
        book.done(changes, 0);
        for (const { verb, element, end } of step) {
          if (verb === 'add') wanted.set(element, end);
          else wanted.delete(element);
        }
        expect([...set].map(([text, end]) => `${text} ${end}`).sort()).toEqual(cover(Object.fromEntries(wanted)).sort());
      }
    }),
  );
});

test('after a doubt the set is made anew; what it tells is believed only when it is whole', () => {
  const book = new RangeBook();
  const changes: PlaceChange[] = [
    { verb: 'add', element: '10.0.0.0/8', text: '', end: 50 },
    { verb: 'add', element: '10.1.0.0/16', text: '', end: 90 },
  ];
  book.done(changes, 0);
  const members = new Map([
    ['10.0.0.0/16', null],
    ['10.1.0.0/16', null],
    ['10.2.0.0-10.255.255.255', null],
  ]);
  expect(book.inForce(members, 0)).toEqual(['10.0.0.0/8', '10.1.0.0/16']);
  members.delete('10.1.0.0/16');
  expect(book.inForce(members, 0)).toEqual([]);
  book.doubt();
  expect(book.plan([], 0)).toMatchObject({ anew: true, come: [{ end: 50 }, { end: 90 }, { end: 50 }] });
  expect(book.plan([], 60)).toMatchObject({ anew: true, come: [{ text: '10.1.0.0/16', end: 90 }] });
});
