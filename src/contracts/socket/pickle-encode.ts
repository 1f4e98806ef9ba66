/** Encodes plain data as a pickle of protocol 4, which every Python since 3.4 reads. */
import { AppError } from '../../base/errors';
import { PyFloat, PyTuple, isPyException } from '../../model/python-repr';
import type { PyException, PyValue } from '../../model/python-repr';
import { OP } from './pickle-opcodes';
import type { Opcode } from './pickle-opcodes';
import { encodeLong, encodeText } from './pickle-text';

const PROTOCOL = 4;
const MAX_DEPTH = 100;
const SHORT = 0xff;

/** The pickle of a value. What is nested deeper than 100 levels (or contains itself) is an AppError PROTOCOL. */
export function encodePickle(value: PyValue): Buffer {
  const out = new ByteWriter();
  out.byte(OP.PROTO, PROTOCOL);
  write(out, value, 0);
  out.byte(OP.STOP);
  return out.bytes();
}

function write(out: ByteWriter, value: PyValue, depth: number): void {
  if (depth > MAX_DEPTH) throw new AppError('PROTOCOL', 'a value is nested too deeply for the socket');
  if (value === null) out.byte(OP.NONE);
  else if (typeof value === 'boolean') out.byte(value ? OP.NEWTRUE : OP.NEWFALSE);
  else if (typeof value === 'string') writeText(out, value);
  else if (typeof value === 'number') writeNumber(out, value);
  else if (typeof value === 'bigint') writeInteger(out, value);
  else if (value instanceof PyFloat) writeFloat(out, value.value);
  else if (value instanceof Uint8Array) writeBytes(out, value);
  else if (value instanceof PyTuple) writeTuple(out, value.items, depth);
  else if (Array.isArray(value)) writeMembers(out, OP.EMPTY_LIST, value as readonly PyValue[], OP.APPENDS, depth);
  else if (value instanceof Set) writeMembers(out, OP.EMPTY_SET, [...(value as ReadonlySet<PyValue>)], OP.ADDITEMS, depth);
  else if (isPyException(value)) writeException(out, value, depth);
  else writeMembers(out, OP.EMPTY_DICT, entriesOf(value as ReadonlyMap<PyValue, PyValue>), OP.SETITEMS, depth);
}

function entriesOf(value: ReadonlyMap<PyValue, PyValue> | Readonly<Record<string, PyValue>>): readonly PyValue[] {
  return [...(value instanceof Map ? (value as ReadonlyMap<PyValue, PyValue>) : Object.entries(value))].flat(1) as readonly PyValue[];
}

function writeMembers(out: ByteWriter, empty: Opcode, members: readonly PyValue[], add: Opcode, depth: number): void {
  out.byte(empty);
  if (members.length === 0) return;
  out.byte(OP.MARK);
  for (const member of members) write(out, member, depth + 1);
  out.byte(add);
}

function writeTuple(out: ByteWriter, items: readonly PyValue[], depth: number): void {
  if (items.length === 0) return out.byte(OP.EMPTY_TUPLE);
  if (items.length > 3) out.byte(OP.MARK);
  for (const item of items) write(out, item, depth + 1);
  out.byte(items.length > 3 ? OP.TUPLE : OP.TUPLE1 + items.length - 1);
}

function writeException(out: ByteWriter, { exception }: PyException, depth: number): void {
  writeText(out, exception.module);
  writeText(out, exception.name);
  out.byte(OP.STACK_GLOBAL);
  writeTuple(out, exception.args, depth);
  out.byte(OP.REDUCE);
}

function writeText(out: ByteWriter, text: string): void {
  const bytes = encodeText(text);
  if (bytes.length <= SHORT) out.byte(OP.SHORT_BINUNICODE, bytes.length);
  else out.counted(OP.BINUNICODE, bytes.length);
  out.append(bytes);
}

function writeBytes(out: ByteWriter, bytes: Uint8Array): void {
  if (bytes.length <= SHORT) out.byte(OP.SHORT_BINBYTES, bytes.length);
  else out.counted(OP.BINBYTES, bytes.length);
  out.append(bytes);
}

function writeNumber(out: ByteWriter, value: number): void {
  if (!Number.isInteger(value)) writeFloat(out, value);
  else if (value >= 0 && value <= 0xff) out.byte(OP.BININT1, value);
  else writeInteger(out, BigInt(value));
}

function writeInteger(out: ByteWriter, value: bigint): void {
  if (BigInt.asIntN(32, value) === value) return out.counted(OP.BININT, Number(value));
  const bytes = encodeLong(value);
  if (bytes.length > SHORT) throw new AppError('PROTOCOL', 'a number is too large for the socket');
  out.byte(OP.LONG1, bytes.length);
  out.append(bytes);
}

function writeFloat(out: ByteWriter, value: number): void {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  out.byte(OP.BINFLOAT);
  out.append(bytes);
}

/** A buffer that grows as it is written. */
class ByteWriter {
  private buffer = Buffer.allocUnsafe(256);
  private length = 0;

  byte(...values: readonly number[]): void {
    this.reserve(values.length);
    for (const value of values) this.buffer[this.length++] = value;
  }

  /** An opcode and four bytes, little-endian. */
  counted(opcode: Opcode, value: number): void {
    this.byte(opcode);
    this.reserve(4);
    this.length = this.buffer.writeInt32LE(value | 0, this.length);
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.length);
    this.length += bytes.length;
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  private reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.length + count, this.buffer.length * 2));
    grown.set(this.buffer.subarray(0, this.length));
    this.buffer = grown;
  }
}
