/** A filter that reads blocks, in which only wanted lines are looked at, finds what it finds line by line; so do the dates. */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCursor } from '../../../src/base/file-cursor';
import { encodingOf } from '../../../src/base/file-encoding';
import { canScan, LiteralScanner } from '../../../src/base/literal-scan';
import { createLogger } from '../../../src/base/logger';
import { createLineFilter } from '../../../src/engine/filter/create-filter';
import { createDateStream } from '../../../src/engine/filter/date-reader';
import { defaultJailConfig } from '../../../src/model/jail-config';
import type { Failure } from '../../../src/model/ticket';
import { drawCase, fuzzWorld, type FilterSet } from '../../fuzz/filter-cases';
import { randomOf, type Random } from '../../fuzz/random';
import { temporaryFolder } from '../../support/folder';

const folder = temporaryFolder();
afterAll(() => folder.remove());

const world = fuzzWorld();
/** Not a whole second, so that no limit of seconds is met. */
const NOW = Date.UTC(2026, 10, 22, 12) / 1000 + 0.37;
const SEED = 11;

interface Batch {
  readonly lines: readonly string[];
  readonly now: number;
}

/** One of the filters at work: what it found, what it logged, and how its date templates fared. */
class Run {
  readonly found: unknown[] = [];
  readonly logged: string[] = [];
  readonly filter;
  private readonly dates;

  constructor(set: FilterSet, findtime: number) {
    const logger = createLogger(({ message }) => void this.logged.push(message.replaceAll(/\d+ (?=seconds)/g, 'N ')));
    const made = createLineFilter({ ...defaultJailConfig('block'), ...set, findtime, logtimezone: null }, { logger });
    if (made.filter === null) throw new Error(JSON.stringify(made.problems));
    this.filter = made.filter;
    this.dates = createDateStream({ datepattern: set.datepattern, logtimezone: null }, NOW, logger);
  }

  /** @returns how many failures that were */
  process(batch: Parameters<typeof this.filter.process>[0], now: number): number {
    const failures = this.filter.process(batch, this.dates.open(batch, now), now);
    this.found.push(...failures.map(inTenths));
    return failures.length;
  }

  get tally(): unknown {
    return this.dates.detector.tally().map(({ template, hits, weight }) => [template.name, hits, weight]);
  }
}

const inTenths = ({ time, data, ...failure }: Failure): unknown => ({ ...failure, data, time: Math.round(time * 10) });

/** The same lines once more, a few of them often: as logs have them. */
function bursts(random: Random, lines: readonly string[]): string[] {
  const all: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    all.push(lines[at]!);
    if (random.chance(0.4)) for (let more = random.below(6); more > 0; more--) all.push(lines[Math.max(0, at - random.below(4))]!);
  }
  return all;
}

/** The lines as they are in the file, and each batch as the cursor reads it for these literals. */
function compare(
  set: FilterSet,
  others: readonly string[],
  texts: readonly string[],
  random: Random,
  inOperation: boolean,
  findtime: number,
): [number, number] {
  const path = join(folder.path, 'log');
  writeFileSync(path, texts.map((text) => `${text}\n`).join(''));
  const fd = openSync(path, 'r');
  const [byBlock, byLine] = [new Run(set, findtime), new Run(set, findtime)];
  const { literals } = byBlock.filter;
  const scanner = new LiteralScanner([...(literals ?? []), ...others].filter(canScan));
  const cursor = new LineCursor(fd, encodingOf('utf-8')!);
  const batches: Batch[] = [];
  let failures = 0;
  for (let now = NOW, more = true; more; now += random.chance(0.5) ? random.below(30) : 0) {
    const { block, ascii, lines, ...read } = cursor.read(1 + random.below(60), scanner);
    more = read.more || block.length > 0;
    batches.push({ lines, now });
    failures += byBlock.process({ source: 'log', lines, block, ascii, inOperation }, now);
  }
  closeSync(fd);
  // Dates are remembered within a moment only: here each line is one.
  for (const { lines, now } of batches) {
    lines.forEach((line, at) => void byLine.process({ source: 'log', lines: [line], inOperation }, now + at * 1e-5));
  }
  expect(byBlock.found).toEqual(byLine.found);
  // Dates are read ahead of the filter.
  expect(byBlock.logged.sort()).toEqual(byLine.logged.sort());
  expect(byBlock.tally).toEqual(byLine.tally);
  return [failures, texts.length];
}

test('every stock filter finds in blocks what it finds line by line', () => {
  let [failures, lines] = [0, 0];
  const others = ['Failed ', '" 404 ', 'Accepted '];
  const cases = world.sets.length;
  for (let number = 0; number < cases; number++) {
    const drawn = drawCase(world, SEED, number);
    const set = world.sets[drawn.set]!;
    if (set.journal) continue;
    const random = randomOf(SEED, number);
    const [more, of] = compare(set, others, bursts(random, drawn.lines), random, drawn.inOperation, drawn.findtime);
    failures += more;
    lines += of;
  }
  console.log(`blocks: ${failures} failures in ${lines} lines, ${cases} cases`);
  expect(failures).toBeGreaterThan(3000);
});

/** What a connection says, good or bad: some of it leaves a trace in its session, some ends it, some is passed over. */
const SAID = [
  'Accepted publickey for root from 203.0.113.7 port 40022 ssh2: ED25519 SHA256:abc',
  'Accepted password for bob from 203.0.113.7 port 40022 ssh2',
  'Received disconnect from 203.0.113.7 port 40022:11: disconnected by user',
  'Received disconnect from 203.0.113.7 port 40022:3: com.jcraft.jsch.JSchException: Auth fail',
  'Received disconnect from 203.0.113.7: 3: x',
  'Disconnected from user bob 203.0.113.7 port 40022',
  'Disconnected from authenticating user Accepted Failed 203.0.113.7 port 40022 [preauth]',
  'Connection closed by 203.0.113.7 port 40022 [preauth]',
  'Connection from 203.0.113.7 port 40022 on 192.0.2.1 port 22',
  'Connection closed by authenticating user root 203.0.113.7 port 40022 [preauth]',
  'Failed password for root from 203.0.113.7 port 40022 ssh2',
  'Failed password for invalid user Accepted from 203.0.113.8 port 40022 ssh2',
  'Failed publickey for root from 203.0.113.7 port 40022 ssh2',
  'Invalid user bob from 203.0.113.7 port 40022',
  'pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root',
  'Disconnecting: Too many authentication failures for root [preauth]',
  'session opened for user root(uid=0) by (uid=0)',
];

test('lines of sshd that leave no trace are passed over, and only they', () => {
  const sets = world.sets.filter(({ name, journal }) => name.startsWith('sshd') && !journal);
  let failures = 0;
  for (let round = 0; round < 60; round++) {
    const random = randomOf(SEED, round);
    const set = sets[round % sets.length]!;
    const connections = 1 + random.below(random.chance(0.3) ? 400 : 12);
    const lines = Array.from({ length: 600 }, () => {
      const second = String(random.below(3)).padStart(2, '0');
      const length = random.chance(0.1) ? random.below(9) : 4;
      return `Nov 22 11:59:${second} ${'h'.repeat(length)} sshd[${random.below(connections) + 995}]: ${random.pick(SAID)}`;
    }).sort();
    failures += compare(set, [], random.chance(0.5) ? lines : lines.reverse(), random, random.chance(0.5), 86400)[0];
  }
  console.log(`sshd in blocks: ${failures} failures, ${sets.length} modes`);
  expect(failures).toBeGreaterThan(3000);
});
