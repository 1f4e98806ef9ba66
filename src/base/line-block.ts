/** The lines that one read brought, as places in a few longer texts, with the literals that stand in them: a line becomes a text of its own when it is asked for. */
import type { LiteralScanner } from './literal-scan';

/** Bytes at its beginning that a line is compared in with the line before it: a date and a little more. */
export const BEGINNING = 24;

const OPENING = 0x5b;
const CLOSING = 0x5d;

/** Marks of a line: which text it is a part of, where it begins there, and where it ends. */
const MARKS = 3;
/** Lines whose marks V8 keeps within the object: thousands of small files are read when a server starts. */
const FEW = 5;

export class LineBlock {
  readonly #texts: string[] = [];
  #marks: Int32Array;
  #length = 0;
  #lines: readonly string[] | null = null;
  /** The lines, in order, that are not known to begin as the line before them. */
  readonly #others: number[] = [];
  /** For each line whether it is bracketed as the one before it: 1 yes, −1 no, 0 not looked at. */
  #alike: Int8Array | null = null;
  /** Lines in which a literal stands, in order, each as often as there are some, and which literal of the scanner it is. */
  readonly foundLines: number[] = [];
  readonly foundLiterals: number[] = [];
  /** Lines that were not scanned, in order: each may have any literal. */
  readonly unscanned: number[] = [];

  /**
   * @param scanner what the lines are scanned by; null: nobody asked for that
   * @param expected how many lines there may be: more are as good
   */
  constructor(
    readonly scanner: LiteralScanner | null,
    expected = FEW,
  ) {
    this.#marks = new Int32Array(MARKS * expected);
  }

  get length(): number {
    return this.#length;
  }

  /** Of what a line is a part. */
  textOf(index: number): string {
    return this.#texts[this.#marks[MARKS * index] as number] as string;
  }

  /** Where a line begins in that. */
  startOf(index: number): number {
    return this.#marks[MARKS * index + 1] as number;
  }

  /** Where it ends there. */
  stopOf(index: number): number {
    return this.#marks[MARKS * index + 2] as number;
  }

  /**
   * Adds a line that is a part of `text`.
   * @param alike whether it and the line before it have BEGINNING characters at least, and begin with the same ones
   */
  add(text: string, start: number, stop: number, alike = false): void {
    this.#lines = null;
    if (!alike) this.#others.push(this.#length);
    if (text !== this.#texts[this.#texts.length - 1]) this.#texts.push(text);
    const at = MARKS * this.#length++;
    if (at === this.#marks.length) {
      const marks = this.#marks;
      this.#marks = new Int32Array(2 * at + MARKS);
      this.#marks.set(marks);
    }
    const marks = this.#marks;
    marks[at] = this.#texts.length - 1;
    marks[at + 1] = start;
    marks[at + 2] = stop;
  }

  /** Tells that a literal of the scanner stands in the line that is added next. */
  found(literal: number): void {
    this.foundLines.push(this.#length);
    this.foundLiterals.push(literal);
  }

  /** Tells that the line that is added next was not scanned. */
  missed(): void {
    this.unscanned.push(this.#length);
  }

  line(index: number): string {
    return this.textOf(index).slice(this.startOf(index), this.stopOf(index));
  }

  /** Whether a text stands in a line at an offset. */
  hasAt(index: number, offset: number, text: string): boolean {
    const from = this.startOf(index) + offset;
    if (this.stopOf(index) - from < text.length) return false;
    const whole = this.textOf(index);
    // Lines of one log differ late: in the seconds of their dates.
    for (let at = text.length - 1; at >= 0; at--) if (whole.charCodeAt(from + at) !== text.charCodeAt(at)) return false;
    return true;
  }

  /** How many lines begin with a text, one after the other, behind one that does and before another. */
  linesBeginningWith(text: string, behind: number, to: number): number {
    for (let index = behind + 1; ; index++) {
      if (text.length <= BEGINNING) index = this.#otherFrom(index, to);
      if (index >= to || !this.hasAt(index, 0, text)) return index - behind - 1;
    }
  }

  /** The first line from one on that may not begin as the line before it; `to` when there is none before that. */
  #otherFrom(index: number, to: number): number {
    const others = this.#others;
    let low = 0;
    for (let high = others.length; low < high;) {
      const middle = (low + high) >> 1;
      if ((others[middle] as number) < index) low = middle + 1;
      else high = middle;
    }
    return Math.min(others[low] ?? to, to);
  }

  /** Where a character stands first in a line; −1 when it is not there. */
  indexOf(index: number, char: number): number {
    const whole = this.textOf(index);
    const start = this.startOf(index);
    const stop = this.stopOf(index);
    for (let at = start; at < stop; at++) if (whole.charCodeAt(at) === char) return at - start;
    return -1;
  }

  /**
   * Whether a line has the same from the character before its first `[` to that behind the next `]` as the line before it.
   * Many ask for the same line, one after the other, so it is looked at once.
   */
  isBracketedAsBefore(index: number): boolean {
    const known = (this.#alike ??= new Int8Array(this.length));
    if (known[index] === 0) known[index] = this.#compareBrackets(index) ? 1 : -1;
    return known[index] === 1;
  }

  #compareBrackets(index: number): boolean {
    const opening = this.indexOf(index, OPENING);
    const before = this.indexOf(index - 1, OPENING);
    if (opening < 1 || before < 1) return false;
    const ours = this.textOf(index);
    const theirs = this.textOf(index - 1);
    const end = this.stopOf(index) - 1;
    const last = this.stopOf(index - 1) - 1;
    let at = this.startOf(index) + opening - 1;
    let there = this.startOf(index - 1) + before - 1;
    for (; at < end && there < last; at++, there++) {
      const char = ours.charCodeAt(at);
      if (char !== theirs.charCodeAt(there)) return false;
      if (char === CLOSING) return ours.charCodeAt(at + 1) === theirs.charCodeAt(there + 1);
    }
    return false;
  }

  /** All lines as texts. */
  lines(): readonly string[] {
    return (this.#lines ??= Array.from({ length: this.#length }, (_, index) => this.line(index)));
  }

  /** The lines from one on. */
  from(first: number): LineBlock {
    const rest = new LineBlock(this.scanner);
    const others = new Set(this.#others);
    for (let index = first; index < this.length; index++) {
      rest.add(this.textOf(index), this.startOf(index), this.stopOf(index), !others.has(index));
    }
    this.foundLines.forEach((line, at) => {
      if (line < first) return;
      rest.foundLines.push(line - first);
      rest.foundLiterals.push(this.foundLiterals[at] as number);
    });
    rest.unscanned.push(...this.unscanned.filter((line) => line >= first).map((line) => line - first));
    return rest;
  }
}
