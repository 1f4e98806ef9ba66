/** The kernel's routes and the resolver's file become the addresses a server cannot live without: default gateways and name servers. */
import { formatAddress, parseAddress, type Address } from '../../model/address';

const ANYWHERE_4 = '00000000';
const ANYWHERE_6 = '0'.repeat(32);

/** The gateways of the default routes in `/proc/net/route`. */
export function gateways4(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [, to, gateway = '', , , , , mask] = line.trim().split(/\s+/);
    if (to !== ANYWHERE_4 || mask !== ANYWHERE_4 || gateway === ANYWHERE_4 || !/^[\da-f]{8}$/i.test(gateway)) return [];
    return [[...Buffer.from(gateway, 'hex')].reverse().join('.')];
  });
}

/** The gateways of the default routes in `/proc/net/ipv6_route`. */
export function gateways6(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [to, length, , , gateway = ''] = line.trim().split(/\s+/);
    if (to !== ANYWHERE_6 || length !== '00' || gateway === ANYWHERE_6 || !/^[\da-f]{32}$/i.test(gateway)) return [];
    return known((gateway.match(/.{4}/g) ?? []).join(':'));
  });
}

/** The name servers of a `resolv.conf`. */
export function nameServers(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => {
    const [word, address = ''] = line.trim().split(/\s+/);
    return word === 'nameserver' ? known(address.replace(/%.*$/, '')) : [];
  });
}

export interface Listed {
  readonly address: Address;
  /** Written with a `!` before it: what lies in it is taken out of the lists. */
  readonly not: boolean;
}

/** The words of a list of addresses and ranges; `#` begins a remark, words that are neither are left out. */
export function listed(text: string): readonly Listed[] {
  const words = text.split('\n').flatMap((line) => line.replace(/#.*$/, '').trim().split(/\s+/));
  return words.flatMap((word) => {
    const address = parseAddress(word.replace(/^!/, ''));
    return address === null ? [] : [{ address, not: word.startsWith('!') }];
  });
}

function known(word: string): readonly string[] {
  const address = parseAddress(word);
  return address === null ? [] : [formatAddress(address)];
}
