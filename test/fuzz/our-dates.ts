/** Tells which dates we see in the lines of a case, in the words of the other side. */
import { systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import { createDateStream, type DateStream } from '../../src/engine/filter/date-reader';
import type { DateCase } from './date-cases';
import type { SeenLine } from './stock-dates';

/** The dates, by a detector without any past; null when the pattern is refused. */
export function seeOurs({ datepattern, logtimezone, lines, times }: DateCase): readonly SeenLine[] | null {
  let dates: DateStream;
  try {
    dates = createDateStream({ datepattern, logtimezone }, systemClock.now(), silentLogger);
  } catch {
    return null;
  }
  return lines.map((line, index) => {
    const now = times[index]!;
    const seen = dates.open({ source: 'fuzz', lines: [line], inOperation: false }, now).read(0);
    return seen.failed === undefined ? [seen.before, seen.date, seen.after, seen.time, !seen.dated] : null;
  });
}
