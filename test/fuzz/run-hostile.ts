/** `run-hostile.ts SEED PAIRS WORKERS WORKER [CASE]`: an offender's lines through the stock filters, by both programs: ours names nobody whom the original does not name. */
import { isEnough, only, seed, worker, workers } from './asked';
import { drawHostileCase, isForeign, stockSets } from './hostile-cases';
import type { FuzzCase } from './filter-cases';
import { hasSeparator } from './meant';
import { runOurs } from './our-filters';
import type { Tally } from './run-filters';
import { StockFilters, type ToldFailure } from './stock-filters';

const STEP = 16;

const sets = stockSets();
const all = sets.map(({ set }) => set);
/** `victims`: lines in which the original itself names somebody else than the offender. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0, victims: 0 };
const reached = new Set<string>();

const foreign = (failures: readonly ToldFailure[]): string[] => failures.map(({ id }) => id).filter(isForeign);

async function main(): Promise<void> {
  const stock = new StockFilters(all);
  let number = only < 0 ? worker : only;
  while (!isEnough(sums.pairs + sums.late) && (only < 0 || number === only)) {
    const cases: FuzzCase[] = [];
    for (; cases.length < (only < 0 ? STEP : 1); number += workers) cases.push(drawHostileCase(sets, seed, number));
    cases.forEach((drawn) => stock.ask(drawn));
    const ours = cases.map((drawn) => runOurs(all[drawn.set]!, drawn));
    const different: string[] = [];
    for (const [at, drawn] of cases.entries()) {
      const { told } = await stock.next();
      const set = all[drawn.set]!;
      sums.late += drawn.lines.length - told.length;
      const namedAtAll = told.flatMap(foreign);
      told.forEach((theirs, index) => {
        const mine = ours[at]![index] ?? [];
        sums.pairs += 1;
        if (theirs.length > 0) sums.failures += 1;
        if (theirs.length > 0) reached.add(set.name);
        const named = foreign(theirs);
        if (named.length > 0) sums.victims += 1;
        const worse = foreign(mine).filter((id) => !named.includes(id));
        if (worse.length === 0) sums.same += 1;
        // With other lines left over, the same lines name somebody sooner or later than in the original.
        else if (hasSeparator(drawn, set, index) && worse.every((id) => namedAtAll.includes(id))) sums.meant += 1;
        else
          different.push(
            `--seed ${seed} case ${drawn.number} line ${index} ${set.name}\n${JSON.stringify({ line: drawn.lines[index], theirs, mine })}`,
          );
      });
    }
    console.log(JSON.stringify({ ...sums, different, most: { filters: reached.size, of: sets.length } } satisfies Tally));
  }
  stock.end();
}

void main();
