/** Our filters beside the stock fail2ban-regex: every filter with samples, in every mode they name, row by row. */
import * as fs from 'node:fs';
import * as path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { regexTest } from '../../../src/engine/server/regex-test/regex-test';
import { filterArguments, SAMPLE_DIR, sampleLines, sampleNames } from '../../support/sample-logs';
import { runStockRegex } from '../../support/stock-regex';

const FILTERS = '/etc/fail2ban/filter.d';

interface Run {
  readonly log: string;
  readonly filter: string;
}

/** Each sample file with each set of options that it names. */
function allRuns(): Run[] {
  const runs = new Map<string, Run>();
  for (const name of sampleNames()) {
    for (const { options } of sampleLines(name)) {
      for (const set of options) {
        const filterName = set['test.filter-name'] ?? name;
        if (!fs.existsSync(path.join(FILTERS, `${filterName}.conf`))) continue;
        const given = [...filterArguments(set)].map(([key, value]) => `${key}="${value}"`);
        const filter = given.length === 0 ? filterName : `${filterName}[${given.join(', ')}]`;
        runs.set(`${name} ${filter}`, { log: path.join(SAMPLE_DIR, name), filter });
      }
    }
  }
  return [...runs.values()];
}

/** Rows as they are printed, but for the order of a set, which Python draws by lot, and the time of reading, which undated lines get. */
function rows(output: string): string[] {
  const sorted = (set: string): string => set.split(', ').sort().join(', ');
  const even = (time: string): string => (Math.abs(Number(time) - systemClock.now()) < 300 ? 'now' : time);
  return output
    .split('\n')
    .map((row) =>
      row
        .replace(/'users': \{([^}]*)\}/, (_all, set: string) => `'users': {${sorted(set)}}`)
        .replace(/,\t(\d+\.\d+),/, (_all, time: string) => `,\t${even(time)},`),
    );
}

async function ourRows({ log, filter }: Run): Promise<string[]> {
  let output = '';
  const write = (text: string): void => void (output += text);
  const code = await regexTest(['-r', '-o', 'row', log, filter], { write, clock: systemClock, resolve: async () => [], progress: null });
  expect(code).toBe(0);
  return rows(output);
}

test('every stock filter finds the rows that fail2ban-regex finds in its sample log, in every mode', async () => {
  const runs = allRuns();
  const different: string[] = [];
  let compared = 0;
  const printed = await runStockRegex(runs.map(({ log, filter }) => ['-r', '-o', 'row', log, filter]));
  for (const [number, run] of runs.entries()) {
    const [stock, ours] = [rows(printed[number] ?? ''), await ourRows(run)];
    compared += stock.length - 1;
    for (let index = 0; index < Math.max(stock.length, ours.length); index++) {
      if (stock[index] !== ours[index]) different.push(`${run.log} ${run.filter}\n  stock ${stock[index]}\n  ours  ${ours[index]}`);
    }
  }
  const filters = new Set(runs.map(({ filter }) => filter.replace(/\[.*/, '')));
  console.log(`against stock: ${compared - different.length} of ${compared} rows alike; ${filters.size} filters, ${runs.length} runs`);
  expect(runs.length).toBeGreaterThan(100);
  expect(compared).toBeGreaterThan(1000);
  expect(different).toEqual([]);
}, 240_000);
