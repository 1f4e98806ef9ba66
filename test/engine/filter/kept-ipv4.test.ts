/** The texts that are kept are those of IPv4 addresses in their one spelling: compared with the reading of all addresses. */
import fc from 'fast-check';
import { keptIPv4 } from '../../../src/engine/filter/kept-ipv4';
import { formatAddress, parseAddress } from '../../../src/model/address';

const expected = (text: string): string | null => {
  const address = /^[\d.]+$/.test(text) ? parseAddress(text) : null;
  return address === null ? null : formatAddress(address);
};

test.each([
  '0.0.0.0',
  '255.255.255.255',
  '192.0.2.1',
  '1.2.3',
  '1.2.3.',
  '.1.2.3',
  '1..2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.2.3.00',
  '1.2.3.256',
  '1.2.3.4 ',
  '1.2.3.4/32',
  '1.2.3.a',
  '١.2.3.4',
  '',
  '::ffff:1.2.3.4',
  '1111.1.1.1',
])('%j', (text) => {
  expect(keptIPv4(text)).toBe(expected(text));
});

test('any numbers and dots, and addresses in the same place of the table one after the other', () => {
  const part = fc.oneof(fc.nat(300).map(String), fc.stringMatching(/^\d{0,4}$/));
  fc.assert(fc.property(fc.array(part, { maxLength: 5 }), (parts) => keptIPv4(parts.join('.')) === expected(parts.join('.'))));
  for (let number = 0; number < 20_000; number++) {
    const text = `10.${number >> 12}.${(number >> 4) & 255}.${number & 15}`;
    expect(keptIPv4(` ${text} `.slice(1, -1))).toBe(text);
  }
});
