/** Dates that a line is known to have because it has the text of an earlier line in the same place: that text alone decides. */
import type { LineBlock } from '../../base/line-block';
import { ownText } from '../../base/own-text';
import type { LineDate } from './date-reader';
import type { FoundDate } from './date-template';
import type { LineParts } from './line-buffer';

/** The date of a line that was read. */
export type ReadDate = LineDate & { readonly time: number };

export abstract class KnownDate {
  /** The date, and its time in seconds since the epoch. */
  readonly date: string;
  readonly time: number;
  private readonly zoned: boolean;

  /**
   * @param left the character before the date; '' when it begins the line
   * @param right the character behind the date
   */
  protected constructor(
    date: ReadDate,
    readonly now: number,
    readonly left: string,
    readonly right: string,
  ) {
    this.date = ownText(date.date);
    this.time = date.time;
    this.zoned = date.zoned;
  }

  /** Whether a line has this date for sure. */
  abstract standsIn(line: string): boolean;
  /** @param before whether the line before that one has it */
  abstract standsInBlock(block: LineBlock, index: number, before: boolean): boolean;
  /** How many lines of a block have it from one on that has, before another. */
  abstract linesInBlock(block: LineBlock, from: number, to: number): number;
  /** A line that has it, around the date. */
  abstract partsOf(line: string): LineParts;
  /** Where what follows the date begins in a line of a block that has it. */
  abstract endIn(block: LineBlock, index: number): number;

  of(line: string): LineDate {
    const [before, date, after] = this.partsOf(line);
    return { before, date, after, time: this.time, dated: true, zoned: this.zoned };
  }
}

/** Signs behind a date that decide whether it goes on: a blank and a zone's `+01:00`, a year and the boundary behind it. */
const BEHIND_DATE = 8;

/** What can make more than that matter: blanks before a zone, and a fraction that was left out because of what stands behind it. */
const LONGER_BEHIND = /^(?:\s\s|[.,]\p{Nd})/u;

/** A date near the line's beginning. */
export class Beginning extends KnownDate {
  private readonly before: string;

  /**
   * @param text what such lines begin with; a little more than the date
   * @param end offset of what follows the date
   */
  constructor(
    readonly text: string,
    readonly end: number,
    date: ReadDate,
    now: number,
  ) {
    super(date, now, date.before.slice(-1), text.charAt(end));
    this.before = ownText(date.before);
  }

  /** Null when what stands behind the date may be a part of it further on. */
  static in(line: string, found: FoundDate, date: ReadDate, now: number): Beginning | null {
    const text = line.slice(0, found.end + BEHIND_DATE);
    const decided = text.length === found.end + BEHIND_DATE && !LONGER_BEHIND.test(text.slice(found.end));
    return decided ? new Beginning(ownText(text), found.to, date, now) : null;
  }

  /** (V8 is slow at startsWith of parts of texts.) */
  standsIn(line: string): boolean {
    return line.slice(0, this.text.length) === this.text;
  }

  standsInBlock(block: LineBlock, index: number): boolean {
    return block.hasAt(index, 0, this.text);
  }

  linesInBlock(block: LineBlock, from: number, to: number): number {
    return 1 + block.linesBeginningWith(this.text, from, to);
  }

  partsOf(line: string): LineParts {
    return [this.before, this.date, line.slice(this.end)];
  }

  endIn(): number {
    return this.end;
  }
}

const OPENING = 0x5b;

/** A date in brackets, behind anything that has none: found by a template that looks no further (regex/bracketed.ts). */
export class Bracketed extends KnownDate {
  /** @param from offsets of the date in `text`, which goes from the character before the first `[` to that behind the next `]` */
  constructor(
    readonly text: string,
    readonly from: number,
    readonly to: number,
    date: ReadDate,
    now: number,
  ) {
    super(date, now, text.charAt(from - 1), text.charAt(to));
  }

  /** Null when the date does not stand so in the line. */
  static in(line: string, date: ReadDate, now: number): Bracketed | null {
    const opening = line.indexOf('[');
    const closing = line.indexOf(']', opening);
    const from = date.before.length - (opening - 1);
    const to = from + date.date.length;
    const length = closing + 2 - (opening - 1);
    if (opening < 1 || closing < 0 || from < 1 || to >= length || closing + 1 >= line.length) return null;
    return new Bracketed(ownText(line.slice(opening - 1, closing + 2)), from, to, date, now);
  }

  standsIn(line: string): boolean {
    const opening = line.indexOf('[');
    return opening >= 1 && line.slice(opening - 1, opening - 1 + this.text.length) === this.text;
  }

  standsInBlock(block: LineBlock, index: number, before: boolean): boolean {
    if (before) return block.isBracketedAsBefore(index);
    const opening = block.indexOf(index, OPENING);
    return opening >= 1 && block.hasAt(index, opening - 1, this.text);
  }

  linesInBlock(block: LineBlock, from: number, to: number): number {
    let at = from + 1;
    while (at < to && block.isBracketedAsBefore(at)) at++;
    return at - from;
  }

  partsOf(line: string): LineParts {
    const at = line.indexOf('[') - 1;
    return [line.slice(0, at + this.from), this.date, line.slice(at + this.to)];
  }

  endIn(block: LineBlock, index: number): number {
    return block.indexOf(index, OPENING) - 1 + this.to;
  }
}
