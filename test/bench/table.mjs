// Measures ours beside the original (or another peer) and prints one table: ratio first, medians, the bar, met or not.
// Each file in measures/ exports `measure`; see measures/README.md for its shape.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { barText, isMet, median, ratioOf, shown } from './figures.mjs';

const folder = path.join(import.meta.dirname, 'measures');
const BASELINE = path.join(import.meta.dirname, 'baseline.json');
const RUNS = Number(process.env.BENCH_RUNS ?? 5);
/** A ratio that is worse than the baseline's by more than this share is marked. */
const SLACK = 0.2;

const args = process.argv.slice(2);
const renew = args.includes('--renew');
const wanted = args.filter((word) => !word.startsWith('--'));

async function loadMeasures() {
  const files = readdirSync(folder).filter((file) => file.endsWith('.mjs'));
  const loaded = await Promise.all(files.map(async (file) => (await import(pathToFileURL(path.join(folder, file)).href)).measure));
  return loaded.sort((a, b) => a.order - b.order);
}

/** One line that comes and goes, for who watches. */
const progress = (text) => process.stderr.isTTY && process.stderr.write(`\r\x1b[K${text}`);

/** The samples of all runs, by row: `{ ours: [], peer: [] }`. */
async function sampled(measure) {
  const samples = new Map(measure.rows.map(({ key }) => [key, { ours: [], peer: [] }]));
  for (let run = 1; run <= RUNS; run++) {
    progress(`${measure.name}: run ${run} of ${RUNS}`);
    const result = await measure.sample({ run });
    for (const [key, { ours, peer }] of Object.entries(result)) {
      samples.get(key).ours.push(ours);
      if (peer !== null) samples.get(key).peer.push(peer);
    }
  }
  progress('');
  return samples;
}

function judged(row, { ours, peer }) {
  const figures = { ours: median(ours), peer: peer.length === 0 ? null : median(peer) };
  return { ...figures, ratio: ratioOf(row, figures), met: isMet(row, figures) };
}

const worse = (row, ratio, before) =>
  before !== undefined && (row.better === 'more' ? ratio < before * (1 - SLACK) : ratio > before * (1 + SLACK));

const COLUMNS = [58, 9, 14, 14, 20, 18, 4];
const line = (cells) =>
  cells
    .map((cell, at) => String(cell).padEnd(COLUMNS[at]))
    .join(' ')
    .trimEnd();

const all = await loadMeasures();
const chosen = wanted.length === 0 ? all : all.filter(({ name }) => wanted.includes(name));
if (wanted.some((name) => !all.some((measure) => measure.name === name))) {
  console.error(`There are these measures: ${all.map(({ name }) => name).join(' ')}`);
  process.exit(2);
}
const baseline = JSON.parse(readFileSync(BASELINE, 'utf8'));
console.log(`Medians of ${RUNS} runs; the peer is measured in the same run. CPU seconds are of the process and its children.`);
console.log(line(['measure', 'ratio', 'ours', 'peer', 'which', 'bar', 'met', 'baseline']));
let unmet = 0;
for (const measure of chosen) {
  const samples = await sampled(measure);
  for (const row of measure.rows) {
    const id = `${measure.name}.${row.key}`;
    const { ours, peer, ratio, met } = judged(row, samples.get(row.key));
    const before = baseline[id];
    if (!met) unmet++;
    const mark = before === undefined ? 'none' : `${shown(before)}${worse(row, ratio, before) ? ' WORSE' : ''}`;
    const theirs = peer === null ? '-' : shown(peer);
    console.log(
      line([
        `${row.title} [${measure.name}]`,
        shown(ratio),
        `${shown(ours)} ${row.unit}`,
        theirs,
        row.peer ?? '-',
        barText(row),
        row.bars.length === 0 ? '-' : met ? 'yes' : 'NO',
        mark,
      ]),
    );
    if (renew && Number.isFinite(ratio)) baseline[id] = Number(ratio.toPrecision(3));
  }
}
if (renew) writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(Object.entries(baseline).sort()), null, 2)}\n`);
console.log(unmet === 0 ? 'Every bar is met.' : `${unmet} of the bars are not met.`);
