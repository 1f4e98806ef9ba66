/** `run-redos.ts SEED LINES WORKERS WORKER [CASE]`: searches for lines that take the stock filters long, and has jails match them: each regex is slow once at most, and the steps are bounded from then on. */
import { createLogger } from '../../src/base/logger';
import { compileFilter } from '../../src/engine/filter/compile-filter';
import { createLineFilter } from '../../src/engine/filter/create-filter';
import { createDateStream } from '../../src/engine/filter/date-reader';
import { defaultJailConfig, type JailConfig } from '../../src/model/jail-config';
import { bounded, stepsOf } from '../../src/regex/bound';
import { exampleBefore } from '../../src/regex/example';
import { DEFAULT_BUDGET } from '../../src/regex/matcher';
import { parsePattern } from '../../src/regex/parse';
import type { Pattern } from '../../src/regex/pattern';
import { childrenOf, type Node } from '../../src/regex/tree';
import { isEnough, only, seed, worker, workers } from './asked';
import { fuzzWorld, type FilterSet } from './filter-cases';
import { randomOf } from './random';
import { searchedLine } from './redos-lines';
import type { Tally } from './run-filters';

const NOW = 1_700_000_000;
/** The same line comes so often in a batch: who finds one writes many. */
const TIMES = 20;
/** What a search may take in any case, when many such lines come one after the other. */
const LEAST = 20_000;
const LENGTHS = [300, 2000, 8000, 60_000];

const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0 };
const most = { seconds: 0 };

/** What the prefregex wants to see before the part that the failregexes get. */
function leadOf(prefregex: Pattern | null): string {
  if (prefregex === null) return '';
  const { root, names } = parsePattern(prefregex.source);
  const content = names.get('content');
  const find = (node: Node): Node | null =>
    node.type === 'group' && node.index === content
      ? node
      : childrenOf(node).reduce<Node | null>((found, child) => found ?? find(child), null);
  const group = find(root);
  return group === null ? '' : (exampleBefore(root, group) ?? '');
}

/** Null when all is well. */
function tryCase(number: number, sets: readonly FilterSet[]): string | null {
  const random = randomOf(seed, number);
  const set = random.pick(sets);
  const config: JailConfig = { ...defaultJailConfig('redos'), ...set, datepattern: null, logtimezone: null, backend: 'systemd' };
  const { patterns } = compileFilter(config);
  if (patterns === null) return null;
  const inPrefix = patterns.prefregex !== null && random.chance(0.3);
  const pattern = inPrefix ? (patterns.prefregex as Pattern) : random.pick(patterns.failregex);
  const found = searchedLine(random, parsePattern(pattern.source, { multiline: patterns.maxlines > 1 }), random.pick(LENGTHS));
  if (found === null) return null;
  const line = `${inPrefix ? '' : leadOf(patterns.prefregex)}${found}${pattern.required?.[0] ?? ''}`;
  let told = 0;
  const logger = createLogger(({ level, message }) => {
    if (level === 'WARNING' && message.includes('took too long')) told += 1;
  });
  const { filter } = createLineFilter(config, { logger });
  if (filter === null) return null;
  const all = [...patterns.failregex, ...patterns.ignoreregex, ...(patterns.prefregex === null ? [] : [patterns.prefregex])].map(bounded);
  const what = `--seed ${seed} case ${number} ${set.name} ${pattern.source.slice(0, 200)} on ${line.length} characters: ${JSON.stringify(line.slice(0, 300))}`;
  for (let round = 0; round < 2; round++) {
    all.forEach(stepsOf);
    const lines = Array.from({ length: TIMES }, () => line);
    const batch = { source: 'systemd-journal', lines, inOperation: true, times: lines.map(() => NOW) };
    const dates = createDateStream(config, NOW, logger).open(batch, NOW);
    const began = process.cpuUsage();
    filter.process(batch, dates, NOW);
    const { user, system } = process.cpuUsage(began);
    most.seconds = Math.max(most.seconds, Math.round((user + system) / 1e4) / 100);
    sums.pairs += TIMES;
    // What one pattern may take: all its budget once, and then what any search may take.
    const few = DEFAULT_BUDGET + 2 * TIMES * LEAST * patterns.maxlines;
    const beyond = all.map(stepsOf).filter((steps) => steps > few);
    if (beyond.length > 0) return `${what}: ${beyond.join()} steps`;
    if (round === 0) sums.failures += told > 0 ? 1 : 0;
    else if (new Set(filter.slow).size < filter.slow.length) return `${what}: slow more than once`;
    sums.same += TIMES;
  }
  sums.late += told;
  return null;
}

const { sets } = fuzzWorld();
let number = only < 0 ? worker : only;
while (!isEnough(sums.pairs) && (only < 0 || number === only)) {
  const different: string[] = [];
  for (let count = only < 0 ? 8 : 1; count > 0; count--) {
    const difference = tryCase(number, sets);
    if (difference !== null) different.push(difference);
    number += workers;
  }
  console.log(JSON.stringify({ ...sums, different, most } satisfies Tally));
}
