import fc from 'fast-check';
import { contains, formatAddress, parseAddress } from '../../../src/model/address';
import { addressKey, keyRange } from '../../../src/panel/history/address-key';

const hex = (id: string): string | undefined => addressKey(id)?.toString('hex');

test('keys have sixteen bytes, IPv4 among IPv6', () => {
  expect(hex('192.0.2.1')).toBe('00000000000000000000ffffc0000201');
  expect(hex('2001:db8::1')).toBe('20010db8000000000000000000000001');
  expect(hex('::ffff:192.0.2.1')).toBe(hex('192.0.2.1'));
  expect(addressKey('root')).toBeNull();
  expect(keyRange('192.0.2.0/24')?.last.toString('hex')).toBe('00000000000000000000ffffc00002ff');
  expect(keyRange('2001:db8::/33')?.last.toString('hex')).toBe('20010db87fffffffffffffffffffffff');
  expect(keyRange('nothing')).toBeNull();
});

test('an address lies between the keys of a range exactly when the range contains it', () => {
  const v4 = fc.ipV4();
  const v6 = fc.ipV6().filter((text) => parseAddress(text)?.family === 'inet6');
  const pairs = fc.oneof(fc.tuple(v4, v4, fc.integer({ min: 0, max: 32 })), fc.tuple(v6, v6, fc.integer({ min: 0, max: 128 })));
  fc.assert(
    fc.property(pairs, fc.boolean(), ([one, other, prefix], same) => {
      const range = parseAddress(`${one}/${prefix}`);
      const address = parseAddress(same ? one : other);
      if (range === null || address === null) throw new Error(`${one}/${prefix}`);
      const { first, last } = keyRange(formatAddress(range)) ?? { first: Buffer.alloc(0), last: Buffer.alloc(0) };
      const key = addressKey(formatAddress(address)) ?? Buffer.alloc(0);
      expect(key.compare(first) >= 0 && key.compare(last) <= 0).toBe(contains(range, address));
    }),
  );
});
