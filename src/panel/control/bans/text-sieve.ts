/** Which texts may hold a piece: of every three bytes in a row that stand in some texts one bit is kept, and a piece with three others is in none of them. */

/** Bytes of the bits of one sieve, and how many bits of a number say which of them one is. */
const BITS = 13;
export const SIEVE_BYTES = 2 ** BITS / 8;
const WORDS = SIEVE_BYTES / 4;
const SPREAD = 0x9e3779b1;

/** What a piece must have: the places of the bits of its bytes; none where it is too short to say. */
export type Sought = readonly number[];

export function soughtOf(piece: Uint8Array): Sought {
  const sought = new Set<number>();
  for (let at = 2; at < piece.length; at++)
    sought.add(placeOf(((piece[at - 2] ?? 0) << 16) | ((piece[at - 1] ?? 0) << 8) | (piece[at] ?? 0)));
  return [...sought];
}

export class TextSieve {
  readonly #bits = new Int32Array(WORDS);

  /** Takes the bytes between two places of one text. */
  add(bytes: Uint8Array, from: number, to: number): void {
    const bits = this.#bits;
    let three = ((bytes[from] ?? 0) << 8) | (bytes[from + 1] ?? 0);
    for (let at = from + 2; at < to; at++) {
      three = ((three & 0xffff) << 8) | (bytes[at] ?? 0);
      const place = placeOf(three);
      bits[place >>> 5]! |= 1 << (place & 31);
    }
  }

  /** Whether one of the texts may hold the piece; false is certain. */
  mayHold(sought: Sought): boolean {
    for (const place of sought) if (((this.#bits[place >>> 5] ?? 0) & (1 << (place & 31))) === 0) return false;
    return true;
  }
}

function placeOf(three: number): number {
  return Math.imul(three, SPREAD) >>> (32 - BITS);
}
