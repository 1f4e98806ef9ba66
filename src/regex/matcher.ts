/** Our own backtracking matcher: runs a program with Python's exact meaning, within a budget of steps and of memory. */
import { AppError } from '../base/errors';
import { holdsAt, sameText } from './anchors';
import { hasCode } from './charset';
import type { Program } from './program';
import { ANCHORS, Look, OPEN, Op } from './program';
import { BacktrackStack, Entry } from './backtrack';

/** Steps that a search may take when nothing else is said. */
export const DEFAULT_BUDGET = 1_000_000;

/** Is told which instruction is tried where, of a try that began at `start`. */
export type Watch = (pc: number, position: number, start: number) => void;

/** One search over one text. */
export class Matcher {
  readonly marks: Int32Array;
  readonly #registers: Int32Array;
  readonly #stack = new BacktrackStack();
  /** Steps that may still be taken; less than 0 when there were too few. */
  left: number;

  /** @param end the text ends here for the pattern */
  constructor(
    readonly program: Program,
    readonly text: string,
    readonly end: number,
    readonly budget: number,
    readonly watch: Watch | null = null,
  ) {
    this.marks = new Int32Array(2 * program.groupCount + 2);
    this.#registers = new Int32Array(program.registers);
    this.left = budget;
  }

  /**
   * Searches from `from` on; `marks` then hold the match.
   * @throws AppError REGEX_BUDGET
   */
  search(from: number): boolean {
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
    if ((this.left -= steps) < 0) this.#overspent();
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
    if (!this.#stack.push(kind, a, b, c)) this.#overspent();
  }

  #setRegister(register: number, value: number): void {
    this.#push(Entry.Register, register, this.#registers[register]!, 0);
    this.#registers[register] = value;
  }

  /** Runs from `start`; the position where the match ends, or -1. */
  #run(start: number): number {
    const { code } = this.program;
    this.#stack.top = 0;
    let pc = 0;
    let position = start;
    for (;;) {
      this.#spend(1);
      if (this.watch !== null) this.watch(pc, position, start);
      let ok = true;
      switch (code[pc]!) {
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
          this.#registers[code[pc + 1]!] = this.#stack.top;
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
            this.#stack.unwind(base, this.marks, this.#registers);
            ok = false;
          } else {
            if (kind === Look.Positive) position = this.#stack.entries[base + 2]!;
            this.#spend((this.#stack.top - base) >> 2);
            this.#stack.forgetChoices(base);
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
        case Op.Match:
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
    while (this.#stack.top > 0) {
      this.#spend(1);
      const top = (this.#stack.top -= 4);
      const stack = this.#stack.entries;
      const a = stack[top + 1]!;
      const b = stack[top + 2]!;
      const c = stack[top + 3]!;
      switch (stack[top]!) {
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
}
