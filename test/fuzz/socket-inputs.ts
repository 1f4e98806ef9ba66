/** Draws what a hostile program could send to the socket: damaged commands, foreign pickles, rows of opcodes, bombs, messages without an end. */
import { FrameReader, frame, isCloseMessage } from '../../src/contracts/socket/framing';
import { encodePickle } from '../../src/contracts/socket/pickle-encode';
import { OP } from '../../src/contracts/socket/pickle-opcodes';
import { PyTuple } from '../../src/model/python-repr';
import { type Random, randomOf } from './random';

/** What one connection sends. */
export interface HostileConnection {
  readonly what: 'messages' | 'bomb' | 'endless';
  readonly chunks: readonly Buffer[];
  /** Inputs in it. */
  readonly inputs: number;
  /** Answers that must come; null when the server may close before it has answered. */
  readonly answers: number | null;
  /** The connection is torn down at once instead of ended. */
  readonly torn: boolean;
}

/** The jail of the server that is fuzzed. */
export const JAIL = 'door';
const MARKER = '<F2B_END_COMMAND>';
const MEGABYTE = 1 << 20;
/** More than a message may have. */
const ENDLESS = 66;

/** Commands that change nothing, as honest programs send them. */
const HONEST = [
  ['ping'],
  ['version'],
  ['status'],
  ['status', JAIL],
  ['get', JAIL, 'banip', '--with-time'],
  ['get', JAIL, 'failregex'],
  ['get', 'loglevel'],
  ['banned', '192.0.2.1', '2001:db8::1'],
  ['echo', 'ä', `x${MARKER}y`, '漢🙂'],
  ['set', JAIL, 'maxretry', 5],
  ['set', JAIL, 'usedns', 'no'],
  ['get', JAIL, 'bantime', null, true, 0.5, [1, ['a']], { k: 'v' }],
  ['bailiff', 'explain', JAIL, 'knock from 192.0.2.1'],
  ['bailiff', 'health'],
  ['nosuch', 'word'],
].map((command) => encodePickle(command));

/** Pickles of Python's that would run, load or build something. */
const FOREIGN = [
  "cos\nsystem\n(S'touch /tmp/canary'\ntR.",
  'c__builtin__\neval\n(V1+1\ntR.',
  "(ios\nsystem\nS'id'\n.",
  '(cos\nsystem\nVid\no.',
  '\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x02id\x85R.',
  '\x80\x02cfail2ban.server.jail\nJail\n)\x81}X\x01\0\0\0aK\x01sb.',
  '\x80\x02\x82\x01.',
  'Ppersistent\n.',
  '\x80\x04K\x01Q.',
  '\x80\x05\x96\x04\0\0\0\0\0\0\0abcd.',
  '\x80\x05\x97\x98.',
  ']2a2a2a.',
  '\x80\x04}\x92\x8c\x01a.',
  'cbuiltins\ngetattr\n(cbuiltins\n__import__\nV__class__\ntR.',
].map((text) => Buffer.from(text, 'latin1'));

const OPCODES: readonly number[] = Object.values(OP);

function damaged(random: Random, message: Buffer): Buffer {
  const bytes = Buffer.from(message);
  for (let change = random.below(4) + 1; change > 0; change--) bytes[random.below(bytes.length)] = random.below(256);
  return random.chance(0.3) ? bytes.subarray(0, random.below(bytes.length)) : bytes;
}

function row(random: Random, opcode: () => number): Buffer {
  const bytes: number[] = [];
  for (let length = random.below(40) + 1; length > 0; length--) {
    bytes.push(opcode());
    if (random.chance(0.5)) bytes.push(random.below(4), random.below(2) * 10);
  }
  return Buffer.from([...bytes, OP.STOP]);
}

function drawMessage(random: Random): Buffer {
  switch (random.below(9)) {
    case 0:
      return random.pick(HONEST);
    case 1:
      return random.pick(FOREIGN);
    case 2:
      return damaged(random, random.pick(FOREIGN));
    case 3:
    case 4:
      return row(random, () => random.pick(OPCODES));
    case 5:
      return row(random, () => random.below(256));
    case 6:
      return Buffer.from(Array.from({ length: random.below(300) }, () => random.below(256)));
    default:
      return damaged(random, random.pick(HONEST));
  }
}

const little = (value: number): Buffer => Buffer.from([value & 255, (value >> 8) & 255, (value >> 16) & 255, value >> 24]);
const repeated = (text: string, size: number): Buffer => Buffer.alloc(Math.floor(size / text.length) * text.length, text, 'latin1');

