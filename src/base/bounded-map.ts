/**
 * A small map of texts in the order in which they were set; the oldest goes when it is full.
 * Made for entries that come and go all the time: a Map leaves an old table behind for every few of them, and each holds on to what was in it.
 */

const NONE = -1;

/** A number that tells most parts of texts apart, from a few of their characters: the chains are short anyway, for the map is. */
function hashOf(text: string, from = 0, to = text.length): number {
  let hash = to - from;
  for (let at = to - 1, looked = 0; at >= from && looked < 10; at--, looked++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash ^ (hash >>> 15);
}

export class BoundedMap<Value> {
  readonly #keys: string[] = [];
  readonly #values: (Value | undefined)[] = [];
  /** The hash of each slot's key: keys of another hash need not be compared. */
  readonly #hashes: Int32Array;
  /** First slot of each bucket, and for each slot the next one of its bucket, or of the free ones. */
  readonly #buckets: Int16Array;
  readonly #next: Int16Array;
  /** The order of the slots, both ways. */
  readonly #newer: Int16Array;
  readonly #older: Int16Array;
  #oldest = NONE;
  #newest = NONE;
  #free = NONE;
  #size = 0;

  /** @param capacity entries, 10,000 at most */
  constructor(readonly capacity: number) {
    if (capacity < 1 || capacity > 10_000) throw new RangeError('a bounded map has 1 to 10,000 entries');
    this.#buckets = new Int16Array(2 ** Math.ceil(Math.log2(capacity * 2))).fill(NONE);
    this.#next = new Int16Array(capacity);
    this.#hashes = new Int32Array(capacity);
    this.#newer = new Int16Array(capacity);
    this.#older = new Int16Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    const slot = this.#slotOf(key, hashOf(key));
    return slot === NONE ? undefined : this.#values[slot];
  }

  /** Whether a part of a text is a key. */
  hasPart(text: string, from: number, to: number): boolean {
    const hash = hashOf(text, from, to);
    let slot = this.#buckets[this.#bucketOf(hash)] ?? NONE;
    while (slot !== NONE && (this.#hashes[slot] !== hash || this.#keys[slot] !== text.slice(from, to))) slot = this.#next[slot] ?? NONE;
    return slot !== NONE;
  }

  /** Sets an entry; it is the newest then. */
  set(key: string, value: Value): void {
    const hash = hashOf(key);
    this.#remove(this.#slotOf(key, hash));
    if (this.#size === this.capacity) this.#remove(this.#oldest);
    const slot = this.#free === NONE ? this.#size : this.#free;
    if (slot === this.#free) this.#free = this.#next[slot] ?? NONE;
    const bucket = this.#bucketOf(hash);
    this.#keys[slot] = key;
    this.#values[slot] = value;
    this.#hashes[slot] = hash;
    this.#next[slot] = this.#buckets[bucket] ?? NONE;
    this.#buckets[bucket] = slot;
    this.#older[slot] = this.#newest;
    this.#newer[slot] = NONE;
    if (this.#newest === NONE) this.#oldest = slot;
    else this.#newer[this.#newest] = slot;
    this.#newest = slot;
    this.#size += 1;
  }

  delete(key: string): boolean {
    return this.#remove(this.#slotOf(key, hashOf(key)));
  }

  /** All entries, oldest first. */
  entries(): readonly (readonly [key: string, value: Value])[] {
    const entries: (readonly [string, Value])[] = [];
    for (let slot = this.#oldest; slot !== NONE; slot = this.#newer[slot] ?? NONE) {
      entries.push([this.#keys[slot] as string, this.#values[slot] as Value]);
    }
    return entries;
  }

  #remove(slot: number): boolean {
    if (slot === NONE) return false;
    this.#unchain(slot);
    const older = this.#older[slot] ?? NONE;
    const newer = this.#newer[slot] ?? NONE;
    if (older === NONE) this.#oldest = newer;
    else this.#newer[older] = newer;
    if (newer === NONE) this.#newest = older;
    else this.#older[newer] = older;
    this.#keys[slot] = '';
    this.#values[slot] = undefined;
    this.#next[slot] = this.#free;
    this.#free = slot;
    this.#size -= 1;
    return true;
  }

  #bucketOf(hash: number): number {
    return hash & (this.#buckets.length - 1);
  }

  #slotOf(key: string, hash: number): number {
    let slot = this.#buckets[this.#bucketOf(hash)] ?? NONE;
    while (slot !== NONE && (this.#hashes[slot] !== hash || this.#keys[slot] !== key)) slot = this.#next[slot] ?? NONE;
    return slot;
  }

  #unchain(slot: number): void {
    const bucket = this.#bucketOf(this.#hashes[slot] as number);
    const first = this.#buckets[bucket] ?? NONE;
    if (first === slot) {
      this.#buckets[bucket] = this.#next[slot] ?? NONE;
      return;
    }
    let before = first;
    while (this.#next[before] !== slot) before = this.#next[before] ?? NONE;
    this.#next[before] = this.#next[slot] ?? NONE;
  }
}
