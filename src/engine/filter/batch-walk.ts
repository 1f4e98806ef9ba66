/** Goes through those lines of a batch at which something happens: a literal of the filter stands in them, or their date is not that of the line before. */
import type { LineBlock } from '../../base/line-block';
import { countOf, type LogBatch } from '../../model/ticket';
import type { DateReader } from './date-reader';
import type { KnownDate } from './known-date';
import type { LookedFor, WantedLines } from './looked-for';
import type { QuietLines } from './quiet-lines';

export class BatchWalk {
  readonly #count: number;
  /** The lines that hold a literal of the filter, and those with another date than the one before: null when all are to be looked at. */
  readonly #some: { readonly wanted: WantedLines; readonly changes: readonly number[] } | null;
  #change = 0;
  #want = 0;
  /** The line that is looked at next. */
  index = 0;
  /** Whether that is so in any case. */
  inAnyCase = false;
  /** The date that was known of the last line, and the time with which such lines count. */
  common: KnownDate | null = null;
  time: number | null = null;

  constructor(
    readonly batch: LogBatch,
    readonly dates: DateReader,
    readonly now: number,
    lookedFor: LookedFor,
  ) {
    const wanted = batch.block === undefined ? null : lookedFor.linesIn(batch.block);
    this.#count = countOf(batch);
    this.#some = wanted === null || dates.changes === undefined ? null : { wanted, changes: dates.changes() };
  }

  /** Goes on to the next line at which something happens, the present one if it is one; false at the end. */
  find(): boolean {
    if (this.#some !== null) {
      const { wanted, changes } = this.#some;
      const { index } = this;
      while (this.#change < changes.length && (changes[this.#change] as number) < index) this.#change++;
      while (this.#want < wanted.lines.length && (wanted.lines[this.#want] as number) < index) this.#want++;
      // Between these lines nothing happens: no literal stands in them, and what is known of their dates is known already.
      if (!this.inAnyCase) this.index = Math.min(this.#placeIn(changes, this.#change), this.#placeIn(wanted.lines, this.#want));
    }
    return this.index < this.#count;
  }

  /** (V8 is slow where a number is compared with one that may be undefined.) */
  #placeIn(lines: readonly number[], at: number): number {
    return at < lines.length ? (lines[at] as number) : this.#count;
  }

  get block(): LineBlock | undefined {
    return this.batch.block;
  }

  get line(): string {
    return this.batch.block?.line(this.index) ?? (this.batch.lines[this.index] as string);
  }

  /** Whether the filter's literals were looked for, and one was found in the present line. */
  get isWanted(): boolean {
    return this.#some !== null && this.#placeIn(this.#some.wanted.lines, this.#want) === this.index;
  }

  /** Whether all that the present line, which is wanted, could match is quiet. */
  isQuiet(quiet: QuietLines): boolean {
    return this.#some !== null && quiet.isQuiet(this.#some.wanted, this.#want, this);
  }
}
