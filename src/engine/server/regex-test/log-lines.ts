/** Makes lines from the word LOG: a file's, batch by batch, or the text itself. */
import { exists, isFolder } from '../../../base/files';
import { readLines } from '../../../base/file-lines';
import { shortened, useLine } from './report';

export interface LogLines {
  /** What the report says of it. */
  readonly shown: string;
  batches(): Iterable<{ readonly lines: readonly string[]; readonly percent: number }>;
}

const PREVIEW = 5;

function literalLines(text: string): LogLines {
  const lines = text.split('\n');
  const batches = (): Iterable<{ lines: readonly string[]; percent: number }> => [{ lines, percent: 100 }];
  if (lines.length === 1) return { shown: useLine('single line', shortened(text)), batches };
  const preview = lines.slice(0, PREVIEW).map((line, index) => `| ${String(index + 1).padStart(2)}: ${shortened(line)}\n`);
  const more = lines.length > PREVIEW ? '| ...\n' : '';
  return { shown: `Use      multi line : ${lines.length} line(s)\n${preview.join('')}${more}\`-\n`, batches };
}

/** Lines of LOG; a path of a file that exists is a file, anything else is the line itself. */
export function logLines(log: string, encoding: string | null): LogLines {
  if (!exists(log) || isFolder(log)) return literalLines(log);
  return {
    shown: useLine('log file', log) + useLine('encoding', encoding ?? 'UTF-8'),
    *batches() {
      for (const { lines, offset, size } of readLines(log, encoding ?? 'auto')) {
        yield { lines, percent: size === 0 ? 100 : Math.floor((100 * offset) / size) };
      }
    },
  };
}
