/** Makes the geometry of a bar chart from hourly counts: numbers for the template, which draws the SVG. */

export interface ChartInput {
  /** Seconds since the epoch. */
  readonly hour: number;
  readonly count: number;
}

export interface Bar extends ChartInput {
  /** Left edge of the hour's column, which is `step` wide. */
  readonly column: number;
  readonly x: number;
  readonly y: number;
  readonly height: number;
}

export interface Chart {
  readonly width: number;
  readonly height: number;
  readonly step: number;
  readonly barWidth: number;
  readonly bars: readonly Bar[];
  /** The value of the chart's upper edge: round, and not below the peak. */
  readonly top: number;
  readonly total: number;
  readonly peak: number;
  /** Hours that the axis names. */
  readonly marks: readonly number[];
}

const STEP = 20;
const BAR = 14;
const HEIGHT = 100;
const MARK_EVERY = 6;
/** The lowest bar that can be seen. */
const LEAST = 2;

/** The smallest of 4, 6, 8, 10, 20, 40, 60, 80, 100, 200 … that is not below the value; all can be halved. */
export function roundTop(peak: number): number {
  for (let unit = 1; ; unit *= 10) {
    const top = [4, 6, 8, 10].map((step) => step * unit).find((value) => value >= peak) ?? 20 * unit;
    if (top >= peak) return top;
  }
}

export function drawChart(values: readonly ChartInput[]): Chart {
  const peak = values.reduce((most, value) => Math.max(most, value.count), 0);
  const top = roundTop(peak);
  const bars = values.map((value, index) => {
    const height = value.count === 0 ? 0 : Math.max(LEAST, Math.round((value.count / top) * HEIGHT * 10) / 10);
    return { ...value, column: index * STEP, x: index * STEP + (STEP - BAR) / 2, y: HEIGHT - height, height };
  });
  const total = values.reduce((sum, value) => sum + value.count, 0);
  const marks = values.filter((_value, index) => index % MARK_EVERY === 0).map((value) => value.hour);
  return { width: values.length * STEP, height: HEIGHT, step: STEP, barWidth: BAR, bars, top, total, peak, marks };
}
