/** The words of `ignoreip`: what each of them is, and why one is nothing. */
import { parseAddress } from '../../model/address';

export type IgnoreWord =
  | { readonly kind: 'address'; readonly word: string }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'name'; readonly word: string }
  | { readonly kind: 'wrong'; readonly word: string; readonly reason: string };

/** An address, range or address/mask; a `file:` with more words; a host name; or something that was meant to be an address and is none. */
export function readIgnoreWord(word: string): IgnoreWord {
  if (word.startsWith('file:')) {
    const path = word.slice('file:'.length).replace(/^\/{2,}/, '/');
    return path === '' ? wrong(word, "a path is missing behind 'file:'") : { kind: 'file', path };
  }
  if (parseAddress(word) !== null) return { kind: 'address', word };
  if (word.includes('%')) return wrong(word, 'an address with a zone cannot be trusted; write it without the part from % on');
  const slash = word.indexOf('/');
  if (slash >= 0) {
    const base = word.slice(0, slash);
    if (parseAddress(base) === null) return wrong(word, `'${base}' in front of the slash is no address`);
    return wrong(
      word,
      `'${word.slice(slash + 1)}' is neither a prefix length of ${base.includes(':') ? '0 to 128' : '0 to 32'} nor a mask`,
    );
  }
  if (/^[\d.]+$/.test(word)) return wrong(word, 'an IPv4 address has four numbers from 0 to 255 without leading zeros, as 192.0.2.1');
  if (word.includes(':')) return wrong(word, 'it is no IPv6 address; write it as 2001:db8::1');
  if (!/^[\w-]+(?:\.[\w-]+)*\.?$/.test(word)) return wrong(word, 'it is neither an address nor a host name');
  return { kind: 'name', word };
}

function wrong(word: string, reason: string): IgnoreWord {
  return { kind: 'wrong', word, reason };
}
