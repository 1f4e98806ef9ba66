/** `run-filters.ts SEED PAIRS WORKERS WORKER [CASE]`: a worker's share of the fuzzer's cases (or one case alone) through both programs; prints its tally as lines of JSON. */
import { isEnough, only, seed, worker, workers } from './asked';
import { drawCase, type FilterSet, type FuzzCase, fuzzWorld } from './filter-cases';
import { hasNewer, hasSeparator, isHourTwice, isOtherDay } from './meant';
import { runOurs } from './our-filters';
import { type StockAnswer, StockFilters, type Told, type ToldFailure } from './stock-filters';

/** What a worker prints after each step: its sums, and the differences since the step before. */
export interface Tally {
  readonly pairs: number;
  readonly same: number;
  /** Pairs that differ, as docs/deviations.md says they do. */
  readonly meant: number;
  /** Pairs in which there was a failure. */
  readonly failures: number;
  /** Pairs left out because the original needed more than the time allowed. */
  readonly late: number;
  readonly different: readonly string[];
  /** The largest values that were measured, by their names. */
  readonly most?: Readonly<Record<string, number>>;
}

const STEP = 16;

/** JSON with its keys in order. */
function ordered(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0 };

/** The same failures but for their times, which differ as `isMeant` says. */
function differsInTime(
  mine: readonly ToldFailure[],
  theirs: readonly ToldFailure[],
  isMeant: (mine: number, theirs: number) => boolean,
): boolean {
  const alike = theirs.map((failure, index) => {
    const time = mine[index]?.time ?? 0;
    return isMeant(time, failure.time) ? { ...failure, time } : failure;
  });
  return ordered(alike) === ordered(mine);
}

function compare(set: FilterSet, fuzzCase: FuzzCase, ours: Told, { told: stock, guessed, unknown }: StockAnswer): string | null {
  const { number, lines, times, inOperation } = fuzzCase;
  sums.late += lines.length - stock.length;
  for (const [index, theirs] of stock.entries()) {
    const mine: readonly ToldFailure[] = ours[index] ?? [];
    sums.pairs += 1;
    if (theirs.length > 0) sums.failures += 1;
    if (ordered(mine) === ordered(theirs)) {
      sums.same += 1;
      continue;
    }
    if (differsInTime(mine, theirs, isHourTwice) || (guessed[index] === true && differsInTime(mine, theirs, isOtherDay))) {
      sums.meant += 1;
      continue;
    }
    if (hasSeparator(fuzzCase, set, index) || hasNewer(lines[index] ?? '', unknown)) {
      sums.meant += 1;
      return null;
    }
    const told = { line: lines[index], stock: theirs, ours: mine };
    return `--seed ${seed} case ${number} line ${index} ${set.name} now=${times[index]}${inOperation ? ' in operation' : ''}\n${JSON.stringify(told)}`;
  }
  return null;
}

async function main(): Promise<void> {
  const world = fuzzWorld();
  const stock = new StockFilters(world.sets);
  let number = only < 0 ? 0 : only;
  while (!isEnough(sums.pairs + sums.late) && (only < 0 || number === only)) {
    const cases: FuzzCase[] = [];
    while (cases.length < (only < 0 ? STEP : 1)) {
      if ((number % world.sets.length) % workers === worker) cases.push(drawCase(world, seed, number));
      number += 1;
    }
    for (const fuzzCase of cases) stock.ask(fuzzCase);
    const ours = cases.map((fuzzCase) => runOurs(world.sets[fuzzCase.set]!, fuzzCase));
    const different: string[] = [];
    for (const [index, fuzzCase] of cases.entries()) {
      const difference = compare(world.sets[fuzzCase.set]!, fuzzCase, ours[index]!, await stock.next());
      if (difference !== null) different.push(difference);
    }
    console.log(JSON.stringify({ ...sums, different } satisfies Tally));
  }
  stock.end();
}

void main();
