/** Holds the imports of src/ against the floor table of CONTRIBUTING.md, and the one-owner rules against the text of each file. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..');
const src = path.join(root, 'src');

interface Import {
  readonly file: string;
  readonly specifier: string;
  readonly typeOnly: boolean;
}

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => path.relative(src, path.join(entry.parentPath, entry.name)))
    .sort();
}

function textOf(file: string): string {
  return readFileSync(path.join(src, file), 'utf8');
}

/** The room of a path below src/: two levels in the wings and contracts, one elsewhere. */
function roomOf(file: string): string {
  const [first = '', second = ''] = file.split(path.sep);
  return ['engine', 'panel', 'contracts'].includes(first) ? `${first}/${second}` : first;
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  for (const match of textOf(file).matchAll(/^(import|export)\s+(type\s+)?[^;]*?from\s+'([^']+)'|(?:require|import)\('([^']+)'\)/gm)) {
    found.push({ file, specifier: match[3] ?? match[4] ?? '', typeOnly: match[2] !== undefined });
  }
  for (const match of textOf(file).matchAll(/^import\s+'([^']+)'/gm)) found.push({ file, specifier: match[1] ?? '', typeOnly: false });
  return found;
}

interface Floor {
  readonly values: readonly string[];
  readonly types: readonly string[];
}

/** The table of CONTRIBUTING.md: `| room | may import | types only |`. */
function floors(): Map<string, Floor> {
  const table = new Map<string, Floor>();
  const words = (cell: string) =>
    cell
      .split(',')
      .map((word) => word.replaceAll('`', '').trim())
      .filter((word) => word !== '' && word !== '–');
  const section = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')
    .split(/^## /m)
    .find((part) => part.startsWith('Floors'));
  for (const line of (section ?? '').split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length < 5 || !cells[1]?.startsWith('`')) continue;
    table.set(cells[1].replaceAll('`', ''), { values: words(cells[2] ?? ''), types: words(cells[3] ?? '') });
  }
  return table;
}

const allows = (list: readonly string[], room: string): boolean =>
  list.some((allowed) => allowed === 'all' || allowed === room || (allowed.endsWith('/*') && room.startsWith(allowed.slice(0, -1))));

test('every room of src/ stands in the floor table', () => {
  const rooms = [...new Set(sourceFiles().map(roomOf))].sort();
  expect([...floors().keys()].sort()).toEqual(rooms);
});

test('imports go only where the floor table allows', () => {
  const table = floors();
  const wrong: string[] = [];
  let seen = 0;
  for (const file of sourceFiles()) {
    for (const { specifier, typeOnly } of importsOf(file)) {
      if (!specifier.startsWith('.')) continue;
      seen++;
      const target = path.relative(src, path.resolve(src, path.dirname(file), specifier));
      const [from, to] = [roomOf(file), roomOf(target)];
      const floor = table.get(from);
      if (from === to || (floor && (allows(floor.values, to) || (typeOnly && allows(floor.types, to))))) continue;
      wrong.push(`${file} imports ${typeOnly ? 'types of ' : ''}${target}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(seen).toBeGreaterThan(50);
});

const OWNERS: readonly { readonly what: string; readonly pattern: RegExp; readonly owner: RegExp }[] = [
  { what: 'spawning a process', pattern: /from 'node:child_process'|require\('node:child_process'\)/, owner: /^base\/process/ },
  { what: 'node:fs', pattern: /from 'node:fs(\/promises)?'/, owner: /^(base\/|engine\/source\/)/ },
  { what: 'the SQLite driver', pattern: /from 'sqlite3'/, owner: /^contracts\/database\// },
  { what: 'express', pattern: /from 'express'/, owner: /^panel\/web\// },
  {
    what: 'reading the time',
    pattern: /Date\.now\(|new Date\(\)|performance\.now\(|\bset(?:Timeout|Interval)\(/,
    owner: /^base\/clock\.ts$/,
  },
  { what: 'node-cron', pattern: /from 'node-cron'/, owner: /^base\/schedule\.ts$/ },
  { what: 'argv and environment', pattern: /process\.(?:argv|env)\b/, owner: /^bin\// },
  { what: 'evaluating text as code', pattern: /\beval\(|new Function\(/, owner: /^$/ },
];

test.each(OWNERS)('$what has one owner', ({ pattern, owner }) => {
  const others = sourceFiles().filter((file) => pattern.test(textOf(file)) && !owner.test(file));
  expect(others).toEqual([]);
});

test('no folder has a name that says nothing', () => {
  const names = sourceFiles().flatMap((file) => file.replace(/\.ts$/, '').split(path.sep));
  expect(names.filter((name) => /^(utils?|helpers?|common|services?|shared|core|misc)$/.test(name))).toEqual([]);
});

test('every file opens with a sentence that says what it makes', () => {
  expect(sourceFiles().filter((file) => !/^(#!.*\n)?\/\*\*/.test(textOf(file)))).toEqual([]);
});
