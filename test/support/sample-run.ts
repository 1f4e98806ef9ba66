/** Runs sample logs (fail2ban's own, or those of the folders named) through their filters, in the samples' zone, and prints as JSON where they differ from their annotations. */
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { silentLogger } from '../../src/base/logger';
import { defaultJailConfig } from '../../src/model/jail-config';
import { addressText } from '../../src/engine/filter/address-text';
import { compileFilter } from '../../src/engine/filter/compile-filter';
import { createDateStream, type DateStream } from '../../src/engine/filter/date-reader';
import { type Hit, LineMatcher } from '../../src/engine/filter/match-line';
import { readFilterFile } from '../../src/engine/server/regex-test/read-filter';
import { constraintHolds, type FilterOptions, filterArguments, type SampleLine, sampleLines, sampleNames, SAMPLE_DIR } from './sample-logs';

/** The samples' zone (CET, European summer time) under a name that V8 knows. */
process.env.TZ = 'Europe/Berlin';
const NOW = 1124013600;
/** The samples bear years up to 2024: plausible to templates made now, not to those of 2005. */
const MADE = Date.UTC(2026, 10, 22) / 1000;
const [LOGS = SAMPLE_DIR, CONFIG = '/etc/fail2ban'] = process.argv.slice(2);
const TESTED_CONFIG = '/usr/lib/python3/dist-packages/fail2ban/tests/config';

/** The samples' own filters include fail2ban's by a path that goes seven folders up: a tree of that shape. */
function testedConfig(): string {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bailiff-samples-'));
  process.on('exit', () => fs.rmSync(root, { recursive: true, force: true }));
  fs.symlinkSync(CONFIG, path.join(root, 'config'));
  const copy = path.join(root, 'lib/python3/dist-packages/fail2ban/tests/config/filter.d');
  fs.cpSync(path.join(TESTED_CONFIG, 'filter.d'), copy, { recursive: true });
  return path.dirname(copy);
}

const tested = testedConfig();

interface Loaded {
  readonly matcher: LineMatcher;
  readonly dates: DateStream;
  /** Regexes that matched, and all there are. */
  readonly used: Set<string>;
  readonly regexes: readonly string[];
}

function load(name: string, options: FilterOptions): Loaded {
  const filterName = options['test.filter-name'] ?? name;
  const dir = fs.existsSync(`${CONFIG}/filter.d/${filterName}.conf`) ? CONFIG : tested;
  const filter = readFilterFile(dir, `filter.d/${filterName}`, filterArguments(options));
  if (filter === null) throw new Error(`no filter ${filterName}`);
  const config = { ...defaultJailConfig(name), ...filter, maxlines: filter.maxlines ?? 1, usedns: 'raw' as const };
  const compiled = compileFilter(config);
  if (compiled.patterns === null) throw new Error(JSON.stringify(compiled.problems));
  return {
    matcher: new LineMatcher(compiled.patterns, { checkAll: true, keepUnset: true }),
    dates: createDateStream({ datepattern: filter.datepattern, logtimezone: null }, MADE, silentLogger),
    used: new Set(),
    regexes: filter.failregex,
  };
}

/** Failregexes that no sample matched in any of the modes. */
function unused(filters: readonly Loaded[]): string[] {
  const used = new Set(filters.flatMap((filter) => [...filter.used]));
  return [...new Set(filters.flatMap((filter) => filter.regexes))].filter((regex) => !used.has(regex));
}

function timeOf(hit: { time: number | null }): string {
  if (hit.time === null) return 'none';
  const date = new Date(hit.time * 1000);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** An expected date without fraction, its parts two digits wide. */
const evenDate = (text: string): string => text.replace(/\.\d+$/, '').replace(/-(\d)(?=[-T])/g, '-0$1');

const sorted = (value: unknown): unknown => {
  const items: unknown = value instanceof Set ? [...(value as Set<unknown>)] : value;
  return Array.isArray(items) ? [...(items as unknown[])].sort() : items;
};

function differences(line: SampleLine, hits: readonly Hit[], time: number | null): string[] {
  const expected = line.expected ?? {};
  const wanted = expected.match === true ? 1 : 0;
  if (hits.length !== wanted) return [`${hits.length} failures instead of ${wanted}`];
  const hit = hits[0];
  if (hit === undefined) return [];
  const found: string[] = [];
  const data = hit.data.toMap();
  const id = hit.identity.kind === 'id' ? hit.identity.id : '';
  for (const [key, value] of Object.entries(expected)) {
    if (['match', 'desc', 'constraint', 'filter'].includes(key)) continue;
    if (key === 'time' && value === null) continue;
    const actual =
      key === 'time'
        ? timeOf({ time })
        : key === 'host'
          ? (data.get('host') ?? id)
          : key === 'attempts'
            ? hit.matches.length
            : data.get(key);
    const right = key === 'time' ? evenDate(String(value)) : key === 'host' ? (addressText(String(value)) ?? value) : sorted(value);
    if (JSON.stringify(sorted(actual)) !== JSON.stringify(right)) {
      found.push(`${key} is ${JSON.stringify(sorted(actual))} instead of ${JSON.stringify(right)}`);
    }
  }
  return found;
}

/** What came of one sample file. */
export interface SampleRun {
  readonly name: string;
  readonly lines: number;
  readonly annotated: number;
  readonly wrong: readonly string[];
}

function run(name: string): SampleRun {
  const loaded = new Map<string, Loaded>();
  const wrong: string[] = [];
  let lines = 0;
  let annotated = 0;
  for (const line of sampleLines(name, LOGS)) {
    for (const options of line.options) {
      const key = JSON.stringify([...filterArguments(options)]);
      const filter = loaded.get(key) ?? load(name, options);
      loaded.set(key, filter);
      if (!constraintHolds(line.expected?.constraint, name, options)) continue;
      const journal = options.logtype === 'journal';
      const text = (journal ? (options['test.prefix-line'] ?? '') : '') + line.text;
      const batch = { source: name, lines: [text], inOperation: false, ...(journal ? { times: [NOW] } : {}) };
      const date = filter.dates.open(batch, NOW).read(0);
      const { hits } = filter.matcher.match([date.before, date.date, date.after], NOW);
      for (const hit of hits) filter.used.add(filter.regexes[hit.regexIndex] ?? '');
      const failures = hits.filter((hit) => !hit.nofail && hit.identity.kind !== 'none');
      lines += 1;
      if (line.expected !== null) annotated += 1;
      for (const problem of differences(line, failures, date.time)) wrong.push(`${line.place} ${key}: ${problem}: ${text.slice(0, 200)}`);
    }
  }
  for (const regex of unused([...loaded.values()])) wrong.push(`${name}: no sample matches ${regex}`);
  return { name, lines, annotated, wrong };
}

console.log(JSON.stringify(sampleNames(LOGS).map(run)));
