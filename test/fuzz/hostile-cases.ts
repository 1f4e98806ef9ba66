/** Draws lines in which an offender tries to have somebody else banned: another address in his user name, host name, agent, referrer or path, with signs that end lines for some. */
import * as fs from 'node:fs';
import { readFilterFile } from '../../src/engine/server/regex-test/read-filter';
import { filterArguments, sampleLines, SAMPLE_DIR, sampleNames } from '../support/sample-logs';
import { formatAs } from './date-format';
import { type FilterSet, type FuzzCase } from './filter-cases';
import { type Writable, writable, writeLine } from './hostile-lines';
import { type Random, randomOf } from './random';

/** Who writes the lines, and the names his address may have. */
export const OFFENDERS = ['192.0.2.50', '2001:db8:50::50'] as const;
export const VICTIMS = ['203.0.113.66', '2001:db8::bad'] as const;
const HOSTS = ['evil.example.com', '203.0.113.66.evil.example', 'unknown'];
const NOW = Date.UTC(2026, 10, 22, 12) / 1000;
const LINES = 60;
/** Files that are only included by others. */
const INCLUDED = /common\.conf$/;

interface Sample {
  readonly text: string;
  readonly host: string;
  readonly user: string | null;
}

/** A filter with what its lines are made from. */
export interface HostileSet {
  readonly set: FilterSet;
  readonly prefix: Writable | null;
  readonly lines: readonly Writable[];
  readonly samples: readonly Sample[];
}

/** The samples that name an offender who stands in them as he is named. */
function samplesOf(folder: string, name: string): Sample[] {
  if (!fs.existsSync(`${folder}/${name}`)) return [];
  return sampleLines(name, folder).flatMap(({ text, expected }) => {
    const host = typeof expected?.host === 'string' ? expected.host : '';
    if (host === '' || !text.includes(host)) return [];
    return [{ text, host, user: typeof expected?.user === 'string' && expected.user !== '' ? expected.user : null }];
  });
}

function optionsOf(folder: string, name: string, text: string): string[] {
  const options = new Set(['{}']);
  const sampled = fs.existsSync(`${folder}/${name}`) ? sampleLines(name, folder) : [];
  for (const one of sampled.flatMap((line) => line.options)) options.add(JSON.stringify(Object.fromEntries(filterArguments(one))));
  for (const [, mode] of text.matchAll(/^(?:mdre|re)-(\w+)\s*=/gm)) options.add(JSON.stringify({ mode }));
  // The journal's lines have neither date nor host.
  if (text.includes('%(__prefix_line)s') || /^journalmatch\s*=/m.test(text)) options.add(JSON.stringify({ logtype: 'journal' }));
  return [...options];
}

/**
 * Every filter of a folder in each of its modes.
 * @param config a configuration folder
 * @param logs its sample logs
 */
export function hostileSets(config: string, logs: string, modes: readonly ('raw' | 'no')[]): HostileSet[] {
  const sets: HostileSet[] = [];
  const seen = new Set<string>();
  for (const file of fs.readdirSync(`${config}/filter.d`).sort()) {
    if (!file.endsWith('.conf') || INCLUDED.test(file)) continue;
    const name = file.slice(0, -'.conf'.length);
    for (const options of optionsOf(logs, name, fs.readFileSync(`${config}/filter.d/${file}`, 'utf8'))) {
      const given = new Map(Object.entries(JSON.parse(options) as Record<string, string>));
      const read = readFilterFile(config, `filter.d/${name}`, given);
      if (read === null || read.failregex.length === 0) continue;
      const { prefregex, failregex, ignoreregex, datepattern, maxlines } = read;
      const journal = given.get('logtype') === 'journal';
      const key = JSON.stringify([name, prefregex, failregex, journal]);
      if (seen.has(key)) continue;
      seen.add(key);
      const lines = failregex.map(writable).filter((line) => line !== null);
      const common = { prefix: prefregex === '' ? null : writable(prefregex), lines, samples: journal ? [] : samplesOf(logs, name) };
      for (const usedns of modes) {
        const set = { prefregex, failregex, ignoreregex, datepattern, maxlines: maxlines ?? 1, usedns, journal };
        if (lines.length > 0) sets.push({ ...common, set: { name: `${name}${options} usedns=${usedns}`, ...set } });
      }
    }
  }
  return sets;
}

/** The installed original's filters. */
export function stockSets(): HostileSet[] {
  return sampleNames().length === 0 ? [] : hostileSets('/etc/fail2ban', SAMPLE_DIR, ['raw', 'no']);
}

const CONTROLS = ['\r', '\x85', '\0', '\x1b[2K', '\x1b]0;x\x07', '\u202e', '\u2028', '\v', '\f', '\x1c', '\t', '\xa0', '\u200b', '\ufeff'];
const OTHER_DIGITS = '０１２３４５６７８９';

/** The victim's address as it could be spelled. */
function spelled(random: Random, victim: string): string {
  if (victim.includes(':')) return random.pick([victim, `[${victim}]`, victim.toUpperCase(), '2001:0db8:0:0:0:0:0:0bad']);
  const wide = victim.replace(/\d/g, (digit) => OTHER_DIGITS[Number(digit)]!);
  return random.pick([victim, victim, victim, `[${victim}]`, `::ffff:${victim}`, `(${victim})`, wide, `${victim}:22`, `${victim}.`]);
}

