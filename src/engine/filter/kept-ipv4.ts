/**
 * Keeps the texts of IPv4 addresses: logs repeat the same ones, and a text that was kept is of its own and has been hashed, so that nobody who looks for
 * it in a map has to read it again.
 */
import { ownText } from '../../base/own-text';

/** A power of two. */
const KEPT = 4096;
const numbers = new Int32Array(KEPT);
const texts: string[] = new Array<string>(KEPT).fill('');

const ZERO = 0x30;
const DOT = 0x2e;

/** The text of an IPv4 address in its one spelling, four numbers without leading zeros; null for any other text. */
export function keptIPv4(text: string): string | null {
  if (text.length > 15) return null;
  let address = 0;
  let part = -1;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (part < 0) return null;
      address = (address << 8) | part;
      part = -1;
      dots++;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || part === 0) return null;
    part = part < 0 ? digit : part * 10 + digit;
    if (part > 255) return null;
  }
  return dots === 3 && part >= 0 ? keptText((address << 8) | part, text) : null;
}

function keptText(address: number, text: string): string {
  const slot = (Math.imul(address, 0x9e3779b1) >>> 20) & (KEPT - 1);
  if (numbers[slot] === address && texts[slot] !== '') return texts[slot] as string;
  numbers[slot] = address;
  return (texts[slot] = ownText(text));
}
