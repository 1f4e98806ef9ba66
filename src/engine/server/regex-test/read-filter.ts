/** Reads one filter file with its includes, for given options, into what a LineFilter needs. */
import * as path from 'node:path';
import { readDefinition } from '../../../contracts/files/definition';
import { ConfigFolder } from '../../../contracts/files/includes';
import { FILTER_OPTIONS } from '../../../contracts/files/jail-options';
import { shellWords, valueLines } from '../../../contracts/files/option-value';

export interface FilterFile {
  readonly prefregex: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  /** Null where the file says nothing. */
  readonly maxlines: number | null;
  readonly datepattern: string | null;
  readonly usedns: string | null;
  readonly journalmatch: readonly (readonly string[])[];
}

const NAMES = FILTER_OPTIONS.map(({ name }) => name);

/**
 * A filter of a folder; null when there is no such file. Throws InterpolationError and SubstitutionError.
 * @param name without its ending, e.g. `filter.d/sshd`
 * @param given options as in `sshd[mode=aggressive]`
 * @param texts texts that stand in the place of files of the folder
 */
export function readFilterFile(
  dir: string,
  name: string,
  given: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string> = new Map(),
): FilterFile | null {
  const sections = new ConfigFolder(path.resolve(dir), texts).read(name);
  if (sections === null) return null;
  const { options } = readDefinition({ sections, known: NAMES, given, jail: new Map(), keep: [] });
  const maxlines = Number.parseInt(options.get('maxlines') ?? '', 10);
  return {
    prefregex: options.get('prefregex') ?? '',
    failregex: valueLines(options.get('failregex') ?? ''),
    ignoreregex: valueLines(options.get('ignoreregex') ?? ''),
    maxlines: Number.isNaN(maxlines) ? null : maxlines,
    datepattern: options.get('datepattern') ?? null,
    usedns: options.get('usedns') ?? null,
    journalmatch: valueLines(options.get('journalmatch') ?? '').map(shellWords),
  };
}
