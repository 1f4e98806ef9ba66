/** `run-regex.ts SEED PAIRS WORKERS WORKER [CASE]`: drawn patterns on drawn texts, by V8 and by our own matcher, beside Python's `re`: the same match with the same groups, or the same error. */
import { compareWithPython } from '../support/regex-compare';
import { type ReAnswer, type ReJob, RE_SCRIPT } from '../support/python-re';
import { parsePattern } from '../../src/regex/parse';
import { childrenOf, type Node } from '../../src/regex/tree';
import { isEnough, only, seed, worker, workers } from './asked';
import { drawRegexCase, regexWorld } from './regex-cases';
import type { Tally } from './run-filters';
import { StockProcess } from './stock-process';

const STEP = 128;

/** Patterns that docs/regex.md lists: loops over more than one sign that give nothing back, `(?a:` at the start, flags and names that nobody uses. */
const MEANT = /[)\]\w.][*+?}]\+|^[(?:=>|P<\w]*\(\?a|\(\?[a-z]*t|\\N\{|\{\d{9,}|\(\?\([^)]*[^\x00-\x7f]/u;

/** Whether a condition stands in the group that it asks for (open-condition). */
function hasOpenCondition(pattern: string): boolean {
  const within = (node: Node, open: readonly number[]): boolean => {
    if (node.type === 'conditional' && open.includes(node.index)) return true;
    const inner = node.type === 'group' ? [...open, node.index] : open;
    return childrenOf(node).some((child) => within(child, inner));
  };
  try {
    return within(parsePattern(pattern).root, []);
  } catch {
    return false;
  }
}

/** `failures`: searches that match; `late`: that took too long, by Python's clock or by our count of steps. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0, patterns: 0, v8: 0, own: 0, refused: 0 };

/** Asks for steps ahead of the answers, so that both sides work at a time. */
async function main(): Promise<void> {
  const world = regexWorld();
  const python = new StockProcess<ReAnswer[]>(RE_SCRIPT);
  let number = only < 0 ? worker : only;
  const draw = (): ReJob[] => {
    const jobs: ReJob[] = [];
    for (; jobs.length < (only < 0 ? STEP : 1); number += workers) jobs.push(drawRegexCase(world, seed, number));
    python.write(jobs);
    return jobs;
  };
  let first = number;
  let next = draw();
  while (!isEnough(sums.pairs) && next.length > 0) {
    const [jobs, numbers] = [next, first];
    first = number;
    next = only < 0 ? draw() : [];
    const answers = await python.next();
    const different: string[] = [];
    for (const [at, job] of jobs.entries()) {
      const found = compareWithPython([job], [answers[at]!]);
      const bad = found.differences.length;
      const meant = bad > 0 && (MEANT.test(job.pattern) || hasOpenCondition(job.pattern));
      const pairs = found.v8 + found.own + found.refused + (found.v8 + found.own + found.refused === 0 ? bad : 0);
      sums.patterns += 1;
      sums.pairs += pairs;
      sums.same += pairs - bad;
      sums.meant += meant ? bad : 0;
      sums.failures += found.matched;
      sums.late += found.skipped;
      sums.v8 += found.v8;
      sums.own += found.own;
      sums.refused += found.refused;
      if (!meant && bad > 0) different.push(`--seed ${seed} case ${numbers + at * workers} ${found.differences.join('\n')}`);
    }
    console.log(JSON.stringify({ ...sums, different } satisfies Tally & typeof sums));
  }
  python.end();
}

void main();
