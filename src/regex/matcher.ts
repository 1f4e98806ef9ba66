/** Our own backtracking matcher: runs a program with Python's exact meaning, within a budget of steps and of memory. */
import { AppError } from '../base/errors';
import { holdsAt, sameText } from './anchors';
import { hasCode } from './charset';
import type { Program } from './program';
import { ANCHORS, Look, OPEN, Op } from './program';

/** Steps that a search may take when nothing else is said. */
export const DEFAULT_BUDGET = 1_000_000;

/** What lies on the stack: how to go on when the present way fails. Each entry is four numbers: kind and three operands. */
const Entry = {
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

const MAX_STACK = 4_000_000;
const KEPT_STACK = 1 << 16;
/** Searches never overlap, so they share one stack. */
let stack = new Int32Array(1 << 12);

/** One search over one text. */
export class Matcher {
  readonly marks: Int32Array;
  readonly #registers: Int32Array;
  #top = 0;
  #steps: number;

  /** @param end the text ends here for the pattern */
  constructor(
    readonly program: Program,
    readonly text: string,
    readonly end: number,
    readonly budget: number,
  ) {
    this.marks = new Int32Array(2 * program.groupCount + 2);
    this.#registers = new Int32Array(program.registers);
    this.#steps = budget;
  }

  /**
   * Searches from `from` on; `marks` then hold the match.
   * @throws AppError REGEX_BUDGET
   */
  search(from: number): boolean {
    if (stack.length > KEPT_STACK) stack = new Int32Array(KEPT_STACK);
    const last = this.program.anchored ? 0 : this.end;
    for (let start = from; start <= last; start = this.#next(start)) {
      this.marks.fill(-1);
      const end = this.#run(start);
      if (end < 0) continue;
      this.marks[0] = start;
      this.marks[1] = end;
      return true;
    }
    return false;
  }

  #spend(steps: number): void {
    this.#steps -= steps;
    if (this.#steps < 0) this.#overspent();
  }

  #overspent(): never {
    throw new AppError('REGEX_BUDGET', `a regular expression took more than ${this.budget} steps`);
  }

  #next(position: number): number {
    const unit = this.text.charCodeAt(position);
    return unit >= 0xd800 && unit < 0xdc00 && this.#isLow(position + 1) ? position + 2 : position + 1;
  }

  #previous(position: number): number {
    if (!this.#isLow(position - 1) || position < 2) return position - 1;
    const unit = this.text.charCodeAt(position - 2);
    return unit >= 0xd800 && unit < 0xdc00 ? position - 2 : position - 1;
  }

  #isLow(position: number): boolean {
    if (position >= this.end) return false;
    const unit = this.text.charCodeAt(position);
    return unit >= 0xdc00 && unit < 0xe000;
  }

  #inSet(index: number, position: number): boolean {
    const { ascii, set } = this.program.sets[index]!;
    const unit = this.text.charCodeAt(position);
    if (unit < 128) return ascii[unit] === 1;
    return hasCode(set, this.#next(position) - position === 2 ? this.text.codePointAt(position)! : unit);
  }

  #push(kind: number, a: number, b: number, c: number): void {
    const top = this.#top;
    if (top + 4 > stack.length) {
      if (stack.length >= MAX_STACK) this.#overspent();
      const larger = new Int32Array(stack.length * 2);
      larger.set(stack);
      stack = larger;
    }
    stack[top] = kind;
    stack[top + 1] = a;
    stack[top + 2] = b;
    stack[top + 3] = c;
    this.#top = top + 4;
  }

  #setRegister(register: number, value: number): void {
    this.#push(Entry.Register, register, this.#registers[register]!, 0);
    this.#registers[register] = value;
  }

  /** Runs from `start`; the position where the match ends, or -1. */
  #run(start: number): number {
    const { code } = this.program;
    this.#top = 0;
    let pc = 0;
    let position = start;
    for (;;) {
      this.#spend(1);
      let ok = true;
      switch (code[pc]) {
        case Op.Char:
          ok = position < this.end && this.#codeAt(position) === code[pc + 1];
          if (ok) position = this.#next(position);
          pc += 2;
          break;
        case Op.Set:
          ok = position < this.end && this.#inSet(code[pc + 1]!, position);
          if (ok) position = this.#next(position);
          pc += 2;
          break;
        case Op.Split:
          this.#push(Entry.Choice, code[pc + 2]!, position, 0);
          pc = code[pc + 1]!;
          break;
        case Op.Jump:
          pc = code[pc + 1]!;
          break;
        case Op.Mark: {
          const mark = code[pc + 1]!;
          this.#push(Entry.Mark, mark, this.marks[mark]!, 0);
          this.marks[mark] = position;
          pc += 2;
          break;
        }
        case Op.LoopStart:
          this.#setRegister(code[pc + 1]!, -1);
          this.#setRegister(code[pc + 1]! + 1, -1);
          pc += 2;
          break;
        case Op.LoopEnd:
          pc = this.#endOfRound(pc, position);
          break;
        case Op.Run: {
          const reached = this.#runOf(pc, position);
          ok = reached >= 0;
          position = reached;
          pc += 5;
          break;
        }
        case Op.LookStart:
          this.#registers[code[pc + 1]!] = this.#top;
          this.#push(Entry.Look, pc, position, 0);
          for (let back = code[pc + 4]!; back > 0 && ok; back--) {
            ok = position > 0;
            position = this.#previous(position);
          }
          pc += 5;
          break;
        case Op.LookEnd: {
          const base = this.#registers[code[pc + 1]!]!;
          const kind = code[pc + 2]!;
          if (kind === Look.Negative) {
            this.#unwind(base);
            ok = false;
          } else {
            if (kind === Look.Positive) position = stack[base + 2]!;
            this.#forgetChoices(base);
          }
          pc += 3;
          break;
        }
        case Op.Backref: {
          position = this.#backref(code[pc + 1]!, code[pc + 2]!, position);
          ok = position >= 0;
          pc += 3;
          break;
        }
        case Op.Condition:
          pc = this.#isSet(code[pc + 1]!) ? pc + 3 : code[pc + 2]!;
          break;
        case Op.Anchor:
          ok = holdsAt(ANCHORS[code[pc + 1]!]!, code[pc + 2] === 1, this.text, position, this.end);
          pc += 3;
          break;
        default:
          return position;
      }
      if (ok) continue;
      pc = this.#backtrack();
      if (pc < 0) return -1;
      position = this.#resumed;
    }
  }

  #codeAt(position: number): number {
    const unit = this.text.charCodeAt(position);
    return unit >= 0xd800 && unit < 0xdc00 && this.#isLow(position + 1) ? this.text.codePointAt(position)! : unit;
  }

  #isSet(group: number): boolean {
    const start = this.marks[2 * group]!;
    return start >= 0 && this.marks[2 * group + 1]! >= start;
  }

  #backref(group: number, ignoringCase: number, position: number): number {
    if (!this.#isSet(group)) return -1;
    const start = this.marks[2 * group]!;
    const stop = this.marks[2 * group + 1]!;
    this.#spend(stop - start);
    return sameText(this.text, start, stop, position, this.end, ignoringCase);
  }

  /** Python's rules of a loop: an empty round ends it once the least number of rounds is done. */
  #endOfRound(pc: number, position: number): number {
    const { code } = this.program;
    const register = code[pc + 1]!;
    const rounds = this.#registers[register]! + 1;
    const body = code[pc + 5]!;
    const tail = pc + 6;
    if (rounds < code[pc + 2]!) {
      this.#setRegister(register, rounds);
      return body;
    }
    const max = code[pc + 3]!;
    if ((rounds >= max && max !== OPEN) || position === this.#registers[register + 1]!) return tail;
    if (code[pc + 4] === 1) {
      this.#push(Entry.Round, pc, position, 0);
      return tail;
    }
    this.#push(Entry.Choice, tail, position, 0);
    this.#setRegister(register, rounds);
    this.#setRegister(register + 1, position);
    return body;
  }

  /** A loop over single characters: takes them in one go. The position reached, or -1. */
  #runOf(pc: number, start: number): number {
    const { code } = this.program;
    const set = code[pc + 1]!;
    const min = code[pc + 2]!;
    const lazy = code[pc + 4] === 1;
    const wanted = lazy ? min : code[pc + 3]!;
    let position = start;
    let least = start;
    let taken = 0;
    while (taken < wanted && position < this.end && this.#inSet(set, position)) {
      position = this.#next(position);
      if (++taken === min) least = position;
    }
    this.#spend(taken);
    if (taken < min) return -1;
    if (lazy) this.#push(Entry.Lazy, pc, position, taken);
    else if (position > least) this.#push(Entry.Greedy, pc + 5, position, least);
    return position;
  }

  #resumed = 0;

  /** Undoes until there is another way; its pc, with the position in `#resumed`; -1 when there is none. */
  #backtrack(): number {
    const { code } = this.program;
    while (this.#top > 0) {
      this.#spend(1);
      const top = (this.#top -= 4);
      const a = stack[top + 1]!;
      const b = stack[top + 2]!;
      const c = stack[top + 3]!;
      switch (stack[top]) {
        case Entry.Choice:
          this.#resumed = b;
          return a;
        case Entry.Mark:
          this.marks[a] = b;
          break;
        case Entry.Register:
          this.#registers[a] = b;
          break;
        case Entry.Greedy: {
          const position = this.#previous(b);
          if (position > c) this.#push(Entry.Greedy, a, position, c);
          this.#resumed = position;
          return a;
        }
        case Entry.Lazy:
          if (c >= code[a + 3]! || b >= this.end || !this.#inSet(code[a + 1]!, b)) break;
          this.#resumed = this.#next(b);
          this.#push(Entry.Lazy, a, this.#resumed, c + 1);
          return a + 5;
        case Entry.Round:
          this.#setRegister(code[a + 1]!, this.#registers[code[a + 1]!]! + 1);
          this.#setRegister(code[a + 1]! + 1, b);
          this.#resumed = b;
          return code[a + 5]!;
        case Entry.Look:
          // The body failed: that is what a negative look-around waits for.
          if (code[a + 3] !== Look.Negative) break;
          this.#resumed = b;
          return code[a + 2]!;
      }
    }
    return -1;
  }

  /** Undoes all down to `base`. */
  #unwind(base: number): void {
    for (let top = this.#top - 4; top >= base; top -= 4) {
      if (stack[top] === Entry.Mark) this.marks[stack[top + 1]!] = stack[top + 2]!;
      else if (stack[top] === Entry.Register) this.#registers[stack[top + 1]!] = stack[top + 2]!;
    }
    this.#top = base;
  }

  /** Drops the other ways above `base` but keeps what is to be undone when the whole is given up. */
  #forgetChoices(base: number): void {
    let kept = base;
    for (let entry = base; entry < this.#top; entry += 4) {
      if (stack[entry] !== Entry.Mark && stack[entry] !== Entry.Register) continue;
      stack.copyWithin(kept, entry, entry + 4);
      kept += 4;
    }
    this.#spend((this.#top - base) >> 2);
    this.#top = kept;
  }
}
