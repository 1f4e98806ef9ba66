/** Makes the fuzzer's cases from a seed: each a short log of mutated sample lines for a stock filter in one of its modes. */
import * as fs from 'node:fs';
import type { UseDns } from '../../src/model/jail-config';
import { readFilterFile } from '../../src/engine/server/regex-test/read-filter';
import { filterArguments, sampleLines, sampleNames } from '../support/sample-logs';
import { mutate, type Pool, type Seed } from './line-mutations';
import { randomOf, type Random, shuffled } from './random';

const CONFIG = '/etc/fail2ban';
/** The moment at which all runs take place. */
const NOW = Date.UTC(2026, 10, 22, 12) / 1000;
const EVER = 86400 * 365 * 56;
/** Lines of a case: filters are made afresh for each. */
const LINES = 120;
/** Seconds that a case lasts at most: the original's sessions end by the real clock, ours by the time given. */
const SESSION = 280;

/** A stock filter with options, as both sides run it. */
export interface FilterSet {
  readonly name: string;
  readonly prefregex: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly maxlines: number;
  readonly datepattern: string | null;
  readonly usedns: UseDns;
  /** Lines come from the journal: their time is given. */
  readonly journal: boolean;
}

export interface FuzzCase {
  readonly number: number;
  /** Index of the filter. */
  readonly set: number;
  readonly inOperation: boolean;
  readonly findtime: number;
  readonly lines: readonly string[];
  /** Seconds since the epoch at which each line is read. */
  readonly times: readonly number[];
}

export interface FuzzWorld {
  readonly sets: readonly FilterSet[];
  /** The sample lines of each filter. */
  readonly seeds: readonly (readonly Seed[])[];
  readonly pool: Pool;
}

/** All stock filters that have samples, in every mode the samples name, with and without host names. */
export function fuzzWorld(): FuzzWorld {
  const sets = new Map<string, { readonly set: FilterSet; readonly seeds: readonly Seed[] }>();
  const tails = new Set<string>();
  for (const name of sampleNames()) {
    const lines = sampleLines(name);
    const seeds = lines.map(({ text, expected }) => ({ text, user: typeof expected?.user === 'string' ? expected.user : null }));
    for (const { text } of seeds) tails.add(text.slice(Math.floor(text.length / 2)).slice(0, 200));
    for (const options of new Set(lines.flatMap((line) => line.options))) {
      const filter = options['test.filter-name'] ?? name;
      if (!fs.existsSync(`${CONFIG}/filter.d/${filter}.conf`)) continue;
      const given = filterArguments(options);
      const read = readFilterFile(CONFIG, `filter.d/${filter}`, given);
      if (read === null || read.failregex.length === 0) continue;
      const text = [...given].map(([key, value]) => `${key}=${value}`).join(',');
      for (const usedns of ['raw', 'no'] as const) {
        const { prefregex, failregex, ignoreregex, datepattern } = read;
        const journal = given.get('logtype') === 'journal';
        const set = { prefregex, failregex, ignoreregex, datepattern, maxlines: read.maxlines ?? 1, usedns, journal };
        const label = `${filter}[${text}] usedns=${usedns}`;
        sets.set(label, { set: { name: label, ...set }, seeds });
      }
    }
  }
  const all = [...sets.values()];
  return { sets: all.map(({ set }) => set), seeds: all.map(({ seeds }) => seeds), pool: { tails: [...tails], now: NOW } };
}

/** Some neighbouring lines of a sample, in order or not, some of them changed. */
function drawBlock(random: Random, seeds: readonly Seed[], pool: Pool): string[] {
  const from = random.below(seeds.length);
  const block = seeds.slice(from, from + 1 + random.below(10));
  if (random.chance(0.2)) block.push(random.pick(block));
  const order = random.chance(0.3) ? shuffled(random, block) : block;
  return order.map((seed) => (random.chance(0.75) ? mutate(random, seed, pool) : seed.text));
}

/** Case `number` of the run with this seed. */
export function drawCase(world: FuzzWorld, seed: number, number: number): FuzzCase {
  const random = randomOf(seed, number);
  const { sets, seeds, pool } = world;
  const set = number % sets.length;
  const lines: string[] = [];
  while (lines.length < LINES) lines.push(...drawBlock(random, random.chance(0.7) ? seeds[set]! : random.pick(seeds), pool));
  let time = NOW;
  const times = lines.map(() => (time = Math.min(NOW + SESSION, time + (random.chance(0.15) ? random.below(40) : 0))));
  const inOperation = random.chance(0.3);
  return { number, set, inOperation, findtime: random.chance(0.9) ? EVER : 86400 * 300, lines, times };
}
