// What the table reckons with: medians, ratios, bars, and figures as people read them.

export const median = (values) => [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

/** The value below which 95 of 100 lie. */
export const percentile95 = (values) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * 0.95) - 1)];

/** Ours by the peer's; where there is no peer, by the bar. */
export function ratioOf(row, { ours, peer }) {
  const by = peer ?? row.bars.find(({ of }) => of === 'ours')?.atMost;
  return by === undefined || by === 0 ? NaN : ours / by;
}

/** Whether all bars of a row are met. */
export function isMet(row, figures) {
  const value = { ours: figures.ours, ratio: ratioOf(row, figures) };
  return row.bars.every(({ of, atLeast = -Infinity, atMost = Infinity }) => value[of] >= atLeast && value[of] <= atMost);
}

/** `ratio ≥ 30`, `≤ 10 ms`. */
export function barText({ bars, unit }) {
  const text = ({ of, atLeast, atMost }) => {
    const limit = atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`;
    return of === 'ratio' ? `ratio ${limit}` : `${limit} ${unit}`;
  };
  return bars.map(text).join(', ');
}

/** Three figures that count, thousands apart. */
export function shown(value) {
  if (!Number.isFinite(value)) return '-';
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ');
  return String(Number(value.toPrecision(3)));
}
