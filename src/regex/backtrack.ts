/** The stack of our own matcher: what is to be undone and tried otherwise when the present way fails. */

/** Kinds of entries. Each entry is four numbers: its kind and three operands. */
export const Entry = {
  /** pc, position: go on there */
  Choice: 0,
  /** mark, former value */
  Mark: 1,
  /** register, former value */
  Register: 2,
  /** pc of the tail, position reached, least position: give one character back */
  Greedy: 3,
  /** pc of the Run, position reached, characters taken: take one more */
  Lazy: 4,
  /** pc of the LoopEnd, position: go for one more round */
  Round: 5,
  /** pc of the LookStart, position: a look-around or atomic group begins */
  Look: 6,
} as const;

/** 16 MB. */
const MAX_NUMBERS = 4_000_000;
const KEPT_NUMBERS = 1 << 16;
/** Searches never overlap, so they share their memory. */
let memory = new Int32Array(1 << 12);

export class BacktrackStack {
  entries = memory;
  /** Where the next entry goes. */
  top = 0;

  /** False when there is no room left. */
  push(kind: number, a: number, b: number, c: number): boolean {
    const { top } = this;
    if (top + 4 > this.entries.length && !this.#grow()) return false;
    const { entries } = this;
    entries[top] = kind;
    entries[top + 1] = a;
    entries[top + 2] = b;
    entries[top + 3] = c;
    this.top = top + 4;
    return true;
  }

  #grow(): boolean {
    const length = this.entries.length * 2;
    if (length > MAX_NUMBERS) return false;
    const larger = new Int32Array(length);
    larger.set(this.entries);
    this.entries = larger;
    if (length <= KEPT_NUMBERS) memory = larger;
    return true;
  }

  /** Undoes all down to `base`. */
  unwind(base: number, marks: Int32Array, registers: Int32Array): void {
    const { entries } = this;
    for (let top = this.top - 4; top >= base; top -= 4) {
      if (entries[top] === Entry.Mark) marks[entries[top + 1]!] = entries[top + 2]!;
      else if (entries[top] === Entry.Register) registers[entries[top + 1]!] = entries[top + 2]!;
    }
    this.top = base;
  }

  /** Drops the other ways above `base` but keeps what is to be undone when the whole is given up. */
  forgetChoices(base: number): void {
    const { entries } = this;
    let kept = base;
    for (let entry = base; entry < this.top; entry += 4) {
      if (entries[entry] !== Entry.Mark && entries[entry] !== Entry.Register) continue;
      entries.copyWithin(kept, entry, entry + 4);
      kept += 4;
    }
    this.top = kept;
  }
}
