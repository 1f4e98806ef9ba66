/** What a pickle's calls become (text, sets, bytes, exceptions as data; nothing else), and the measure of a decoded value. */
import { AppError } from '../../base/errors';
import { PyTuple, isPyException } from '../../model/python-repr';
import type { PyException, PyValue } from '../../model/python-repr';

/** The name of a Python object: never looked up, only compared. */
export class PyGlobal {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}
}

/** What lies on the decoder's stack. */
export type Item = PyValue | PyGlobal;

export interface PickleLimits {
  /** How deep containers may be nested. */
  readonly maxDepth: number;
  /** Bytes of memory, roughly: while a value is decoded, and of the value with its shared parts written out. */
  readonly maxWeight: number;
}

/** Bytes of memory that values take, roughly; texts and bytes take their length besides. */
export const WEIGHT = { plain: 16, text: 32, bytes: 160, tuple: 96, container: 208, memo: 48 } as const;

/** Python 2's names, which protocols 0 to 2 write. */
const OLD_MODULES: Readonly<Record<string, string>> = { __builtin__: 'builtins', exceptions: 'builtins' };
const EXCEPTION_NAME = /^[A-Za-z_]\w{0,60}(?<=Error|Exception|error|Warning|Exit|Interrupt|Iteration)$/;
const MODULE_NAME = /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*){0,10}$/;

/** The plain data that a call stands for; undefined when the call is not one of the few that are allowed. */
export function callGlobal(callable: Item | undefined, args: Item | undefined): PyValue | undefined {
  if (!(callable instanceof PyGlobal) || !(args instanceof PyTuple)) return undefined;
  const module = OLD_MODULES[callable.module] ?? callable.module;
  const [first, second] = args.items;
  if (module === 'builtins' && callable.name === 'str') return first === undefined ? '' : typeof first === 'string' ? first : undefined;
  if (module === 'builtins' && callable.name === 'set') return Array.isArray(first) ? new Set(first as readonly PyValue[]) : undefined;
  if (module === 'builtins' && callable.name === 'bytes') return first === undefined ? Buffer.alloc(0) : undefined;
  if (module === '_codecs' && callable.name === 'encode') {
    return typeof first === 'string' && second === 'latin1' ? Buffer.from(first, 'latin1') : undefined;
  }
  if (!MODULE_NAME.test(module) || !EXCEPTION_NAME.test(callable.name)) return undefined;
  const data: PyException = { exception: { module, name: callable.name, args: args.items } };
  return data;
}

interface Size {
  readonly weight: number;
  readonly height: number;
}

/**
 * The value itself, once it is known to be plain and bounded: no global, nothing that contains itself, not too deep, and not too large
 * even when every shared part is written out.
 */
export function measure(value: Item, limits: PickleLimits): PyValue {
  const known = new Map<object, Size | null>();
  const sizeOf = (item: Item, depth: number): Size => {
    if (typeof item === 'string') return { weight: WEIGHT.text + item.length, height: 0 };
    if (typeof item !== 'object' || item === null) return { weight: WEIGHT.plain, height: 0 };
    if (item instanceof PyGlobal) refuse('a global');
    if (item instanceof Uint8Array) return { weight: WEIGHT.bytes + item.length, height: 0 };
    const before = known.get(item);
    if (before === null) refuse('a value that contains itself');
    if (depth + (before?.height ?? 0) > limits.maxDepth) refuse('a value that is nested too deeply');
    if (before !== undefined) return before;
    known.set(item, null);
    let weight: number = item instanceof PyTuple ? WEIGHT.tuple : WEIGHT.container;
    let height = 0;
    for (const member of members(item)) {
      const size = sizeOf(member, depth + 1);
      weight += size.weight;
      height = Math.max(height, size.height + 1);
      if (weight > limits.maxWeight) refuse('a value that is too large');
    }
    const size = { weight, height };
    known.set(item, size);
    return size;
  };
  sizeOf(value, 0);
  return value as PyValue;
}

/** The memory that a value takes while it is decoded, its members not counted. */
export function weightOf(item: Item): number {
  if (typeof item === 'string') return WEIGHT.text + item.length;
  if (typeof item !== 'object' || item === null) return WEIGHT.plain;
  if (item instanceof PyTuple) return WEIGHT.tuple;
  return item instanceof Uint8Array ? WEIGHT.bytes + item.length : WEIGHT.container;
}

function* members(item: object & PyValue): Iterable<Item> {
  if (item instanceof PyTuple) yield* item.items;
  else if (item instanceof Map) for (const [key, member] of item as ReadonlyMap<PyValue, PyValue>) yield* [key, member];
  else if (Array.isArray(item) || item instanceof Set) yield* item as Iterable<PyValue>;
  else if (isPyException(item)) yield* item.exception.args;
}

function refuse(reason: string): never {
  throw new AppError('PROTOCOL', `not a message of fail2ban: ${reason}`);
}
