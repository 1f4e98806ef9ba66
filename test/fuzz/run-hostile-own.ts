/** `run-hostile-own.ts SEED PAIRS WORKERS WORKER [CASE]`: an offender's lines through our own filters: none may name anybody but him. */
import * as path from 'node:path';
import { isEnough, only, seed, worker, workers } from './asked';
import { drawHostileCase, hostileSets, isForeign } from './hostile-cases';
import { runOurs } from './our-filters';
import type { Tally } from './run-filters';

const STEP = 64;
const root = path.resolve(__dirname, '../..');

const sets = hostileSets(path.join(root, 'config'), path.join(root, 'test/fixtures/logs'), ['no']);
const all = sets.map(({ set }) => set);
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0 };
const reached = new Set<string>();

let number = only < 0 ? worker : only;
while (!isEnough(sums.pairs) && (only < 0 || number === only)) {
  const different: string[] = [];
  for (let step = 0; step < (only < 0 ? STEP : 1); step++, number += workers) {
    const drawn = drawHostileCase(sets, seed, number);
    const set = all[drawn.set]!;
    runOurs(set, drawn).forEach((failures, index) => {
      sums.pairs += 1;
      if (failures.length > 0) sums.failures += 1;
      if (failures.length > 0) reached.add(set.name);
      const foreign = failures.filter(({ id }) => isForeign(id));
      if (foreign.length === 0) sums.same += 1;
      else
        different.push(
          `--seed ${seed} case ${drawn.number} line ${index} ${set.name}\n${JSON.stringify({ line: drawn.lines[index], foreign })}`,
        );
    });
  }
  console.log(JSON.stringify({ ...sums, different, most: { filters: reached.size, of: sets.length } } satisfies Tally));
}
