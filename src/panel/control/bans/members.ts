/** Some of the bans of the list, as bits by their places: quick where they are many. */
import type { BanEntry } from './ban-entry';

export class Members {
  readonly #bits: Uint8Array;

  /** @param places how many places there are */
  constructor(places: number) {
    this.#bits = new Uint8Array(places);
  }

  add({ place }: BanEntry): void {
    this.#bits[place] = 1;
  }

  has({ place }: BanEntry): boolean {
    return this.#bits[place] === 1;
  }
}
