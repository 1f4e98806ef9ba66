/** Some of the bans of the list, as bits by their places: quick where they are many. */
export class Members {
  readonly #bits: Uint32Array;

  /** @param places how many places there are */
  constructor(places: number) {
    this.#bits = new Uint32Array(Math.ceil(places / 32));
  }

  add(place: number): void {
    this.#bits[place >>> 5]! |= 1 << (place & 31);
  }

  has(place: number): boolean {
    return ((this.#bits[place >>> 5] ?? 0) & (1 << (place & 31))) !== 0;
  }

  /** Adds those of another. */
  join(other: Members): void {
    other.#bits.forEach((bits, at) => (this.#bits[at]! |= bits));
  }

  /** Their places, ascending; not more than so many. */
  places(most = Infinity): readonly number[] {
    const places: number[] = [];
    for (let at = 0; at < this.#bits.length && places.length < most; at++) {
      const bits = this.#bits[at] ?? 0;
      for (let bit = 0; bits !== 0 && bit < 32; bit++) if ((bits & (1 << bit)) !== 0) places.push(at * 32 + bit);
    }
    return places.slice(0, most);
  }
}
