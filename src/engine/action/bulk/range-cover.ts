/** Ranges that may lie within each other become pieces that do not overlap, each lasting as long as the longest ban that covers it. */
import { formatAddress, parseAddress, type Address } from '../../../model/address';

/** A span of addresses of one family. */
export interface Span {
  readonly family: Address['family'];
  readonly first: bigint;
  readonly last: bigint;
}

/** A piece of the cover. */
export interface Piece {
  /** `198.51.100.0/24` or `198.51.100.0-198.51.100.9`. */
  readonly text: string;
  /** Seconds since the epoch; Infinity for a ban without an end. */
  readonly end: number;
}

interface Open {
  readonly last: bigint;
  /** Which of the open ranges lasts longest, and until when. */
  readonly owner: string;
  readonly end: number;
}

/** Reads an address, a range, or two addresses joined by a hyphen; null for anything else. */
export function spanOf(text: string): Span | null {
  const [from = '', to] = text.split('-');
  const [low, high] = [parseAddress(from), parseAddress(to ?? from)];
  if (low === null || high?.family !== low.family) return null;
  const bits = BigInt(low.bytes.length * 8 - high.prefix);
  return { family: low.family, first: numberOf(low.bytes), last: numberOf(high.bytes) | ((1n << bits) - 1n) };
}

/** @param ranges spans with the end of their ban, all of one family; any two are apart or one lies within the other */
export function coverOf(ranges: ReadonlyMap<string, { readonly span: Span; readonly end: number }>): readonly Piece[] {
  const sorted = [...ranges].sort(([, a], [, b]) => compare(a.span.first, b.span.first) || compare(b.span.last, a.span.last));
  const pieces: { owner: string; first: bigint; last: bigint; end: number; family: Address['family'] }[] = [];
  const open: Open[] = [];
  let cursor = 0n;
  let family: Address['family'] = 'inet4';
  const take = (last: bigint, { owner, end }: Open): void => {
    if (cursor > last) return;
    const before = pieces.at(-1);
    if (before?.owner === owner && before.last + 1n === cursor) before.last = last;
    else pieces.push({ owner, first: cursor, last, end, family });
    cursor = last + 1n;
  };
  const closeUntil = (first: bigint | null): void => {
    for (let top = open.at(-1); top !== undefined && (first === null || top.last < first); top = open.at(-1)) {
      take(top.last, top);
      open.pop();
    }
  };
  for (const [owner, { span, end }] of sorted) {
    family = span.family;
    closeUntil(span.first);
    const around = open.at(-1);
    if (around !== undefined) take(span.first - 1n, around);
    cursor = span.first;
    open.push(around !== undefined && around.end >= end ? { ...around, last: span.last } : { last: span.last, owner, end });
  }
  closeUntil(null);
  return pieces.map(({ first, last, end, family: of }) => ({ text: spanText({ family: of, first, last }), end }));
}

function spanText({ family, first, last }: Span): string {
  const size = family === 'inet4' ? 32 : 128;
  const host = (last - first).toString(2).length;
  const isRange = last > first && last - first + 1n === 1n << BigInt(host) && (first & (last - first)) === 0n;
  if (first === last) return addressText(first, size, size);
  return isRange ? addressText(first, size, size - host) : `${addressText(first, size, size)}-${addressText(last, size, size)}`;
}

function addressText(value: bigint, size: number, prefix: number): string {
  const bytes = Array.from({ length: size / 8 }, (_, at) => Number((value >> BigInt(size - 8 - at * 8)) & 255n));
  return formatAddress({ family: size === 32 ? 'inet4' : 'inet6', bytes, prefix });
}

function numberOf(bytes: readonly number[]): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
