/** Reads fail2ban's sample logs, as Debian installs them, into lines with the options they are to be tried with and what is expected of them. */
import * as fs from 'node:fs';
import * as path from 'node:path';

export const SAMPLE_DIR = '/usr/lib/python3/dist-packages/fail2ban/tests/files/logs';

export type Expectation = Readonly<Record<string, unknown>>;
export type FilterOptions = Readonly<Record<string, string>>;

export interface SampleLine {
  /** File and number, for messages. */
  readonly place: string;
  readonly text: string;
  readonly options: readonly FilterOptions[];
  readonly expected: Expectation | null;
}

function applies(options: FilterOptions, name: string): boolean {
  const condition = /^name\s*==\s*'([^']*)'$/.exec(options['test.condition'] ?? '');
  return condition === null || condition[1] === name;
}

/** All sample files' names. */
export function sampleNames(folder = SAMPLE_DIR): string[] {
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name)
    .sort();
}

/** The lines of a sample file and of the files it adds. */
export function sampleLines(name: string, folder = SAMPLE_DIR, file = name): SampleLine[] {
  const lines: SampleLine[] = [];
  let common: FilterOptions = {};
  let options: FilterOptions[] = [{}];
  let expected: Expectation | null = null;
  const added: string[] = [];
  const text = fs.readFileSync(path.join(folder, file), 'utf8').split(/\r?\n/);
  for (const [index, line] of text.entries()) {
    const directive = /^#+ ?(failJSON|(?:file|filter)Options|addFILE):\s*(.+)$/.exec(line);
    if (directive !== null) {
      const value: unknown = JSON.parse(directive[2] ?? '');
      if (directive[1] === 'failJSON') expected = value as Expectation;
      else if (directive[1] === 'addFILE') added.push(String(value));
      else if (directive[1] === 'fileOptions') {
        common = value as FilterOptions;
        options = [common];
      } else {
        options = (Array.isArray(value) ? (value as FilterOptions[]) : [value as FilterOptions]).map((set) => ({ ...common, ...set }));
      }
      continue;
    }
    if (line.startsWith('#') || line === '') continue;
    lines.push({ place: `${file}:${index + 1}`, text: line, options: options.filter((set) => applies(set, name)), expected });
    expected = null;
  }
  return [...lines, ...added.flatMap((other) => sampleLines(name, folder, other))];
}

/** Python's conditions of the samples: `name == 'x'`, `opts.get('mode') != 'y'`. */
export function constraintHolds(constraint: unknown, name: string, options: FilterOptions): boolean {
  if (constraint === undefined) return true;
  const parts = /^(name|opts\.get\('(\w+)'\))\s*([!=])=\s*'([^']*)'$/.exec(String(constraint));
  if (parts === null) throw new Error(`unknown constraint ${String(constraint)}`);
  const value = parts[2] === undefined ? name : options[parts[2]];
  return (value === parts[4]) === (parts[3] === '=');
}

/** Options that are handed to the filter. */
export function filterArguments(options: FilterOptions): Map<string, string> {
  return new Map(Object.entries(options).filter(([key]) => !key.startsWith('test.')));
}
