/** `run-ini.ts SEED PAIRS WORKERS WORKER [CASE]`: drawn configuration folders, read by us and by the original's client: the same commands for each jail, or an error on both sides. */
import { isUtf8 } from 'node:buffer';
import { rmSync } from 'node:fs';
import * as path from 'node:path';
import { formatCommands, readConfiguration } from '../../src/contracts/files/configuration';
import { FILTER_OPTIONS } from '../../src/contracts/files/jail-options';
import { checkConfiguration } from '../../src/contracts/files/validate';
import { formatProblem } from '../../src/model/problem';
import { temporaryFolder } from '../support/folder';
import { sortLogs, writeTree } from '../support/stock-config';
import { isEnough, only, seed, worker, workers } from './asked';
import { type ConfigFiles, drawConfig, JAILS } from './config-cases';
import type { Tally } from './run-filters';
import { stockConfig, type StockRefusal, type StockStream } from './stock-config';

const STEP = 16;
/** MiB that reading may take at most. */
const MEMORY = 1024;

/** `pairs`: jails; `failures`: jails of folders that both read. */
const sums = { pairs: 0, same: 0, meant: 0, failures: 0, late: 0 };
const most = { rss: 0 };

interface OurStream {
  readonly lines: readonly string[];
  readonly enabled: readonly string[];
  readonly errors: readonly string[];
}

function readOurs(folder: string): OurStream {
  const config = readConfiguration(folder);
  const [commands, problems] = [config.commands, checkConfiguration(config)];
  const errors = problems.filter(({ severity }) => severity === 'error').map(formatProblem);
  return { lines: sortLogs(formatCommands(commands).split('\n').slice(0, -1)), enabled: config.jails, errors };
}

/** Why a jail is not read is told in other words. */
function withoutWords(line: string): string {
  return /^\['config-error', .Jail \\?'(.*?)\\?' skipped/.exec(line)?.[1] ?? line;
}

/** White space as Python spells it in a text, other than a space or a newline. */
const BLANKS = /\\(?:[tr]|x0[bc]|x1[c-f]|x85|xa0|u1680|u200[\da]|u20(?:28|29|2f|5f)|u3000|ufeff)/g;

/** Words of `ignoreip` divided by any white space, whatever quotes are around them (docs/deviations.md, tabs-divide), and a number that is none left out (no-number). */
function asMeant(line: string): string | null {
  if (line === "['set', 'dbmaxmatches', None]") return null;
  return line.includes("'addignoreip', ") ? line.replace(BLANKS, ' ').replace(/[\\"', ]+/g, ' ') : line;
}

function isSame(mine: readonly (string | null)[], theirs: readonly (string | null)[]): boolean {
  return JSON.stringify(mine.filter((line) => line !== null)) === JSON.stringify(theirs.filter((line) => line !== null));
}

const READ_OF_FILTERS: ReadonlySet<string> = new Set(FILTER_OPTIONS.map(({ name }) => name));

/** Refusals that docs/deviations.md lists: an option that nobody uses, of a filter or of a jail that is not enabled (unused-option), a quote in journalmatch (open-quote), files that include each other (include-circle). */
function isLenient({ error, option, section, reader }: StockRefusal, enabled: readonly string[]): boolean {
  if (/^(?:ValueError: No (?:closing quotation|escaped character)|RecursionError)/.test(error)) return true;
  if (reader === 'FilterReader') {
    // Tags that lead back to themselves more than once in a value double it at each round: what nobody uses is replaced for hours.
    if (error.startsWith('Late: ')) return true;
    const unused =
      section === 'Definition' ? option : /^ValueError: properties contain self referencing .*?, fail tag: ([^,]+),/.exec(error)?.[1];
    return unused !== undefined && unused !== null && !READ_OF_FILTERS.has(unused);
  }
  return reader === 'JailReader' && (option === 'backend' || option === 'filter') && !enabled.includes(section ?? '');
}

/** How both differ; null when they do not, or as docs/deviations.md says. */
function compare({ lines, enabled, errors }: OurStream, theirs: StockStream, files: ConfigFiles): string | null {
  if (theirs === null) {
    sums.late += JAILS.length;
    return null;
  }
  if (!('error' in theirs)) sums.failures += JAILS.length;
  if ('error' in theirs && errors.length > 0) sums.same += JAILS.length;
  else if (!('error' in theirs) && isSame(lines.map(withoutWords), sortLogs(theirs).map(withoutWords))) sums.same += JAILS.length;
  else if (!('error' in theirs) && isSame(lines.map(withoutWords).map(asMeant), sortLogs(theirs).map(withoutWords).map(asMeant)))
    sums.meant += JAILS.length;
  else if (Object.values(files).some((bytes) => !isUtf8(bytes)) || ('error' in theirs && isLenient(theirs, enabled)))
    sums.meant += JAILS.length;
  else if ('error' in theirs) return `the original alone refuses it: ${JSON.stringify(theirs)}`;
  else {
    const stock = sortLogs(theirs);
    const at = [...stock, ''].findIndex((line, index) => withoutWords(line) !== withoutWords(lines[index] ?? ''));
    return JSON.stringify({ stock: stock[at], ours: lines[at], errors: errors.slice(0, 3) });
  }
  return null;
}

/** The files of a case that is run alone. */
function show(files: ConfigFiles): string {
  return Object.entries(files)
    .map(([name, bytes]) => `--- ${name}\n${bytes.toString()}`)
    .join('\n');
}

async function main(): Promise<void> {
  const base = temporaryFolder();
  const stock = stockConfig<StockStream>();
  let number = only < 0 ? worker : only;
  while (!isEnough(sums.pairs) && (only < 0 || number === only)) {
    const cases: { readonly number: number; readonly files: ConfigFiles; readonly folder: string }[] = [];
    for (; cases.length < (only < 0 ? STEP : 1); number += workers) {
      const folder = path.join(base.path, `c${number}`);
      const files = drawConfig(seed, number);
      writeTree(folder, files);
      stock.write({ folder });
      cases.push({ number, files, folder });
    }
    const different: string[] = [];
    for (const { number: at, files, folder } of cases) {
      const [ours, theirs] = [readOurs(folder), await stock.next()];
      sums.pairs += JAILS.length;
      const difference = compare(ours, theirs, files);
      if (difference !== null) different.push(`--seed ${seed} case ${at} ${difference}${only < 0 ? '' : `\n${show(files)}`}`);
      rmSync(folder, { recursive: true });
    }
    most.rss = Math.max(most.rss, Math.ceil(process.memoryUsage().rss / (1 << 20)));
    if (most.rss > MEMORY) different.push(`--seed ${seed} up to case ${number}: ${most.rss} MiB are taken`);
    console.log(JSON.stringify({ ...sums, different, most } satisfies Tally));
  }
  stock.end();
  base.remove();
}

void main();
