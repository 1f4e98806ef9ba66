/** Changes pickles: bytes, opcodes, lengths, pieces of others; some as a program would damage them, some as an attacker would build them. */
import { encodePickle } from '../../src/contracts/socket/pickle-encode';
import { OP } from '../../src/contracts/socket/pickle-opcodes';
import { PyFloat, PyTuple } from '../../src/model/python-repr';
import { runPython } from '../support/python-re';
import type { Random } from './random';

const OPCODES: readonly number[] = Object.values(OP);
const LONGEST = 2000;

/** What Python dumps in each of its protocols. */
const DUMP = `
import json, pickle, sys
values = [['ping'], ['set', 'j', 'addignoreip', '::1', 5, 1.5, None, True], {'k': [1, -1, 2**40, -2**70], 'x': ('a', b'b', {'s'})}, ['ä漢😀\\\\u0041\\n', '', 'x' * 300], [[], (), {}, (1, 2, 3, 4), set()],
  (1, ValueError('x', 2)), (0, [('Jail list', 'a, b')]), [['a'] * 3] * 3, b'\\x00' * 300, -0.0, 1e300, [255, 256, 65535, 65536, 2**31 - 1, -2**31]]
json.dump([pickle.dumps(value, protocol).hex() for value in values for protocol in range(6)], sys.stdout)
`;

/** Pickles to begin with: Python's in all protocols, and ours. */
export function firstPickles(): Buffer[] {
  const ours = [
    ['status', 'j'],
    new PyTuple([0, [new PyTuple(['a', 2n ** 70n]), new PyFloat(1)]]),
    { k: new Set(['x']), b: Buffer.from('b') },
  ];
  return [...runPython<string[]>(DUMP, null).map((hex) => Buffer.from(hex, 'hex')), ...ours.map((value) => encodePickle(value))];
}

function once(random: Random, bytes: Buffer, others: readonly Buffer[]): Buffer {
  const at = random.below(bytes.length + 1);
  const end = Math.min(bytes.length, at + random.below(8));
  const put = (...piece: readonly number[]): Buffer => Buffer.concat([bytes.subarray(0, at), Buffer.from(piece), bytes.subarray(at)]);
  switch (random.below(10)) {
    case 0:
      return put(random.pick(OPCODES));
    case 1:
      return put(random.pick(OPCODES), random.below(256), random.pick([0, 1, 10, 255]));
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, end), bytes.subarray(at, end), bytes.subarray(end)]);
    case 4: {
      const other = random.pick(others);
      const from = random.below(other.length + 1);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(from, from + random.below(30)), bytes.subarray(end)]);
    }
    case 5:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from('.')]);
    case 6:
      return put(
        ...Buffer.from(
          random.pick(['1\n', '-0\n', '1e5\n', 'nan\n', '0x1\n', '01\n', '9'.repeat(40) + '\n', "'a\\x41'\n", '\\u12\n', '00L\n', '\n']),
        ),
      );
    default: {
      const changed = Buffer.from(bytes);
      if (changed.length > 0)
        changed[random.below(changed.length)] = random.chance(0.4)
          ? random.pick(OPCODES)
          : random.pick([0, 1, 127, 128, 255, random.below(256)]);
      return changed;
    }
  }
}

/** A pickle made from one of the corpus by one to five changes. */
export function changedPickle(random: Random, corpus: readonly Buffer[]): Buffer {
  let bytes = random.pick(corpus);
  for (let changes = random.pick([1, 1, 1, 2, 3, 5]); changes > 0; changes--) bytes = once(random, bytes, corpus);
  return bytes.subarray(0, LONGEST);
}
