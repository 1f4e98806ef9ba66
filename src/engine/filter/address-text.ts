/** Makes the canonical text of an address or range from what a log line bears; other text stays as it is. */
import { IPv4, IPv6 } from 'ipaddr.js';

const DECIMAL = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

type Address = IPv4 | IPv6;

function parseAddress(text: string): Address | null {
  if (DECIMAL.test(text)) return IPv4.parse(text);
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  if (!bare.includes(':') || bare.includes('%') || !IPv6.isValid(bare)) return null;
  const address = IPv6.parse(bare);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

const bitsOf = (address: Address): number => (address instanceof IPv4 ? 32 : 128);

function textOf(address: Address): string {
  return address instanceof IPv4 ? address.toString() : address.toRFC5952String();
}

/** The network's first address and its prefix; the address alone when the prefix covers all of its bits. */
function networkText(address: Address, prefix: number): string {
  if (prefix === bitsOf(address)) return textOf(address);
  const bytes = address.toByteArray().map((byte, index) => byte & (0xff << Math.min(8, Math.max(0, 8 - (prefix - index * 8)))));
  return `${textOf(address instanceof IPv4 ? new IPv4(bytes) : new IPv6(bytes))}/${prefix}`;
}

/** An address in canonical text (IPv6 compressed, IPv4 in IPv6 unwrapped); null when the text is not an address. */
export function addressText(text: string): string | null {
  if (DECIMAL.test(text)) return text;
  const address = parseAddress(text);
  return address === null ? null : textOf(address);
}

/**
 * The id of a captured address: canonical, with its prefix as a range when it has one that makes sense; what is no address stays as written.
 * @param prefix the captured prefix length, or null
 */
export function idOfAddress(text: string, prefix: string | null): string {
  const address = parseAddress(text);
  if (address === null) return text;
  const length = prefix === null || prefix === '' ? bitsOf(address) : Number(prefix);
  return Number.isInteger(length) && length <= bitsOf(address) ? networkText(address, length) : textOf(address);
}

/** The id of a captured `<F-ID>`: an address or a range `address/prefix` in canonical text, anything else as written. */
export function idOfText(text: string): string {
  const range = /^(.*)\/(\d{1,3})$/.exec(text);
  if (range === null) return idOfAddress(text, null);
  const address = parseAddress(range[1] ?? '');
  const length = Number(range[2]);
  return address === null || length > bitsOf(address) ? text : networkText(address, length);
}
