/** `run-dates.ts SEED LINES WORKERS WORKER [CASE]`: the dates that both programs see in drawn lines: the same text cut out, the same time or none; prints its tally as lines of JSON. */
import { isEnough, only, seed, worker, workers } from './asked';
import { type DateCase, dateWorld, drawDateCase } from './date-cases';
import { hasNewer, isHourTwice, isOtherDay } from './meant';
import { seeOurs } from './our-dates';
import type { Tally } from './run-filters';
import { type SeenLine, type StockDates, stockDates } from './stock-dates';

const STEP = 16;
/** A pattern that stands twice (docs/deviations.md, template-twice). */
const TWICE = 'There is already a template with name';
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0 };

/** A line without a date's text is a line, wherever nothing was cut out of it. */
function plain(seen: SeenLine): SeenLine {
  return seen !== null && seen[1] === '' ? ['', '', seen[0] + seen[2], seen[3], seen[4]] : seen;
}

function isSame(mine: SeenLine, theirs: SeenLine): boolean {
  return JSON.stringify(plain(mine)) === JSON.stringify(plain(theirs));
}

/** Whether the difference is one that docs/deviations.md lists. */
function isMeant(mine: SeenLine, theirs: SeenLine, guessed: boolean): boolean {
  const [ours, stock] = [mine?.[3] ?? null, theirs?.[3] ?? null];
  // 29 February put back by a year, which one of both does, is no day.
  if (guessed && (ours === null) !== (stock === null) && /29/.test(`${mine?.[1]}${theirs?.[1]}`)) return true;
  if (ours === null || stock === null || mine === null || theirs === null) return false;
  if (!isSame([mine[0], mine[1], mine[2], stock, mine[4]], theirs)) return false;
  return isHourTwice(ours, stock) || (guessed && isOtherDay(ours, stock));
}

/** Whether a line bears no date that can be read, or that of a line before it. */
function isUndated(seen: SeenLine, line: string): boolean {
  return seen === null || seen[4] || seen[0] + seen[1] + seen[2] !== line;
}

function compare(dateCase: DateCase, ours: readonly SeenLine[] | null, { seen, guessed, unknown }: StockDates): string | null {
  const { number, lines, times, datepattern, logtimezone } = dateCase;
  const what = `--seed ${seed} case ${number} ${JSON.stringify({ datepattern, logtimezone })}`;
  if (typeof seen === 'string' || ours === null) {
    sums.pairs += lines.length;
    if (typeof seen === 'string' && ours === null) sums.same += lines.length;
    else if (typeof seen === 'string' && seen.startsWith(TWICE)) sums.meant += lines.length;
    else return `${what}: refused by ${typeof seen === 'string' ? `the original alone: ${seen}` : 'us alone'}`;
    return null;
  }
  // The last date differs, as it is meant to: so does what undated lines are given.
  let parted = false;
  for (const [index, theirs] of seen.entries()) {
    const mine = ours[index] ?? null;
    const undated = isUndated(mine, lines[index] ?? '') || isUndated(theirs, lines[index] ?? '');
    sums.pairs += 1;
    if (theirs !== null && !theirs[4]) sums.failures += 1;
    if (isSame(mine, theirs)) {
      sums.same += 1;
      parted &&= undated;
    } else if ((undated && parted) || isMeant(mine, theirs, guessed[index] === true)) {
      sums.meant += 1;
      parted = true;
    } else if (hasNewer(lines[index] ?? '', unknown)) {
      sums.meant += 1;
      return null;
    } else return `${what} line ${index} now=${times[index]}\n${JSON.stringify({ line: lines[index], stock: theirs, ours: mine })}`;
  }
  return null;
}

async function main(): Promise<void> {
  const world = dateWorld();
  const stock = stockDates();
  let number = only < 0 ? worker : only;
  while (!isEnough(sums.pairs) && (only < 0 || number === only)) {
    const cases: DateCase[] = [];
    for (let count = only < 0 ? STEP : 1; count > 0; count--) {
      cases.push(drawDateCase(world, seed, number));
      number += workers;
    }
    for (const dateCase of cases) stock.ask(dateCase);
    const ours = cases.map(seeOurs);
    const different: string[] = [];
    for (const [index, dateCase] of cases.entries()) {
      const difference = compare(dateCase, ours[index] ?? null, await stock.next());
      if (difference !== null) different.push(difference);
    }
    console.log(JSON.stringify({ ...sums, different } satisfies Tally));
  }
  stock.end();
}

void main();
