/** The bans of ranges that stand in one interval set: a change of them becomes the pieces that have to go and those that have to come. */
import { coverOf, spanOf, type Piece, type Span } from './range-cover';
import type { PlaceChange } from './place';

type Ranges = Map<string, { readonly span: Span; readonly end: number }>;

/** Seconds: a piece that ends as soon as this may be gone already. */
const SOON = 3;

/** Pieces up to which a set is rather made anew, in one transaction, than changed: then it matters not what the kernel has ended meanwhile. */
const ANEW = 1000;

/** What has to be done to the set. */
export interface RangePlan {
  /** True when the set is to be emptied first; `come` is all that belongs there. */
  readonly anew: boolean;
  readonly gone: readonly string[];
  readonly come: readonly Piece[];
}

/** An interval set refuses what overlaps: what stands in it is the cover of the ranges, not the ranges themselves. */
export class RangeBook {
  #ranges: Ranges = new Map();
  /** Null when it is not known what stands in the set. */
  #pieces: readonly Piece[] | null = [];

  constructor(private readonly anew = ANEW) {}

  /** Takes over what stands in the set from a run before this one. */
  adopt(members: ReadonlyMap<string, number | null>): void {
    for (const [text, end] of members) {
      const span = spanOf(text);
      if (span !== null && !this.#ranges.has(text)) this.#ranges.set(text, { span, end: end ?? Infinity });
    }
    this.#pieces = coverOf(this.#ranges);
  }

  /** What the changes make of the set. Ranges that have ended are left out of it. */
  plan(changes: readonly PlaceChange[], now: number): RangePlan {
    const next = coverOf(this.#after(changes, now));
    if (this.#pieces === null || next.length <= this.anew) return { anew: true, gone: [], come: next };
    const keyOf = ({ text, end }: Piece): string => `${text} ${end}`;
    const [before, after] = [new Set(this.#pieces.map(keyOf)), new Set(next.map(keyOf))];
    return {
      anew: false,
      gone: this.#pieces.filter((piece) => piece.end > now && !after.has(keyOf(piece))).map(({ text }) => text),
      come: next.filter((piece) => !before.has(keyOf(piece))),
    };
  }

  /** Notes that the changes were made. */
  done(changes: readonly PlaceChange[], now: number): void {
    this.#ranges = this.#after(changes, now);
    this.#pieces = coverOf(this.#ranges);
  }

  /** Somebody may have changed the set: what stands in it is not known any more. */
  doubt(): void {
    this.#pieces = null;
  }

  /** The set was emptied. */
  clear(): void {
    this.#ranges = new Map();
    this.#pieces = [];
  }

  /** The ranges that are in force when these are the elements of the set: all of them, or none when a piece is missing. */
  inForce(members: ReadonlyMap<string, number | null>, now: number): readonly string[] {
    const whole = this.#pieces?.every(({ text, end }) => members.has(text) || end < now + SOON) ?? false;
    return whole ? [...this.#ranges.keys()] : [];
  }

  #after(changes: readonly PlaceChange[], now: number): Ranges {
    const ranges = new Map([...this.#ranges].filter(([, { end }]) => end > now));
    for (const { verb, element, end } of changes) {
      const span = spanOf(element);
      if (verb === 'remove') ranges.delete(element);
      else if (span !== null) ranges.set(element, { span, end: end ?? Infinity });
    }
    return ranges;
  }
}
