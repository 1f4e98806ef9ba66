/** Addresses and ranges: what is one, its one spelling, and what lies in it. */
import * as fc from 'fast-check';
import { canonicalId, contains, formatAddress, parseAddress, type Address } from '../../src/model/address';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1/24', '192.0.2.0/24'],
  ['192.0.2.1/255.255.255.0', '192.0.2.0/24'],
  ['192.0.2.1/32', '192.0.2.1'],
  ['0.0.0.0/0', '0.0.0.0/0'],
  ['2001:DB8:0:0::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['2001:db8:ffff::1/ffff:ffff::', '2001:db8::/32'],
  ['::/0', '::/0'],
  ['::ffff:192.0.2.5', '192.0.2.5'],
  ['::ffff:c000:205', '192.0.2.5'],
  ['::ffff:192.0.2.5/120', '192.0.2.0/24'],
])('%s is %s', (text, canonical) => {
  expect(canonicalId(text)).toBe(canonical);
});

test.each([
  '01.2.3.4',
  '1.2.3',
  '256.1.1.1',
  'fe80::1%eth0',
  '192.0.2.1/33',
  '192.0.2.1/a',
  '192.0.2.1/255.0.255.0',
  '2001:db8::/129',
  'name.example',
  '',
  '192.0.2.1/',
])('%s is no address', (text) => {
  expect(parseAddress(text)).toBeNull();
  expect(canonicalId(` ${text} `)).toBe(text);
});

test.each([
  ['192.0.2.0/24', '192.0.2.77', true],
  ['192.0.2.0/24', '192.0.3.77', false],
  ['192.0.2.64/26', '192.0.2.128', false],
  ['192.0.2.64/26', '192.0.2.127', true],
  ['192.0.2.0/24', '192.0.0.0/16', false],
  ['192.0.0.0/16', '192.0.2.0/24', true],
  ['0.0.0.0/0', '2001:db8::1', false],
  ['2001:db8::/33', '2001:db8:7fff::1', true],
  ['2001:db8::/33', '2001:db8:8000::1', false],
])('%s holds %s: %s', (outer, inner, expected) => {
  expect(contains(parseAddress(outer)!, parseAddress(inner)!)).toBe(expected);
});

test('every address has one spelling, which reads as the same address', () => {
  const addresses = fc.oneof(
    fc.tuple(
      fc.constant('inet4' as const),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 0, max: 32 }),
    ),
    fc.tuple(
      fc.constant('inet6' as const),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 16, maxLength: 16 }),
      fc.integer({ min: 0, max: 128 }),
    ),
  );
  fc.assert(
    fc.property(addresses, ([family, bytes, prefix]) => {
      const raw: Address = { family, bytes, prefix };
      const once = parseAddress(formatAddress(raw))!;
      expect(parseAddress(formatAddress(once))).toEqual(once);
      expect(contains(once, { ...raw, prefix: bytes.length * 8 }) || once.family !== family).toBe(true);
    }),
  );
});

test('no text makes the reader throw', () => {
  fc.assert(fc.property(fc.string(), (text) => expect(() => parseAddress(text)).not.toThrow()));
});
