/** The opcodes of Python's pickle that fail2ban's messages are made of, and what argument stands behind each in the bytes. */

/**
 * What follows an opcode: nothing; so many bytes; text up to a newline (one or two lines); or a length of one, four or eight bytes
 * (little-endian) and then as many bytes.
 */
export type Argument = 0 | 1 | 2 | 4 | 8 | 'line' | 'two lines' | 'counted 1' | 'counted 4' | 'counted 8';

export const OP = {
  MARK: 0x28,
  STOP: 0x2e,
  POP: 0x30,
  BINBYTES: 0x42,
  SHORT_BINBYTES: 0x43,
  FLOAT: 0x46,
  BINFLOAT: 0x47,
  INT: 0x49,
  BININT: 0x4a,
  BININT1: 0x4b,
  LONG: 0x4c,
  BININT2: 0x4d,
  NONE: 0x4e,
  REDUCE: 0x52,
  UNICODE: 0x56,
  BINUNICODE: 0x58,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  BUILD: 0x62,
  GLOBAL: 0x63,
  DICT: 0x64,
  APPENDS: 0x65,
  GET: 0x67,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  LIST: 0x6c,
  PUT: 0x70,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  SETITEM: 0x73,
  TUPLE: 0x74,
  SETITEMS: 0x75,
  EMPTY_TUPLE: 0x29,
  EMPTY_DICT: 0x7d,
  PROTO: 0x80,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE8: 0x8d,
  BINBYTES8: 0x8e,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  STACK_GLOBAL: 0x93,
  MEMOIZE: 0x94,
  FRAME: 0x95,
} as const;

export type Opcode = (typeof OP)[keyof typeof OP];

const WITH_ARGUMENT: ReadonlyMap<Opcode, Argument> = new Map<Opcode, Argument>([
  [OP.BINBYTES, 'counted 4'],
  [OP.SHORT_BINBYTES, 'counted 1'],
  [OP.BINBYTES8, 'counted 8'],
  [OP.FLOAT, 'line'],
  [OP.BINFLOAT, 8],
  [OP.INT, 'line'],
  [OP.BININT, 4],
  [OP.BININT1, 1],
  [OP.BININT2, 2],
  [OP.LONG, 'line'],
  [OP.LONG1, 'counted 1'],
  [OP.UNICODE, 'line'],
  [OP.BINUNICODE, 'counted 4'],
  [OP.SHORT_BINUNICODE, 'counted 1'],
  [OP.BINUNICODE8, 'counted 8'],
  [OP.GLOBAL, 'two lines'],
  [OP.GET, 'line'],
  [OP.BINGET, 1],
  [OP.LONG_BINGET, 4],
  [OP.PUT, 'line'],
  [OP.BINPUT, 1],
  [OP.LONG_BINPUT, 4],
  [OP.PROTO, 1],
  [OP.FRAME, 8],
]);

const ARGUMENTS: ReadonlyMap<number, Argument> = new Map(Object.values(OP).map((opcode) => [opcode, WITH_ARGUMENT.get(opcode) ?? 0]));

/** The argument behind a byte that stands where an opcode must stand; undefined when it is none of ours. */
export function argumentOf(byte: number): Argument | undefined {
  return ARGUMENTS.get(byte);
}

/** Where an argument's own bytes begin and end within `bytes`. */
export interface Span {
  readonly from: number;
  /** May lie beyond the end of `bytes`; Infinity when a line's newline or a length is not there (yet). */
  readonly to: number;
  /** Offset of what comes next. */
  readonly next: number;
}

const NEWLINE = 0x0a;

/** The span of an argument whose first byte is at `offset`. Looks at no byte from `end` on, except for a newline. */
export function spanOf(argument: Argument, bytes: Buffer, offset: number): Span {
  if (typeof argument === 'number') return { from: offset, to: offset + argument, next: offset + argument };
  if (argument === 'line') return lines(bytes, offset, 1);
  if (argument === 'two lines') return lines(bytes, offset, 2);
  const width = argument === 'counted 1' ? 1 : argument === 'counted 4' ? 4 : 8;
  const from = offset + width;
  if (from > bytes.length) return { from, to: Infinity, next: Infinity };
  const length = width === 8 ? Number(bytes.readBigUInt64LE(offset)) : bytes.readUIntLE(offset, width);
  return { from, to: from + length, next: from + length };
}

function lines(bytes: Buffer, from: number, count: number): Span {
  let to = from - 1;
  for (let line = 0; line < count; line++) {
    to = bytes.indexOf(NEWLINE, to + 1);
    if (to === -1) return { from, to: Infinity, next: Infinity };
  }
  return { from, to, next: to + 1 };
}