const AROUND: readonly ((address: string) => string)[] = [
  (address) => ` from ${address}`,
  (address) => ` from ${address} port 22 ssh2`,
  (address) => ` from ${address} port 22 [preauth]`,
  (address) => `' from ${address}`,
  (address) => `x rhost=${address} `,
  (address) => `>, rip=${address}, lip=192.0.2.1`,
  (address) => `, client: ${address}, server: x`,
  (address) => `[client ${address}] `,
  (address) => ` [${address}]`,
  (address) => ` (${address})`,
  (address) => `unknown[${address}]: `,
  (address) => ` ip=[${address}]`,
  (address) => `"\r${address} - - `,
  (address) => `X-Forwarded-For: ${address}`,
];

/** Another date in the text would move what is cut out of the line. */
const DATES = ['Nov 22 11:59:01 ', '2026-11-22T11:59:02Z ', '[22/Nov/2026:11:59:03 +0000] ', '22-Nov-2026 11:59:04 '];

/** A line of the filter that names this address, without a date. */
function written(random: Random, { prefix, lines }: HostileSet, address: string, free: () => string | null): string {
  const content = writeLine(random, random.pick(lines), { address, free });
  return prefix === null ? content : writeLine(random, prefix, { address, content, free });
}

/** An attacker's text. */
function smuggled(random: Random, from: HostileSet): string {
  const victim = spelled(random, random.pick(VICTIMS));
  const line = (): string => written(random, from, victim, () => null);
  const sample = (): string => {
    const found = from.samples.length === 0 ? null : random.pick(from.samples);
    return found === null ? line() : found.text.replaceAll(found.host, victim);
  };
  const piece = (): string => {
    const whole = random.chance(0.6) ? line() : sample();
    const at = random.below(whole.length + 1);
    switch (random.below(6)) {
      case 0:
        return whole;
      case 1:
        return whole.slice(at);
      case 2:
        return whole.slice(0, at);
      default:
        return `${random.pick(['x', 'root', '', 'a b'])}${random.pick(AROUND)(victim)}${random.chance(0.3) ? whole.slice(at) : ''}`;
    }
  };
  const control = (): string => (random.chance(0.35) ? random.pick(CONTROLS) : '');
  const date = (): string => (random.chance(0.1) ? random.pick(DATES) : '');
  return `${random.chance(0.5) ? 'x' : ''}${control()}${date()}${piece()}${control()}${random.chance(0.2) ? piece() : ''}`;
}

function fromSample(random: Random, from: HostileSet, offender: string): string {
  const { text, host, user } = random.pick(from.samples);
  const moved = text.replaceAll(`::ffff:${host}`, offender).replaceAll(host, offender);
  if (user === null || !moved.includes(user)) return moved;
  const at = moved.lastIndexOf(user);
  return moved.slice(0, at) + smuggled(random, from).replaceAll('\n', ' ') + moved.slice(at + user.length);
}

const PARTS = { year: 2026, month: 11, day: 22, hour: 11, minute: 59, second: 5 };

/** A date as the filter's own datepattern wants it, with what stands around it; null where there is none of its own. */
function ownDate(random: Random, { set }: HostileSet): string | null {
  const patterns = (set.datepattern ?? '').split('\n').filter((pattern) => /%|\{DATE\}/.test(pattern));
  if (patterns.length === 0) return null;
  const pattern = random.pick(patterns).replace('{DATE}', () => random.pick(['%Y-%m-%dT%H:%M:%S', '%b %d %H:%M:%S']));
  return formatAs(random, pattern, PARTS);
}

function fromPattern(random: Random, from: HostileSet, offender: string): string {
  const free = (): string | null => (random.chance(0.6) ? smuggled(random, from) : null);
  const lines = written(random, from, offender, free).split('\n');
  if (from.set.journal) return lines.join('\n');
  const date = random.pick(DATES);
  const own = ownDate(random, from);
  const before =
    own !== null && random.chance(0.5)
      ? own + random.pick(['', ' ', '] ', ' host '])
      : random.pick(['', date, `[${date.trim()}] `, `[${date.trim()}]: `, `${date}host `]);
  return lines.map((line) => before + line).join('\n');
}

/** Case `number` of the run with this seed: lines of offenders only. */
export function drawHostileCase(sets: readonly HostileSet[], seed: number, number: number): FuzzCase {
  const random = randomOf(seed, number);
  const set = number % sets.length;
  const from = sets[set]!;
  const lines: string[] = [];
  while (lines.length < LINES) {
    const named = random.chance(0.15) ? random.pick(HOSTS) : random.pick(OFFENDERS);
    const offender = /^[\d.]+$/.test(named) && random.chance(0.1) ? `::ffff:${named}` : named;
    const drawn = from.samples.length > 0 && random.chance(0.4) ? fromSample(random, from, offender) : fromPattern(random, from, offender);
    // What one expression says over several lines are lines; else nobody can write an end of line into one.
    const parts = from.set.maxlines > 1 ? drawn.split('\n') : [drawn.replace(/\n/g, ' ')];
    lines.push(...parts.map((line) => line.slice(0, 16384).replace(/\r+$/, '')));
  }
  return { number, set, inOperation: false, findtime: 86400 * 365 * 56, lines, times: lines.map(() => NOW) };
}

/** Whether an identity names somebody else than the offender and his names. */
export function isForeign(id: string): boolean {
  const own = [...OFFENDERS, ...HOSTS];
  return !own.some((name) => id === name || id === `name ${name}` || id === `name ${name.toLowerCase()}`);
}
