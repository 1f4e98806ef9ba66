/** Hostile pickles: whatever the bytes, the decoder answers quickly with plain data or with a PROTOCOL error. */
import * as fc from 'fast-check';
import { AppError } from '../../../src/base/errors';
import { FrameReader } from '../../../src/contracts/socket/framing';
import { decodePickle } from '../../../src/contracts/socket/pickle-decode';
import { encodePickle } from '../../../src/contracts/socket/pickle-encode';
import { OP } from '../../../src/contracts/socket/pickle-opcodes';
import { commandOf } from '../../../src/contracts/socket/values';
import { PyTuple, pythonRepr } from '../../../src/model/python-repr';
import type { PyValue } from '../../../src/model/python-repr';

/** True when decoded, false when refused; anything else fails the test. */
function survives(bytes: Buffer): boolean {
  try {
    const value = decodePickle(bytes);
    commandOf(value);
    pythonRepr(value);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === 'PROTOCOL') return false;
    throw error;
  }
}

/** A small generator of its own: 100,000 inputs must not wait for a library. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const SEEDS = [
  encodePickle(['set', 'j1', 'addfailregex', '^<HOST>$', 5, 0.5, null, true, ['a', 'b'], { k: 'v' }]),
  encodePickle(new PyTuple([0, [new PyTuple(['Jail list', 'a, b']), new Set(['x']), Buffer.from('bytes'), 2n ** 70n]])),
  encodePickle(new PyTuple([1, { exception: { module: 'builtins', name: 'ValueError', args: ['x'] } }])),
  Buffer.from('(lp0\nVping\np1\naI5\naL12L\naF1.5\na(dp2\nVk\nI01\ns(c__builtin__\nstr\np3\n(Vx\ntRp4\na.', 'latin1'),
];

describe('the decoder under hostile bytes', () => {
  it('survives 50,000 damaged messages', () => {
    const random = generator(1);
    let decoded = 0;
    for (let round = 0; round < 50_000; round++) {
      const bytes = Buffer.from(SEEDS[round % SEEDS.length] ?? Buffer.alloc(0));
      for (let change = random(4) + 1; change > 0; change--) bytes[random(bytes.length)] = random(256);
      if (survives(random(3) === 0 ? bytes.subarray(0, random(bytes.length)) : bytes)) decoded++;
    }
    expect(decoded).toBeGreaterThan(1000);
    expect(decoded).toBeLessThan(49_000);
  });

  it('survives 50,000 rows of allowed opcodes in any order', () => {
    const random = generator(2);
    const opcodes = Object.values(OP);
    let decoded = 0;
    for (let round = 0; round < 50_000; round++) {
      const row: number[] = [];
      for (let length = random(30) + 1; length > 0; length--) {
        row.push(opcodes[random(opcodes.length)] ?? 0);
        if (random(2) === 0) row.push(random(4), random(2) * 10);
      }
      row.push(OP.STOP);
      if (survives(Buffer.from(row))) decoded++;
    }
    expect(decoded).toBeGreaterThan(50);
  });

  it('survives bytes that have no shape at all, with and without markers', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        survives(Buffer.from(bytes));
        const reader = new FrameReader(1000);
        reader.push(bytes);
        reader.push(Buffer.from('<F2B_END_COMMAND>'));
        for (let message = reader.next(); message !== null; message = reader.next()) survives(message);
      }),
      { numRuns: 5000 },
    );
  });

  it('refuses lengths that promise more than is there, without taking memory for them', () => {
    const before = process.memoryUsage().rss;
    for (const opcode of [OP.BINUNICODE, OP.BINBYTES]) expect(survives(Buffer.from([opcode, 0xff, 0xff, 0xff, 0x7f, 0x2e]))).toBe(false);
    for (const opcode of [OP.BINUNICODE8, OP.BINBYTES8])
      expect(survives(Buffer.from([opcode, ...Array<number>(8).fill(0xff), 0x2e]))).toBe(false);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
  });

  it('refuses whole numbers with zeros before them, which Python reads as octal', () => {
    for (const text of ['I0255', 'I-0255', 'I010', 'I0010', 'L010L', 'L01L']) expect(survives(Buffer.from(`${text}\n.`))).toBe(false);
  });

  it('reads whole numbers and truths of protocol 0 as Python does', () => {
    const told = ['I0', 'I255', 'I00', 'I01', 'I+0', 'I+1', 'I-0', 'I-1', 'L0L', 'L-0L', 'L+1L'].map((text) =>
      pythonRepr(decodePickle(Buffer.from(`${text}\n.`))),
    );
    expect(told).toEqual(['0', '255', 'False', 'True', 'False', 'True', 'False', '-1', '0', '0', '1']);
  });

  it('reads no escape behind a backslash that has one before it', () => {
    const read = (text: string): unknown => decodePickle(Buffer.from(`V${text}\n.`, 'latin1'));
    expect([read('\\u6f22'), read('\\\\u6f22'), read('\\\\\\u6f22'), read('\\\\u1'), read('a\\')]).toEqual([
      '漢',
      '\\\\u6f22',
      '\\\\漢',
      '\\\\u1',
      'a\\',
    ]);
    expect(survives(Buffer.from('V\\u1\n.'))).toBe(false);
    expect(survives(Buffer.from('V\\U00110000\n.'))).toBe(false);
  });

  it('decodes a large honest message', () => {
    const addresses = Array.from({ length: 200_000 }, (_, index) => `2001:db8::${index.toString(16)}`);
    expect(decodePickle(encodePickle(new PyTuple([0, addresses])))).toEqual(new PyTuple([0, addresses]));
  });

  it('gives back what was encoded', () => {
    const plain = fc.letrec<{ value: PyValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.constantFrom(null, true, false),
        fc.string({ unit: 'binary' }),
        fc.integer(),
        fc.bigInt({ min: 2n ** 60n, max: 2n ** 400n }),
        fc.double({ noInteger: true, noNaN: true }).filter((value) => !Number.isInteger(value)),
        fc.array(tie('value'), { maxLength: 4 }),
        fc.array(tie('value'), { maxLength: 5 }).map((items) => new PyTuple(items)),
        fc.dictionary(fc.string(), tie('value'), { maxKeys: 3 }).map((entries) => new Map(Object.entries(entries))),
      ),
    })).value;
    fc.assert(fc.property(plain, (value) => expect(decodePickle(encodePickle(value))).toEqual(value)));
  });
});
