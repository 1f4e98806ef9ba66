/** Whom somebody may ban by hand: an address or a range in its one spelling, or why not. */
import { contains, formatAddress, isSingle, parseAddress, type Address } from '../../../model/address';

export type CheckedBan = { readonly id: string } | { readonly refusal: string };

/** The widest ranges that a slip of the hand may ban: the first number of an IPv4 address, the first group of an IPv6 one. */
const WIDEST = { inet4: 8, inet6: 16 } as const;
/** The machine itself, and no address of anybody. */
const NOBODY = ['127.0.0.0/8', '::1', '0.0.0.0/8', '::'].map(parseAddress).filter((range) => range !== null);

/** @param own addresses of whoever asks */
export function checkBan(text: string, own: readonly string[]): CheckedBan {
  const address = parseAddress(text.trim());
  if (address === null) return { refusal: 'is neither an address nor a range' };
  const widest = WIDEST[address.family];
  if (address.prefix < widest) return { refusal: `is too wide: ranges are banned up to /${widest}` };
  if (NOBODY.some((range) => contains(range, address) || contains(address, range)))
    return { refusal: 'is an address of the server itself' };
  if (own.some((mine) => holds(address, mine))) {
    return { refusal: isSingle(address) ? 'is the address you come from' : 'holds the address you come from' };
  }
  return { id: formatAddress(address) };
}

function holds(range: Address, text: string): boolean {
  const address = parseAddress(text);
  return address !== null && contains(range, address);
}
