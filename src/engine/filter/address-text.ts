/** Makes the canonical text of an address or range from what a log line bears; other text stays as it is. */
import { formatAddress, parseAddress } from '../../model/address';
import { keptIPv4 } from './kept-ipv4';

/** A single address in canonical text (IPv6 compressed, IPv4 in IPv6 unwrapped); null when the text is not one. */
export function addressText(text: string): string | null {
  const kept = keptIPv4(text);
  if (kept !== null) return kept;
  if (text.includes('/')) return null;
  const address = parseAddress(text);
  return address === null ? null : formatAddress(address);
}

/**
 * The id of a captured address: canonical, with its prefix as a range when it has one that makes sense; what is no address stays as written.
 * @param prefix the captured prefix length, or null
 */
export function idOfAddress(text: string, prefix: string | null): string {
  const range = prefix === null || prefix === '' ? null : parseAddress(`${text}/${prefix}`);
  return range === null ? (addressText(text) ?? text) : formatAddress(range);
}

/** The id of a captured `<F-ID>`: an address or a range `address/prefix` in canonical text, anything else as written. */
export function idOfText(text: string): string {
  const address = parseAddress(text);
  return address === null ? text : formatAddress(address);
}
