/** Bans in an order, as the list was when it was asked: whatever comes or goes, it stays like this. */
import type { BanEntry } from './ban-entry';
import type { Members } from './members';

export class BanRows {
  /** @param entries by their places, of which others may come behind; @param places those of the order */
  constructor(
    private readonly entries: readonly BanEntry[],
    readonly places: Int32Array = new Int32Array(),
  ) {}

  get length(): number {
    return this.places.length;
  }

  /** Those between two ranks, as of an array. */
  slice(from: number, to: number): readonly BanEntry[] {
    return Array.from(this.places.subarray(from, to)).flatMap((place) => this.entries[place] ?? []);
  }

  /** Those that are among some. */
  only(members: Members): BanRows {
    return this.#picked(members, true);
  }

  /** Those that are not among some. */
  without(members: Members): BanRows {
    return this.#picked(members, false);
  }

  #picked(members: Members, wanted: boolean): BanRows {
    const { places } = this;
    const picked = new Int32Array(places.length);
    let count = 0;
    for (let rank = 0; rank < places.length; rank++) {
      const place = places[rank] ?? 0;
      if (members.has(place) === wanted) picked[count++] = place;
    }
    return new BanRows(this.entries, picked.slice(0, count));
  }

  /** The first rank from `low` on whose ban is far enough; the length when none is. */
  rank(isFar: (entry: BanEntry) => boolean, low = 0): number {
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[this.places[middle] ?? 0];
      if (entry === undefined || isFar(entry)) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
