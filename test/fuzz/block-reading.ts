/** A filter at work on a log, in blocks as the reader brings them or line by line: what it found, what it logged, and how its date templates fared. */
import { createLogger } from '../../src/base/logger';
import { createLineFilter } from '../../src/engine/filter/create-filter';
import { createDateStream, type DateStream } from '../../src/engine/filter/date-reader';
import type { LineFilter } from '../../src/engine/filter/line-filter';
import { defaultJailConfig } from '../../src/model/jail-config';
import type { Failure, LogBatch } from '../../src/model/ticket';
import type { FilterSet } from './filter-cases';

const inTenths = ({ time, ...failure }: Failure): object => ({ ...failure, time: Math.round(time * 10) });

export class FilterAtWork {
  readonly found: object[] = [];
  readonly logged: string[] = [];
  readonly filter: LineFilter;
  private readonly dates: DateStream;

  /** @param now seconds since the epoch */
  constructor(set: FilterSet, findtime: number, now: number) {
    const logger = createLogger(({ message }) => void this.logged.push(message.replaceAll(/\d+ (?=seconds)/g, 'N ')));
    const made = createLineFilter({ ...defaultJailConfig('block'), ...set, findtime, logtimezone: null }, { logger });
    if (made.filter === null) throw new Error(JSON.stringify(made.problems));
    this.filter = made.filter;
    this.dates = createDateStream({ datepattern: set.datepattern, logtimezone: null }, now, logger);
  }

  /** @returns how many failures that were */
  process(batch: LogBatch, now: number): number {
    const failures = this.filter.process(batch, this.dates.open(batch, now), now);
    this.found.push(...failures.map(inTenths));
    return failures.length;
  }

  /** Matching was ended by its time or its steps, which are counted for a batch. */
  get late(): boolean {
    return this.logged.some((message) => /took (?:too long|more than)/.test(message));
  }

  /** All that it did, to be compared. Dates are read ahead of the filter, so what is logged has no order. */
  get done(): readonly (readonly unknown[])[] {
    const tally = this.dates.detector.tally().map(({ template, hits, weight }) => [template.name, hits, weight]);
    return [this.found, [...this.logged].sort(), tally];
  }
}
