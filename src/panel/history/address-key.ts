/** An address as 16 bytes that sort as addresses do, IPv4 among IPv6 as ::ffff:a.b.c.d, so that a range is everything between two keys. */
import { parseAddress, type Address } from '../../model/address';

const BYTES = 16;
const V4_AT = 12;

export interface KeyRange {
  readonly first: Buffer;
  readonly last: Buffer;
}

function bytesOf(address: Address): Buffer {
  const key = Buffer.alloc(BYTES);
  if (address.family === 'inet4') key.fill(0xff, V4_AT - 2, V4_AT);
  Buffer.from(address.bytes).copy(key, BYTES - address.bytes.length);
  return key;
}

/** The key of an address, or of the first address of a range; null for other ids. */
export function addressKey(id: string): Buffer | null {
  const address = parseAddress(id);
  return address === null ? null : bytesOf(address);
}

/** The keys of the first and the last address of a range (or of one address); null for other texts. */
export function keyRange(range: string): KeyRange | null {
  const address = parseAddress(range.trim());
  if (address === null) return null;
  const first = bytesOf(address);
  const last = Buffer.from(first);
  const prefix = address.prefix + (BYTES - address.bytes.length) * 8;
  for (let bit = prefix; bit < BYTES * 8; bit++) last[bit >> 3] = (last[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  return { first, last };
}
