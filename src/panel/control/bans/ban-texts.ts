/** Texts of bans one after the other in memory, so that looking for a piece of text is one pass over those bytes where it may stand. ASCII letters are kept in lower case. */
import type { Members } from './members';
import { SIEVE_BYTES, soughtOf, TextSieve, type Sought } from './text-sieve';

/** Bytes of one piece of memory. */
const CHUNK = 1024 * 1024;
/** Bytes of texts that share a sieve. */
const SIEVED = 8 * SIEVE_BYTES;
/** Texts of who is gone are cleared away when there are so many texts in all. */
const CLEAR_AT = 2000;

interface Chunk {
  readonly bytes: Buffer;
  used: number;
  /** Number of its first text. */
  readonly first: number;
  /** Where each text ends; between two stands a NUL, which no text and no search holds. */
  readonly ends: number[];
  /** The bans that the texts are of, by their places in the list; `NOBODY` of one that is gone. */
  readonly places: number[];
  readonly blocks: Block[];
}

/** Texts side by side, and what they may hold. */
interface Block {
  readonly start: number;
  end: number;
  readonly sieve: TextSieve;
}

/** The place of a ban that is gone. */
export const NOBODY = -1;

export class BanTexts {
  #chunks: Chunk[] = [];
  /** By the place of a ban: the number of its text, and one; 0 where there is none. */
  #numbers = new Int32Array();
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
    this.#numbers = new Int32Array();
    this.#count = 0;
    this.#bytes = 0;
    this.#clearAt = CLEAR_AT;
    this.#isFull = false;
  }

  /** Whether the text of the ban at a place is kept. */
  has(place: number): boolean {
    return (this.#numbers[place] ?? 0) > 0;
  }

  /** Keeps the text of the ban at a place, if there is room. */
  add(place: number, text: Buffer): void {
    if (this.#isFull) return;
    if (this.#count >= this.#clearAt) this.#clearAway();
    if (this.#bytes + sizeOf(text) > this.most) {
      this.clear();
      this.#isFull = true;
      return;
    }
    this.#put(place, lowerCased(text));
  }

  /** The text of a ban is that of the ban at another place now. */
  move(from: number, to: number): void {
    const number = (this.#numbers[from] ?? 0) - 1;
    const chunk = this.#chunks.findLast(({ first }) => first <= number);
    if (chunk === undefined) return;
    chunk.places[number - chunk.first] = to;
    this.#number(from, 0);
    if (to !== NOBODY) this.#number(to, number + 1);
  }

  /** The ban at a place is gone. */
  remove(place: number): void {
    this.move(place, NOBODY);
  }

  /** Bans have other places now. @param places the new ones by the old ones */
  renumber(places: Int32Array): void {
    this.#numbers = new Int32Array(places.length);
    for (const chunk of this.#chunks) {
      chunk.places.forEach((before, at) => {
        const place = places[before] ?? NOBODY;
        chunk.places[at] = place;
        if (place !== NOBODY) this.#number(place, chunk.first + at + 1);
      });
    }
  }

  /** Adds those whose texts hold a piece of text; case of ASCII letters does not count. */
  find(text: string, members: Members): void {
    const wanted = lowerCased(Buffer.from(text));
    if (wanted.length === 0 || wanted.includes(0)) return;
    const sought = soughtOf(wanted);
    for (const chunk of this.#chunks) for (const part of partsThatMayHold(chunk, sought)) look(chunk, part, wanted, members);
  }

  #put(place: number, text: Buffer): void {
    let chunk = this.#chunks.at(-1);
    if (chunk === undefined || chunk.used + text.length + 1 > chunk.bytes.length) {
      chunk = { bytes: Buffer.alloc(Math.max(CHUNK, text.length + 1)), used: 0, first: this.#count, ends: [], places: [], blocks: [] };
      this.#chunks.push(chunk);
    }
    text.copy(chunk.bytes, chunk.used);
    chunk.ends.push(chunk.used + text.length);
    chunk.places.push(place);
    this.#sieve(chunk, chunk.used, chunk.used + text.length);
    chunk.used += text.length + 1;
    this.#count++;
    this.#bytes += sizeOf(text);
    this.#number(place, this.#count);
  }

  #number(place: number, number: number): void {
    if (place >= this.#numbers.length) {
      const more = new Int32Array(Math.max(1024, 2 * place));
      more.set(this.#numbers);
      this.#numbers = more;
    }
    this.#numbers[place] = number;
  }

  #sieve({ bytes, blocks }: Chunk, start: number, end: number): void {
    let block = blocks.at(-1);
    if (block === undefined || block.end - block.start >= SIEVED) {
      block = { start, end, sieve: new TextSieve() };
      blocks.push(block);
    }
    block.sieve.add(bytes, start, end);
    block.end = end;
  }

  /** Leaves out the texts of who is gone. */
  #clearAway(): void {
    const chunks = this.#chunks;
    this.clear();
    for (const { bytes, ends, places } of chunks) {
      let start = 0;
      places.forEach((place, at) => {
        const end = ends[at] ?? start;
        if (place !== NOBODY) this.#put(place, bytes.subarray(start, end));
        start = end + 1;
      });
    }
    this.#clearAt = 2 * this.#count + CLEAR_AT;
  }
}

/** Bytes that a text takes, with its part of a sieve. */
function sizeOf({ length }: Buffer): number {
  return length + 1 + (length * SIEVE_BYTES) / SIEVED;
}

interface Part {
  readonly start: number;
  readonly end: number;
}

/** Blocks that may hold a piece; those side by side are one part. */
function partsThatMayHold({ blocks }: Chunk, sought: Sought): readonly Part[] {
  const parts: { start: number; end: number }[] = [];
  let before: Block | null = null;
  for (const block of blocks) {
    const may = block.sieve.mayHold(sought);
    const last = parts.at(-1);
    if (may && before !== null && last !== undefined) last.end = block.end;
    else if (may) parts.push({ start: block.start, end: block.end });
    before = may ? block : null;
  }
  return parts;
}

/** Adds those whose texts within a part hold a piece. */
function look({ bytes, ends, places }: Chunk, { start, end }: Part, wanted: Buffer, members: Members): void {
  const part = bytes.subarray(start, end);
  let index = firstAbove(ends, start, 0);
  // Lines of one kind have a piece at one place: that is looked at first.
  let usual = 0;
  for (let text = start; text < end;) {
    let at = text + usual;
    const here = at + wanted.length <= (ends[index] ?? 0) && standsAt(part, wanted, at - start);
    if (!here) {
      at = start + part.indexOf(wanted, text - start);
      if (at < start) return;
      index = firstAbove(ends, at, index);
    }
    usual = at - (index === 0 ? 0 : (ends[index - 1] ?? 0) + 1);
    const place = places[index] ?? NOBODY;
    if (place !== NOBODY) members.add(place);
    text = (ends[index++] ?? end) + 1;
  }
}

function standsAt(bytes: Buffer, piece: Buffer, from: number): boolean {
  for (let at = 0; at < piece.length; at++) if (bytes[from + at] !== piece[at]) return false;
  return true;
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
