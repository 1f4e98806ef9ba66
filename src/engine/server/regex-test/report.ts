/** Makes the report of a run in the words and the layout of `fail2ban-regex` 1.0.2. */
import { pythonRepr } from '../../../model/python-repr';
import type { RegexArguments } from './arguments';
import type { RegexCount, RegexRun } from './regex-run';

const TITLE = '\nRunning tests\n=============\n\n';
const RESULTS = '\n\nResults\n=======\n\n';

/** The first lines. */
export const reportTitle = (): string => TITLE;

/** One line of what is used: the label right-aligned as in the original. */
export function useLine(label: string, value: string): string {
  return `Use ${label.padStart(16)} : ${value}\n`;
}

/** A text cut to what fits on the line. */
export function shortened(text: string): string {
  return text.length > 53 ? `${text.slice(0, 50)}...` : text;
}

const pad2 = (value: number): string => String(value).padStart(2, '0');
const DAY_NAMES = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTH_NAMES = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sun Nov 22 09:00:01 2026` in the process's own zone. */
function asctime(time: number): string {
  const date = new Date(time * 1000);
  const clock = `${pad2(date.getHours())}:${pad2(date.getMinutes())}:${pad2(date.getSeconds())}`;
  const day = `${DAY_NAMES[date.getDay()] ?? ''} ${MONTH_NAMES[date.getMonth()] ?? ''} ${pad2(date.getDate())}`;
  return `${day} ${clock} ${date.getFullYear()}`;
}

function regexBlock(title: string, counts: readonly RegexCount[], written: readonly string[], verbose: number): string {
  const total = counts.reduce((sum, { hits }) => sum + hits, 0);
  const lines = [`${title}: ${total} total`];
  const shown = counts.flatMap((count, index) => (verbose > 0 || count.hits > 0 ? [{ ...count, index }] : []));
  if (shown.length > 0) {
    lines.push('|-  #) [# of hits] regular expression');
    for (const { hits, found, index } of shown) {
      lines.push(`|  ${String(index + 1).padStart(2)}) [${hits}] ${written[index] ?? ''}`);
      for (const { id, time } of found) lines.push(`|      ${id ?? 'None'}  ${time === null ? 'None' : asctime(time)}`);
    }
    lines.push('`-');
  }
  return `${lines.join('\n')}\n\n`;
}

function prefixBlock(run: RegexRun, prefregex: string, verbose: number): string {
  const lines = [`Prefregex: ${run.prefixes} total`, `|  ${prefregex}`];
  if (verbose > 0) {
    for (const prefix of run.shownPrefixes.slice(0, 20)) lines.push(`|      ${pythonRepr(prefix)}`);
    if (run.shownPrefixes.length > 20) lines.push('|      ...');
  }
  return `${lines.join('\n')}\n\`-\n\n`;
}

function dateBlock(run: RegexRun, options: RegexArguments): string {
  const tally = run.dates.detector.tally();
  const shown = tally.filter(({ hits }) => options.verbose > 0 || hits > 0);
  if (shown.length === 0) return 'Date template hits:\n';
  const lines = ['Date template hits:', '|- [# of hits] date format'];
  for (const { template, hits, weight, base } of shown) {
    lines.push(`|  [${hits}] ${template.name}`);
    if (!options.verboseDate) continue;
    lines.push(
      `|      # weight: ${weight.toFixed(3)} (${base.toFixed(3)}), pattern: ${template.pattern}`,
      `|      # regex:   ${template.regex}`,
    );
  }
  return `${lines.join('\n')}\n\`-\n`;
}

function lineBlock(title: string, option: string, lines: readonly string[], count: number, limit: number): string {
  if (count === 0) return '';
  if (count >= limit) return `${title} line(s): too many to print.  Use --print-all-${option} to print all ${count} lines\n`;
  return `|- ${title} line(s):\n${lines.map((line) => `|  ${line}\n`).join('')}\`-\n`;
}

/** How many lines of a kind are shown. */
export function shownLines(options: RegexArguments): { readonly matched: number; readonly missed: number; readonly ignored: number } {
  const usual = options.maxlines ?? 20;
  return {
    matched: options.printAllMatched ? Infinity : 0,
    missed: options.printAllMissed ? Infinity : usual,
    ignored: options.printAllIgnored ? Infinity : usual,
  };
}

/** What is tried, as the author wrote it; the prefregex with its tags expanded. */
export interface WrittenRegexes {
  readonly prefregex: string | null;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  /** False for lines of the journal, whose dates are not looked for. */
  readonly dated: boolean;
}

/**
 * The results of a run.
 * @param seconds how long it took
 */
export function reportResults(run: RegexRun, written: WrittenRegexes, options: RegexArguments, seconds: number): string {
  const { lines, matched, missed, ignored } = run.counts;
  const limits = shownLines(options);
  return [
    RESULTS,
    written.prefregex === null ? '' : prefixBlock(run, written.prefregex, options.verbose),
    regexBlock('Failregex', run.failregex, written.failregex, options.verbose),
    regexBlock('Ignoreregex', run.ignoreregex, written.ignoreregex, options.verbose),
    written.dated ? `${dateBlock(run, options)}\n` : '',
    `Lines: ${lines} lines, ${ignored} ignored, ${matched} matched, ${missed} missed\n`,
    `[processed in ${seconds.toFixed(2)} sec]\n\n`,
    options.printAllMatched ? lineBlock('Matched', 'matched', run.kept.matched, matched, limits.matched) : '',
    options.printNoIgnored ? '' : lineBlock('Ignored', 'ignored', run.kept.ignored, ignored, limits.ignored),
    options.printNoMissed ? '' : lineBlock('Missed', 'missed', run.kept.missed, missed, limits.missed),
  ].join('');
}
