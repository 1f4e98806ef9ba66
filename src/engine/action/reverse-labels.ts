/** An address or range becomes its labels in reverse order with a closing dot, as reverse DNS zones are named: `<ip-rev>`. */
import { parseAddress } from '../../model/address';

/**
 * `192.0.2.1` gives `1.2.0.192.`, an IPv6 address its 32 nibbles. A range gives the labels that its prefix covers whole
 * (`192.0.2.0/24`: `2.0.192.`). What is no address comes back as it is.
 */
export function reverseLabels(text: string): string {
  const address = parseAddress(text);
  if (address === null) return text;
  const four = address.family === 'inet4';
  const labels = four ? address.bytes.map(String) : address.bytes.flatMap((byte) => [(byte >> 4).toString(16), (byte & 15).toString(16)]);
  return labels
    .slice(0, Math.floor(address.prefix / (four ? 8 : 4)))
    .reverse()
    .map((label) => `${label}.`)
    .join('');
}
