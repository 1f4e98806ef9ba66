/** Makes lines from the word LOG: a file's, the journal's, batch by batch, or the text itself. */
import { exists, isFolder } from '../../../base/files';
import { lastLines } from '../../../base/file-end';
import { readLines } from '../../../base/file-lines';
import { OptionListError, parseOptionList } from '../../../contracts/files/option-list';
import { readJournal } from '../../source/journal-read';
import { shortened, useLine } from './report';

export interface LineBatch {
  readonly lines: readonly string[];
  /** Of the journal: seconds since the epoch of each line. */
  readonly times?: readonly number[];
  /** How much of the log has been read; null when nobody knows how long it is. */
  readonly percent: number | null;
}

export interface LogLines {
  /** What the report says of it. */
  readonly shown: string;
  /** Bytes of a file, or lines of a text, that were passed over because only the last lines are wanted; known when reading has begun. */
  readonly skipped: () => number;
  batches(): Iterable<LineBatch> | AsyncIterable<LineBatch>;
}

const PREVIEW = 5;
const JOURNAL = /^systemd-journal(?:\[[\s\S]*\]\s*)?$/;

/** Whether LOG means the journal: `systemd-journal`, or that with options. */
export function isJournal(log: string): boolean {
  return JOURNAL.test(log) && !exists(log);
}

/** Characters of a line; a longer one is cut, as one of a file is. */
const LONGEST = 65_536;

/** Lines of a text that came from elsewhere: with the line ends of any system, and cut where they are long. @param last only so many of them */
export function pastedLines(text: string, last: number): LogLines {
  const lines = text.split('\n').map((line) => {
    let end = line.length;
    while (end > 0 && line.charCodeAt(end - 1) === 13) end--;
    return line.slice(0, Math.min(end, LONGEST));
  });
  if (lines.at(-1) === '') lines.pop();
  return literalLines(lines.join('\n'), last);
}

/** Lines of a text. @param last only so many of them, the last ones */
function literalLines(text: string, last = Infinity): LogLines {
  const all = text.split('\n');
  const lines = all.length > last ? all.slice(-last) : all;
  const skipped = (): number => all.length - lines.length;
  const batches = (): Iterable<LineBatch> => [{ lines, percent: 100 }];
  if (lines.length === 1) return { shown: useLine('single line', shortened(text)), skipped, batches };
  const preview = lines.slice(0, PREVIEW).map((line, index) => `| ${String(index + 1).padStart(2)}: ${shortened(line)}\n`);
  const more = lines.length > PREVIEW ? '| ...\n' : '';
  return { shown: `Use      multi line : ${lines.length} line(s)\n${preview.join('')}${more}\`-\n`, skipped, batches };
}

/** Lines of LOG; a path of a file that exists is a file, anything else is the line itself. @param last only so many lines, the last ones */
export function logLines(log: string, encoding: string | null, last: number | null = null): LogLines {
  if (!exists(log) || isFolder(log)) return literalLines(log, last ?? Infinity);
  let skipped = 0;
  return {
    skipped: () => skipped,
    shown: useLine('log file', log) + useLine('encoding', encoding ?? 'UTF-8'),
    *batches() {
      for (const { lines, start, offset, size } of readLines(log, encoding ?? 'auto', last === null ? undefined : lastLines(last))) {
        skipped = start;
        yield { lines, percent: size === 0 ? 100 : Math.floor((100 * offset) / size) };
      }
    },
  };
}

function journalOptions(log: string): Readonly<Record<string, string>> {
  try {
    return Object.fromEntries(parseOptionList(log).options);
  } catch (error) {
    if (error instanceof OptionListError) return {};
    throw error;
  }
}

/**
 * Lines of the journal, with their times.
 * @param log `systemd-journal`, or `systemd-journal[journalfiles=…]`
 * @param matches lists of words; each list, and what `+` parts in it, is an alternative
 */
export function journalLines(log: string, encoding: string | null, matches: readonly (readonly string[])[]): LogLines {
  const match = matches.map((words) => words.join(' ')).join(' + ');
  const shown = `Use         systemd journal\n${useLine('encoding', encoding ?? 'UTF-8')}`;
  return {
    shown: match === '' ? shown : shown + useLine('journal match', match),
    skipped: () => 0,
    async *batches() {
      for await (const entries of readJournal(journalOptions(log), matches)) {
        yield { lines: entries.map(({ line }) => line), times: entries.map(({ time }) => time), percent: null };
      }
    },
  };
}
