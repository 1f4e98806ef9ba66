/** An address or range becomes its labels in reverse order with a closing dot, as reverse DNS zones are named: `<ip-rev>`. */
import ipaddr from 'ipaddr.js';

/**
 * `192.0.2.1` gives `1.2.0.192.`, an IPv6 address its 32 nibbles. A range gives the labels that its prefix covers whole
 * (`192.0.2.0/24`: `2.0.192.`). What is no address comes back as it is.
 */
export function reverseLabels(address: string): string {
  const [host = '', prefix] = address.split('/');
  if (!ipaddr.isValid(host)) return address;
  const parsed = ipaddr.parse(host);
  const four = parsed.kind() === 'ipv4';
  const bytes = parsed.toByteArray();
  const labels = four ? bytes.map(String) : bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  const covered = prefix === undefined ? labels.length : Math.floor(Number(prefix) / (four ? 8 : 4));
  return labels
    .slice(0, covered)
    .reverse()
    .map((label) => `${label}.`)
    .join('');
}
