/** Dates for all jails: one stream of dates per source and way of dating, and one reading of each batch, however many jails look at it. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { LogBatch } from '../../model/ticket';
import { dateKeyOf, type DateOptions } from '../filter/date-key';
import { createDateStream, type DateReader, type DateStream } from '../filter/date-reader';

/** The readers of a batch live and die with it: a WeakMap would hold both until the next collection of all the memory. */
const READERS = Symbol('date readers');

interface DatedBatch extends LogBatch {
  [READERS]?: Map<string, DateReader>;
}

export class SharedDates {
  readonly #streams = new Map<string, DateStream>();
  /** For looking where to begin in sources of which nothing was read yet, by way of dating: most of thousands of files rest. */
  readonly #beginnings = new Map<string, DateStream>();
  readonly #clock: Clock;
  readonly #logger: Logger;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** The dates of a batch; the same reader for every jail that dates alike. */
  readerOf(batch: DatedBatch, options: DateOptions): DateReader {
    const readers = (batch[READERS] ??= new Map<string, DateReader>());
    const key = dateKeyOf(options);
    const known = readers.get(key);
    if (known !== undefined) return known;
    const reader = this.#stream(batch.source, options).open(batch, this.#clock.now());
    readers.set(key, reader);
    return reader;
  }

  /** Seconds since the epoch of a line's date; null when it has none. For looking where to begin in a file. */
  timeOf(source: string, line: string, options: DateOptions): number | null {
    const key = keyOf(source, options);
    const now = this.#clock.now();
    const known = this.#streams.get(key);
    if (known !== undefined) return known.timeOf(line, now);
    const way = dateKeyOf(options);
    const stream = this.#beginnings.get(way) ?? createDateStream(options, now, this.#logger);
    this.#beginnings.set(way, stream);
    return stream.timeOf(line, now);
  }

  /** Forgets a source that nobody follows any more. */
  forget(source: string): void {
    for (const key of this.#streams.keys()) if (key.startsWith(`${source}\0`)) this.#streams.delete(key);
  }

  #stream(source: string, options: DateOptions): DateStream {
    const key = keyOf(source, options);
    const known = this.#streams.get(key);
    if (known !== undefined) return known;
    const stream = createDateStream(options, this.#clock.now(), this.#logger);
    this.#streams.set(key, stream);
    return stream;
  }
}

function keyOf(source: string, options: DateOptions): string {
  return `${source}\0${dateKeyOf(options)}`;
}
