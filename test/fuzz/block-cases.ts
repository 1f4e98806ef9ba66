/** Draws logs as bytes: lines of many filters mixed, in several encodings, damaged, with every kind of line end, NULs and endless lines, and the pieces in which they come. */
import * as path from 'node:path';
import { fuzzWorld, type FilterSet } from './filter-cases';
import { hostileSets } from './hostile-cases';
import { mutate, type Pool, type Seed } from './line-mutations';
import { type Random, randomOf } from './random';

export interface BlockCase {
  readonly number: number;
  readonly set: FilterSet;
  /** As `logencoding` names it. */
  readonly encoding: string;
  readonly bytes: Buffer;
  /** Lengths of the file at which it is read, in order; the last is all of it. */
  readonly cuts: readonly number[];
  readonly inOperation: boolean;
  readonly findtime: number;
}

export interface BlockWorld {
  readonly sets: readonly FilterSet[];
  readonly seeds: readonly (readonly Seed[])[];
  readonly pool: Pool;
}

const ENCODINGS = [
  'utf-8',
  'utf-8',
  'utf-8',
  'utf-8',
  'auto',
  'ascii',
  'latin-1',
  'utf-16-le',
  'utf-16-be',
  'cp1252',
  'shift_jis',
  'euc-kr',
];
const ENDS = ['\n', '\r\n', '\r\r\n', '\r', '\n\r', '\n\n', '\0\n', ' \n', '\x85\n', '\u2028\n'];
/** Bytes that belong to no text of UTF-8: cut short, too long, half characters, beyond the last one. */
const WRONG = [
  '80',
  'c3',
  'c0af',
  'e28281',
  'e282',
  'eda080',
  'edb080',
  'f0908d',
  'f4908080',
  'fffe',
  'feff',
  'efbbbf',
  'c328',
  'f8888080',
].map((hex) => Buffer.from(hex, 'hex'));
/** Where the reader counts: a line's greatest length, what is decoded at once, what is read at once. */
const EDGES = [65_536, 32_768, 131_072, 200_000];
/** Of a case, with line ends: filters are made anew for each case, which takes as long as hundreds of lines. */
const PIECES = 4000;

/** The filters of the original that read files, and our own. */
export function blockWorld(): BlockWorld {
  const { sets, seeds, pool } = fuzzWorld();
  const root = path.resolve(__dirname, '../..');
  const own = hostileSets(path.join(root, 'config'), path.join(root, 'test/fixtures/logs'), ['no']);
  const ours = own.map(({ set, samples }) => [set, samples.map(({ text, user }) => ({ text, user }))] as const);
  const all = [...sets.map((set, at) => [set, seeds[at] ?? []] as const), ...ours].filter(([set, its]) => !set.journal && its.length > 0);
  return { sets: all.map(([set]) => set), seeds: all.map(([, its]) => its), pool };
}

function encoded(text: string, encoding: string): Buffer {
  if (encoding === 'latin-1' || encoding === 'cp1252') return Buffer.from(text, 'latin1');
  if (encoding === 'utf-16-le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16-be') return Buffer.from(text, 'utf16le').swap16();
  return Buffer.from(text);
}

function damaged(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  const put = (piece: Buffer, skip = 0): Buffer => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at + skip)]);
  switch (random.below(8)) {
    case 0:
      return put(random.pick(WRONG));
    case 1:
      return put(random.pick(WRONG), 1);
    case 2:
      return put(Buffer.from([random.below(256)]), 1);
    case 3:
      return put(Buffer.alloc(1 + random.below(4)));
    case 4:
      return Buffer.concat([Buffer.alloc(1 + random.below(40)), bytes]);
    case 5:
      return bytes.subarray(0, at);
    case 6:
      return put(Buffer.from(random.pick(['\r', '\n', '\r\n', '\v', '\f', '\x1c', '\x85', '\x1b[2K'])));
    default:
      return put(Buffer.from(Array.from({ length: random.below(30) }, () => random.below(256))));
  }
}

function longLine(random: Random, line: Buffer): Buffer {
  const length = Math.max(1, random.pick(EDGES) + random.below(9) - 4 - (random.chance(0.5) ? line.length : 0));
  const fill = Buffer.alloc(length, random.pick(['x', ' ', 'ä', '\0', 'a b=', '1.2.3.4 ', '\xff']));
  return random.chance(0.5) ? Buffer.concat([line, fill]) : Buffer.concat([fill, line]);
}

/** Case `number` of the run with this seed. */
export function drawBlockCase({ sets, seeds, pool }: BlockWorld, seed: number, number: number): BlockCase {
  const random = randomOf(seed, number);
  const at = number % sets.length;
  const encoding = random.pick(ENCODINGS);
  const every = random.chance(0.03);
  const [damage, other] = [random.pick([0, 0.02, 0.2, 0.6]), random.pick([0.05, 0.3, 0.9])];
  const pieces: Buffer[] = [];
  const recent: Buffer[] = [];
  while (pieces.length < (every ? 8 : PIECES)) {
    const sample = random.pick(random.chance(0.7) ? seeds[at]! : random.pick(seeds));
    let line = encoded(random.chance(0.6) ? mutate(random, sample, pool) : sample.text, encoding);
    // The same line often: as logs have them.
    if (recent.length > 0 && random.chance(0.3)) line = random.pick(recent);
    recent[(pieces.length / 2) % 4] = line;
    while (random.chance(damage)) line = damaged(random, line);
    if (random.chance(0.0007)) line = longLine(random, line);
    pieces.push(line, encoded(random.chance(other) ? random.pick(ENDS) : '\n', encoding));
  }
  const bytes = Buffer.concat(pieces);
  const some = Array.from({ length: random.below(6) }, () => random.below(bytes.length));
  const cuts = every ? Array.from(bytes.subarray(0, 3000), (_byte, index) => index) : some.sort((a, b) => a - b);
  return {
    ...{ number, set: sets[at]!, encoding, bytes, cuts: [...cuts, bytes.length] },
    inOperation: random.chance(0.3),
    findtime: random.chance(0.9) ? 86_400 * 36_500 : 86_400 * 300,
  };
}
