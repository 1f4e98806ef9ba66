/** Makes the geometry of a chart of stacked columns from counts over time: numbers for the template, which draws the SVG. */
import { roundTop } from './chart';

export interface StackInput {
  /** When the hour or day begins, seconds since the epoch. */
  readonly start: number;
  /** What the count belongs to: a jail. */
  readonly key: string;
  readonly count: number;
}

export interface StackRequest {
  readonly rows: readonly StackInput[];
  /** When each column begins, oldest first. */
  readonly starts: readonly number[];
  /** How many keys are drawn by themselves; the rest is drawn as one. */
  readonly series: number;
}

export interface Segment {
  /** Number of the series, from 1: its colour. */
  readonly series: number;
  readonly y: number;
  readonly height: number;
}

export interface Column {
  readonly start: number;
  readonly x: number;
  readonly total: number;
  readonly segments: readonly Segment[];
  /** What the column holds, most first. */
  readonly parts: readonly { readonly key: string | null; readonly count: number }[];
}

export interface Stack {
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly barWidth: number;
  readonly columns: readonly Column[];
  /** The value of the chart's upper edge. */
  readonly top: number;
  readonly total: number;
  readonly peak: number;
  /** The series in the order of their colours; a null key is all the rest. */
  readonly legend: readonly { readonly series: number; readonly key: string | null; readonly total: number }[];
}

const STEP = 20;
const BAR = 14;
const HEIGHT = 100;
/** The lowest column that can be seen. */
const LEAST = 2;

function totalsOf(rows: readonly StackInput[]): [string, number][] {
  const totals = new Map<string, number>();
  for (const { key, count } of rows) totals.set(key, (totals.get(key) ?? 0) + count);
  return [...totals].filter(([, total]) => total > 0).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

export function drawStack({ rows, starts, series }: StackRequest): Stack {
  const place = new Map(starts.map((start, index) => [start, index]));
  const inside = rows.filter((row) => place.has(row.start));
  const totals = totalsOf(inside);
  const own = totals.slice(0, totals.length <= series ? series : series - 1);
  const rest = totals.slice(own.length).reduce((sum, [, total]) => sum + total, 0);
  const legend = own.map(([key, total], index) => ({ series: index + 1, key: key as string | null, total }));
  if (rest > 0) legend.push({ series: own.length + 1, key: null, total: rest });
  const seriesOf = new Map(own.map(([key], index) => [key, index]));
  const counts = starts.map(() => legend.map(() => 0));
  for (const { start, key, count } of inside) {
    const column = counts[place.get(start) ?? -1];
    const at = seriesOf.get(key) ?? own.length;
    if (column !== undefined && at < column.length) column[at] = (column[at] ?? 0) + count;
  }
  const peak = counts.reduce((most, column) => Math.max(most, sumOf(column)), 0);
  const top = roundTop(peak);
  const columns = starts.map((start, index): Column => {
    const column = counts[index] ?? [];
    const parts = column
      .map((count, at) => ({ key: legend[at]?.key ?? null, count }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => b.count - a.count);
    return { start, x: index * STEP, total: sumOf(column), segments: segmentsOf(column, top), parts };
  });
  const total = columns.reduce((sum, column) => sum + column.total, 0);
  return { width: starts.length * STEP, height: HEIGHT, step: STEP, barWidth: BAR, columns, top, total, peak, legend };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

/** From the ground up, in the order of the legend; a column that is not empty can be seen. */
function segmentsOf(column: readonly number[], top: number): Segment[] {
  const total = sumOf(column);
  if (total === 0) return [];
  const scale = Math.max(LEAST, (total / top) * HEIGHT) / total;
  const segments: Segment[] = [];
  let ground = HEIGHT;
  for (const [index, count] of column.entries()) {
    if (count === 0) continue;
    const height = count * scale;
    ground -= height;
    segments.push({ series: index + 1, y: rounded(ground), height: rounded(height) });
  }
  return segments;
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
