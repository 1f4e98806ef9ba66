/** Makes of a jail's logs one stream of dated lines in the order of their time. */
import { messageOf } from '../../../base/errors';
import { type FileLines, readLines } from '../../../base/file-lines';
import { offsetSince } from '../../../base/file-search';
import { silentLogger } from '../../../base/logger';
import type { DateOptions } from '../../filter/date-key';
import { createDateStream, type DateStream, type LineDate } from '../../filter/date-reader';

/** Lines that one source brought at one time. */
export interface DatedLines {
  readonly source: string;
  /** Seconds since the epoch; of undated lines, of the line before them. */
  readonly time: number;
  readonly lines: readonly string[];
  readonly dates: readonly LineDate[];
}

/** A source of lines: a file, or the journal. */
export interface LogStream {
  readonly path: string;
  /** Why it could not be read (to its end); null when it was. */
  readonly problem: string | null;
  /** Lines and bytes that were read. */
  readonly lines: number;
  readonly bytes: number;
  /** The next lines of one time; null at the end. */
  next(): DatedLines | null;
}

interface PeekedLine {
  readonly line: string;
  readonly date: LineDate;
}

/** Lines handed on together at most. */
const MOST_TOGETHER = 100;

export interface FileStreamOptions {
  readonly encoding: string;
  readonly dates: DateOptions;
  /** Seconds since the epoch: where to begin. */
  readonly since: number;
  /** Seconds since the epoch: decides about dates without a year. */
  readonly now: number;
}

/** The lines of a file since a time, found by halving. */
export class FileStream implements LogStream {
  problem: string | null = null;
  lines = 0;
  bytes = 0;
  readonly #options: FileStreamOptions;
  readonly #dates: DateStream;
  readonly #batches: Iterator<FileLines>;
  #batch: readonly string[] = [];
  #at = 0;
  #time: number;
  #peeked: PeekedLine | null = null;
  #ended = false;

  /** Opens nothing yet. @throws what a wrong datepattern or logtimezone throws */
  constructor(
    readonly path: string,
    options: FileStreamOptions,
  ) {
    const { dates, now, since, encoding } = options;
    this.#options = options;
    this.#time = since;
    this.#dates = createDateStream(dates, now, silentLogger);
    const search = createDateStream(dates, now, silentLogger);
    this.#batches = readLines(path, encoding, (fd, text) => offsetSince(fd, text, since, (line) => search.timeOf(line, now)));
  }

  next(): DatedLines | null {
    const first = this.#peek();
    if (first === null) return null;
    const lines: string[] = [];
    const dates: LineDate[] = [];
    const time = this.#timeOf(first.date);
    for (let next: PeekedLine | null = first; next !== null && lines.length < MOST_TOGETHER; next = this.#peek()) {
      if (this.#timeOf(next.date) !== time) break;
      lines.push(next.line);
      dates.push(next.date);
      this.#peeked = null;
    }
    this.#time = time;
    this.lines += lines.length;
    return { source: this.path, time, lines, dates };
  }

  /** Lets go of the file. */
  close(): void {
    this.#ended = true;
    this.#batches.return?.();
  }

  /** A line that is older than the one before it does not turn the time back. */
  #timeOf(date: LineDate): number {
    return date.time === null || !bearsDate(date) ? this.#time : Math.max(date.time, this.#time);
  }

  #peek(): PeekedLine | null {
    if (this.#peeked !== null) return this.#peeked;
    while (this.#at >= this.#batch.length) if (!this.#more()) return null;
    const line = this.#batch[this.#at++] ?? '';
    const date = this.#dates.open({ source: this.path, lines: [line], inOperation: true }, this.#options.now).read(0);
    return (this.#peeked = { line, date });
  }

  #more(): boolean {
    if (this.#ended) return false;
    try {
      const { done, value } = this.#batches.next();
      if (done === true) this.#ended = true;
      else {
        this.bytes = value.offset - value.start;
        this.#batch = value.lines;
        this.#at = 0;
      }
    } catch (error) {
      this.problem = messageOf(error);
      this.#ended = true;
    }
    return !this.#ended;
  }
}

/** Whether a line of a file bears a date of its own; a datepattern may say that all lines are of now. */
export function bearsDate({ time, dated, date }: LineDate): boolean {
  return dated && date !== '' && time !== null;
}

/** The lines of all streams in the order of their time; at the same time in the order of the streams. */
export function* merged(streams: readonly LogStream[]): Generator<DatedLines> {
  const heads: { stream: LogStream; head: DatedLines }[] = [];
  const take = (stream: LogStream): void => {
    const head = stream.next();
    if (head !== null) heads.push({ stream, head });
  };
  streams.forEach(take);
  while (heads.length > 0) {
    let first = 0;
    for (let at = 1; at < heads.length; at++) if (heads[at]!.head.time < heads[first]!.head.time) first = at;
    const { stream, head } = heads[first]!;
    yield head;
    const next = stream.next();
    if (next === null) heads.splice(first, 1);
    else heads[first] = { stream, head: next };
  }
}
