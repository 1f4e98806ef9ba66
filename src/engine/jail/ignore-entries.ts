/** The words of `ignoreip` become a list that says whether an id is trusted, and by what. */
import { contains, formatAddress, isSingle, parseAddress, type Address } from '../../model/address';
import type { Resolver } from '../../base/resolver';

/** One word that is not a single address. */
export type IgnoreEntry =
  | { readonly kind: 'range'; readonly range: Address }
  | { readonly kind: 'file'; readonly path: string }
  /** A host name, or an id as raw text. */
  | { readonly kind: 'name'; readonly name: string };

export interface IgnoreEntries {
  /** Canonical single addresses: found at once. */
  readonly singles: ReadonlySet<string>;
  /** All else, in order. */
  readonly others: readonly IgnoreEntry[];
}

/** Words that look wrong are names: a raw id may be any text. */
export function readIgnoreEntries(words: readonly string[]): IgnoreEntries {
  const singles = new Set<string>();
  const others: IgnoreEntry[] = [];
  for (const word of words) {
    if (word === '') continue;
    const address = parseAddress(word);
    if (word.startsWith('file:')) others.push({ kind: 'file', path: pathOf(word) });
    else if (address === null) others.push({ kind: 'name', name: word });
    else if (isSingle(address)) singles.add(formatAddress(address));
    else others.push({ kind: 'range', range: address });
  }
  return { singles, others };
}

/** `file:/p`, `file:///p` and `file://p/q` are absolute, `file:p` and `file:./p` are not. */
function pathOf(word: string): string {
  const rest = word.slice('file:'.length);
  return rest.startsWith('//') ? `/${rest.replace(/^\/+/, '')}` : rest;
}

/** Whether one of the words, all of them ranges, holds the id. */
export function inRanges(entries: readonly IgnoreEntry[], id: string): boolean {
  if (entries.length === 0) return false;
  const address = parseAddress(id);
  return address !== null && entries.some((entry) => entry.kind === 'range' && contains(entry.range, address));
}

/** Whether a range holds the id, or a name is the id or resolves to it. Returns what it was: `ip`, `dns` or null. */
export async function matchEntry(
  entry: Exclude<IgnoreEntry, { readonly kind: 'file' }>,
  id: string,
  resolver: Resolver,
): Promise<'ip' | 'dns' | null> {
  const address = parseAddress(id);
  if (entry.kind === 'range') return address !== null && contains(entry.range, address) ? 'ip' : null;
  if (entry.name === id) return 'ip';
  if (address === null || !isSingle(address)) return null;
  const resolved = await resolver.addressesOf(entry.name);
  return resolved.some((text) => sameAddress(text, id)) ? 'dns' : null;
}

function sameAddress(text: string, id: string): boolean {
  const address = parseAddress(text);
  return address !== null && formatAddress(address) === id;
}
