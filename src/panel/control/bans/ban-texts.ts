/** Texts of bans one after the other in memory, so that looking for a piece of text is one pass over bytes. ASCII letters are kept in lower case. */

/** Bytes of one piece of memory. */
const CHUNK = 1024 * 1024;
/** Texts of who is gone are cleared away when there are so many texts in all. */
const CLEAR_AT = 2000;

/** Whose a text is; it may be given to somebody else who stands for the same ban. */
export interface TextHolder<T> {
  owner: T;
}

interface Chunk<T> {
  readonly bytes: Buffer;
  used: number;
  /** Where each text ends; between two stands a NUL, which no text and no search holds. */
  readonly ends: number[];
  readonly holders: TextHolder<T>[];
}

export class BanTexts<T extends { readonly gone: boolean }> {
  #chunks: Chunk<T>[] = [];
  #count = 0;
  #bytes = 0;
  #clearAt = CLEAR_AT;
  #isFull = false;

  /** @param most bytes that are kept; where there are more, all is forgotten, and nothing can be looked for until `clear` */
  constructor(private readonly most: number) {}

  /** Whether texts are missing. */
  get isFull(): boolean {
    return this.#isFull;
  }

  /** How many texts are kept, of who is gone too. */
  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#chunks = [];
    this.#count = 0;
    this.#bytes = 0;
    this.#clearAt = CLEAR_AT;
    this.#isFull = false;
  }

  /** Keeps a text; null when there is no room. */
  add(owner: T, text: Buffer): TextHolder<T> | null {
    if (this.#isFull) return null;
    if (this.#count >= this.#clearAt) this.#clearAway();
    if (this.#bytes + text.length > this.most) {
      this.clear();
      this.#isFull = true;
      return null;
    }
    const holder = { owner };
    this.#put(holder, lowerCased(text));
    return holder;
  }

  /** Whose texts hold a piece of text; case of ASCII letters does not count. */
  *holding(text: string): Iterable<T> {
    const wanted = lowerCased(Buffer.from(text));
    if (wanted.length === 0) return;
    for (const { bytes, ends, holders } of this.#chunks) {
      let index = 0;
      for (let at = bytes.indexOf(wanted); at !== -1; at = bytes.indexOf(wanted, ends[index++])) {
        index = firstAbove(ends, at, index);
        const owner = holders[index]?.owner;
        if (owner !== undefined && !owner.gone) yield owner;
      }
    }
  }

  #put(holder: TextHolder<T>, text: Buffer): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.used + text.length + 1 > chunk.bytes.length) {
      chunk = { bytes: Buffer.alloc(Math.max(CHUNK, text.length + 1)), used: 0, ends: [], holders: [] };
      this.#chunks.push(chunk);
    }
    text.copy(chunk.bytes, chunk.used);
    chunk.ends.push(chunk.used + text.length);
    chunk.holders.push(holder);
    chunk.used += text.length + 1;
    this.#count++;
    this.#bytes += text.length + 1;
  }

  /** Leaves out the texts of who is gone. */
  #clearAway(): void {
    const chunks = this.#chunks;
    this.clear();
    for (const { bytes, ends, holders } of chunks) {
      let start = 0;
      holders.forEach((holder, at) => {
        const end = ends[at] ?? start;
        if (!holder.owner.gone) this.#put(holder, bytes.subarray(start, end));
        start = end + 1;
      });
    }
    this.#clearAt = 2 * this.#count + CLEAR_AT;
  }
}

/** A copy with ASCII letters in lower case. */
function lowerCased(text: Buffer): Buffer {
  const copy = Buffer.from(text);
  for (let at = 0; at < copy.length; at++) {
    const byte = copy[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) copy[at] = byte + 0x20;
  }
  return copy;
}

/** The first place from `from` on whose value is above. */
function firstAbove(values: readonly number[], value: number, from: number): number {
  let low = from;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) > value) high = middle;
    else low = middle + 1;
  }
  return low;
}
