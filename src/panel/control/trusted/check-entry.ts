/** Whether a text may be trusted, and its one spelling. */
import { readIgnoreWord } from '../../../contracts/files/ignoreip';
import { formatAddress, parseAddress } from '../../../model/address';

export type CheckedEntry = { readonly entry: string } | { readonly refusal: string };

/** Of a host name. */
const LONGEST = 253;
/** A wider range is a slip: nobody would be banned any more. */
const WIDEST = { inet4: 8, inet6: 16 } as const;

/** Addresses and ranges come out as they are compared, names in lower case. */
export function checkEntry(text: string): CheckedEntry {
  const word = text.trim();
  if (word === '') return { refusal: 'there is nothing to trust' };
  if (word.length > LONGEST) return { refusal: `it is longer than ${LONGEST} characters` };
  const read = readIgnoreWord(word);
  if (read.kind === 'wrong') return { refusal: read.reason };
  if (read.kind === 'file') return { refusal: 'a file with addresses is named in the configuration itself' };
  const address = parseAddress(word);
  if (address === null) return { entry: word.toLowerCase() };
  const { family, prefix } = address;
  if (prefix < WIDEST[family]) return { refusal: `a range of more than /${WIDEST[family]} is too wide: hardly anybody would be banned` };
  return { entry: formatAddress(address) };
}

/** How entries are compared: an address has many spellings. */
export function entryKey(word: string): string {
  const address = parseAddress(word);
  return address === null ? word.toLowerCase() : formatAddress(address);
}
