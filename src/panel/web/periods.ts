/** The spans that charts show, and the columns that they have: hours of a day or a week, days of a month. */
import type { Form } from './form';

export interface Period {
  readonly name: '24h' | '7d' | '30d';
  /** When the first column begins, seconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly step: 'hour' | 'day';
  /** When each column begins. */
  readonly starts: readonly number[];
  /** Columns that the axis names. */
  readonly marks: readonly number[];
}

const HOUR = 3600;
const DAY = 86400;
const NAMES = ['24h', '7d', '30d'] as const;
export const PERIODS: readonly Period['name'][] = NAMES;

const SHAPES: Readonly<Record<Period['name'], { readonly step: 'hour' | 'day'; readonly columns: number; readonly markEvery: number }>> = {
  '24h': { step: 'hour', columns: 24, markEvery: 6 },
  '7d': { step: 'hour', columns: 168, markEvery: 24 },
  '30d': { step: 'day', columns: 30, markEvery: 6 },
};

/** The period that the query names, ending now; 24 hours where it names none. Days are those of UTC, as the counts are kept. */
export function periodOf(query: Form, now: number): Period {
  const name = NAMES.find((candidate) => candidate === query.get('period')) ?? '24h';
  const { step, columns, markEvery } = SHAPES[name];
  const width = step === 'hour' ? HOUR : DAY;
  const last = Math.floor(now / width) * width;
  const starts = Array.from({ length: columns }, (_none, index) => last - (columns - 1 - index) * width);
  return { name, from: starts[0] ?? last, to: now, step, starts, marks: starts.filter((_start, index) => index % markEvery === 0) };
}
