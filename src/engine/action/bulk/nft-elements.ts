/** Elements of nftables sets: statements that add or remove many of them, and the elements that `nft -j list set` tells. */
import { canonicalId } from '../../../model/address';

/** Elements in one statement. */
const IN_STATEMENT = 500;

/** `add element inet table set { a, b }`, as many statements as it takes. */
export function elementStatements(verb: 'add' | 'delete', set: string, elements: readonly string[]): string {
  let text = '';
  for (let at = 0; at < elements.length; at += IN_STATEMENT) {
    text += `${verb} element ${set} { ${elements.slice(at, at + IN_STATEMENT).join(', ')} }\n`;
  }
  return text;
}

/** An element as nft's JSON has it: a value, or one with its times. */
type Value = string | { readonly prefix: { readonly addr: string; readonly len: number } } | { readonly range: readonly [string, string] };
type Element = Value | { readonly elem: { readonly val: Value; readonly expires?: number } };

/** The elements of all sets in the output of `nft -j list set`, with their ends (seconds since the epoch; null without one). Empty for what is no JSON. */
export function listedElements(output: string, now: number): ReadonlyMap<string, number | null> {
  const members = new Map<string, number | null>();
  let listed: { readonly nftables?: readonly { readonly set?: { readonly elem?: readonly Element[] } }[] };
  try {
    listed = JSON.parse(output) as typeof listed;
  } catch {
    return members;
  }
  for (const { set } of listed.nftables ?? []) {
    for (const element of set?.elem ?? []) {
      const timed = typeof element === 'object' && 'elem' in element ? element.elem : { val: element };
      members.set(valueText(timed.val), 'expires' in timed && timed.expires !== undefined ? now + timed.expires : null);
    }
  }
  return members;
}

function valueText(value: Value): string {
  if (typeof value === 'string') return canonicalId(value);
  if ('prefix' in value) return canonicalId(`${value.prefix.addr}/${value.prefix.len}`);
  return value.range.join('-');
}
