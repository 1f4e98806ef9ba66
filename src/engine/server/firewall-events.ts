/** Lines of `nft monitor destroy` become what was taken out of which table. The rules of iptables are in tables of nftables too, where iptables is built on it. */
import { canonicalId } from '../../model/address';

export interface FirewallEvent {
  /** Family and name: `inet f2b-table`, `ip filter`. */
  readonly within: string;
  /** The element that was taken out of a set; null for anything bigger, or a rule. */
  readonly element: string | null;
}

const LINE = /^(?:delete|destroy) (table|chain|rule|set|map|element) (ip|ip6|inet|arp|bridge|netdev) (\S+)(?: \S+ \{ ([^ ,}]+))?/;

/** Null for a line that tells nothing of the kind. */
export function firewallEvent(line: string): FirewallEvent | null {
  const [, what, family = '', table = '', element] = LINE.exec(line) ?? [];
  if (what === undefined) return null;
  return { within: `${family} ${table}`, element: what === 'element' && element !== undefined ? canonicalId(element) : null };
}
