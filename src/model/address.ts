/** Text becomes an address or a range, and back in one canonical spelling; and whether a range holds an address. */
import { isIPv4, isIPv6 } from 'node:net';
import { IPv6 } from 'ipaddr.js';

/** An IPv4 or IPv6 address, or a range of them. */
export interface Address {
  readonly family: 'inet4' | 'inet6';
  /** Four or sixteen; bits beyond the prefix are 0. */
  readonly bytes: readonly number[];
  /** 32 or 128 for a single address. */
  readonly prefix: number;
}

/** Reading an address is much of what a busy jail does; logs repeat the same ones. */
const CACHE_SIZE = 4096;
const cache = new Map<string, Address | null>();
const texts = new WeakMap<Address, string>();

/**
 * Reads `192.0.2.1`, `192.0.2.0/24`, `192.0.2.0/255.255.255.0`, `2001:db8::/32`, `[2001:db8::1]`; IPv4 inside IPv6 (`::ffff:…`) is IPv4.
 * Null for everything else: names, scope ids, numbers with leading zeros, prefixes that are too long, masks with holes.
 */
export function parseAddress(text: string): Address | null {
  if (text.length > 80) return null;
  const known = cache.get(text);
  if (known !== undefined) return known;
  const address = read(text);
  if (cache.size >= CACHE_SIZE) cache.delete(cache.keys().next().value ?? '');
  cache.set(text, address);
  return address;
}

/** The one spelling of an address or range: lower case, shortest, bits beyond the prefix 0, `/prefix` only for ranges. */
export function formatAddress(address: Address): string {
  let text = texts.get(address);
  if (text === undefined) texts.set(address, (text = write(address)));
  return text;
}

function write(address: Address): string {
  const base = address.family === 'inet4' ? address.bytes.join('.') : writeV6(address.bytes);
  return isSingle(address) ? base : `${base}/${address.prefix}`;
}

/** As inet_ntop writes it: an address of which only the last 32 bits are set, the first half of them too, ends as IPv4 does. */
function writeV6(bytes: readonly number[]): string {
  const compatible = bytes.every((byte, at) => at >= 12 || byte === 0) && (bytes[12] !== 0 || bytes[13] !== 0);
  return compatible ? `::${bytes.slice(12).join('.')}` : new IPv6([...bytes]).toRFC5952String();
}

/** The canonical spelling of an address or range; any other text as it is, without blanks around it. */
export function canonicalId(text: string): string {
  const trimmed = text.trim();
  // Node takes only the one spelling for an IPv4 address.
  if (isIPv4(trimmed)) return trimmed;
  const address = parseAddress(trimmed);
  return address === null ? trimmed : formatAddress(address);
}

/** Whether it is one address, no range. */
export function isSingle(address: Address): boolean {
  return address.prefix === address.bytes.length * 8;
}

/** Whether every address of `inner` lies in `outer`. */
export function contains(outer: Address, inner: Address): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  const whole = outer.prefix >> 3;
  for (let at = 0; at < whole; at++) if (outer.bytes[at] !== inner.bytes[at]) return false;
  const rest = outer.prefix & 7;
  return rest === 0 || (((outer.bytes[whole] ?? 0) ^ (inner.bytes[whole] ?? 0)) & (0xff << (8 - rest)) & 0xff) === 0;
}

function read(text: string): Address | null {
  const slash = text.indexOf('/');
  const bytes = readBytes(slash < 0 ? text : text.slice(0, slash));
  if (bytes === null) return null;
  const prefix = slash < 0 ? bytes.length * 8 : readPrefix(text.slice(slash + 1), bytes.length);
  return prefix === null ? null : make(bytes, prefix);
}

function make(bytes: readonly number[], prefix: number): Address {
  const mapped = bytes.length === 16 && prefix >= 96 && bytes.every((byte, at) => at >= 12 || byte === (at < 10 ? 0 : 0xff));
  if (mapped) return make(bytes.slice(12), prefix - 96);
  return { family: bytes.length === 4 ? 'inet4' : 'inet6', bytes: bytes.map((byte, at) => byte & maskByte(prefix, at)), prefix };
}

function maskByte(prefix: number, at: number): number {
  const bits = Math.min(8, Math.max(0, prefix - at * 8));
  return (0xff << (8 - bits)) & 0xff;
}

function readBytes(text: string): readonly number[] | null {
  if (isIPv4(text)) return text.split('.').map(Number);
  const bare = text.startsWith('[') && text.endsWith(']') ? text.slice(1, -1) : text;
  return isIPv6(bare) && !bare.includes('%') ? IPv6.parse(bare).toByteArray() : null;
}

function readPrefix(text: string, length: number): number | null {
  if (/^\d{1,3}$/.test(text)) {
    const prefix = Number(text);
    return prefix <= length * 8 ? prefix : null;
  }
  const mask = readBytes(text);
  if (mask === null || mask.length !== length) return null;
  const bits = mask.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return /^1*0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : null;
}