/** Small messages that mean much: in depth, in number, in shared parts, in lengths that are promised. */
const BOMBS: readonly ((size: number) => Buffer)[] = [
  ...[
    '}',
    ']',
    '\x8f',
    ')',
    '(',
    ']\x94',
    '}\x94',
    'C\0',
    '\x8a\x01\x01',
    '\x8c\0',
    'N',
    'G\0\0\0\0\0\0\0\0',
    ']Na',
    '}K\x01Ns',
    'cos\nx\n',
    '\x8a\xff',
  ].map((text) => (size: number) => Buffer.concat([repeated(text, size), Buffer.from('.')])),
  (size) => Buffer.concat([repeated(']', size), repeated('a', size), Buffer.from('.')]),
  (size) => Buffer.concat([Buffer.from('N'), repeated('\x85', size), Buffer.from('.')]),
  // Each list holds the one before it twice: as many values as two to the power of the rounds.
  (size) => {
    const rounds = Math.min(90, 20 + (size % 71));
    return Buffer.from(
      `]q\0${Array.from({ length: rounds }, (_, at) => `]q${String.fromCharCode(at + 1)}h${String.fromCharCode(at)}ah${String.fromCharCode(at)}a`).join('')}.`,
      'latin1',
    );
  },
  // The same long text again and again.
  (size) =>
    Buffer.concat([Buffer.from(']X'), little(size), Buffer.alloc(size, 'x'), Buffer.from('q\0a(' + 'h\0'.repeat(5000) + 'e.', 'latin1')]),
  (size) => Buffer.concat([Buffer.from('I'), Buffer.alloc(size, '7'), Buffer.from('\n.')]),
  (size) => Buffer.concat([Buffer.from('V'), Buffer.alloc(size, '\\u0041'), Buffer.from('\n.')]),
  (size) => Buffer.concat([Buffer.from('c'), Buffer.alloc(size, 'a'), Buffer.from('\nb\n(tR.')]),
  () => Buffer.from('\x8e\xff\xff\xff\xff\xff\xff\xff\x7f.', 'latin1'),
  () => Buffer.from('B\xff\xff\xff\xff.', 'latin1'),
  (size) => Buffer.concat([Buffer.from(']X'), little(size), Buffer.alloc(size, MARKER), Buffer.from('a.')]),
  (size) => encodePickle(['echo', ...Array.from({ length: size >> 4 }, () => 'word')]),
  (size) => encodePickle(['get', JAIL, 'nosuch', 'x'.repeat(size)]),
  () => encodePickle(Array.from({ length: 90 }).reduce<PyTuple<never>>((inner) => new PyTuple([inner as never]), new PyTuple([]))),
];

/** The answers that the bytes call for: one for each message, up to one that asks to close. */
function answersTo(bytes: Buffer): number {
  const reader = new FrameReader();
  reader.push(bytes);
  let count = 0;
  for (let message = reader.next(); message !== null && !isCloseMessage(message); message = reader.next()) count += 1;
  return count;
}

function cut(random: Random, bytes: Buffer): Buffer[] {
  const chunks: Buffer[] = [];
  for (let from = 0; from < bytes.length;) {
    const length = random.chance(0.1) ? 1 + random.below(20) : 1 + random.below(8000);
    chunks.push(bytes.subarray(from, from + length));
    from += length;
  }
  return chunks;
}

/** Connection `number` of the run with this seed. */
export function drawConnection(seed: number, number: number): HostileConnection {
  const random = randomOf(seed, number);
  if (random.chance(1 / 1000)) {
    const chunk = Buffer.alloc(MEGABYTE, random.pick(['g', ']', 'X\xff\xff\xff\x7f', MARKER.slice(0, -1)]), 'latin1');
    const begun = random.chance(0.5) ? [Buffer.from('\x80\x04X\xff\xff\xff\x7f', 'latin1')] : [];
    return { what: 'endless', chunks: [...begun, ...Array.from({ length: ENDLESS }, () => chunk)], inputs: 1, answers: null, torn: false };
  }
  if (random.chance(1 / 50)) {
    const bytes = frame(random.pick(BOMBS)(1 + random.below(random.chance(0.05) ? 32 * MEGABYTE : MEGABYTE)));
    return { what: 'bomb', chunks: [bytes], inputs: 1, answers: null, torn: false };
  }
  const messages = Array.from({ length: 1 + random.below(200) }, () => frame(drawMessage(random)));
  const whole = Buffer.concat(messages);
  const bytes = random.chance(0.3) ? whole.subarray(0, random.below(whole.length)) : whole;
  return { what: 'messages', chunks: cut(random, bytes), inputs: messages.length, answers: answersTo(bytes), torn: random.chance(0.05) };
}
