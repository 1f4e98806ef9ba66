/** Decodes a pickle into plain data: a small stack machine that knows no classes, runs nothing and is bounded in size and depth. */
import { AppError } from '../../base/errors';
import { PyFloat, PyTuple } from '../../model/python-repr';
import type { PyValue } from '../../model/python-repr';
import { OP, argumentOf, spanOf } from './pickle-opcodes';
import type { Opcode } from './pickle-opcodes';
import { decodeLong, decodeRawUnicode, decodeText, readFloat, readInteger } from './pickle-text';
import { PyGlobal, WEIGHT, callGlobal, measure, weightOf } from './pickle-objects';
import type { Item, PickleLimits } from './pickle-objects';

/** For a command that a server reads: a stream of thousands of jails stays below, and it does no harm. */
export const COMMAND_LIMITS: PickleLimits = { maxDepth: 100, maxWeight: 128 * 1024 * 1024 };
/** For an answer that a client reads: a million bans. */
const ANSWER_LIMITS: PickleLimits = { maxDepth: 100, maxWeight: 1024 * 1024 * 1024 };
const HIGHEST_PROTOCOL = 5;

/**
 * The value of a pickle of protocol 0 to 5: lists, tuples, dicts, sets, text, bytes, numbers; exceptions as data.
 * Any other opcode, any other global and anything out of bounds is an AppError PROTOCOL.
 */
export function decodePickle(bytes: Buffer, limits: PickleLimits = ANSWER_LIMITS): PyValue {
  const value = new PickleReader(bytes, limits.maxWeight).run();
  return measure(value, limits);
}

function refuse(reason: string): never {
  throw new AppError('PROTOCOL', `not a message of fail2ban: ${reason}`);
}

class PickleReader {
  private offset = 0;
  private readonly stack: Item[] = [];
  /** Heights of the stack at each open MARK. */
  private readonly marks: number[] = [];
  private readonly memo = new Map<number, Item>();

  /** @param room how much memory may still be taken; what is thrown away again is not given back */
  constructor(
    private readonly bytes: Buffer,
    private room: number,
  ) {}

  run(): Item {
    for (;;) {
      const byte = this.bytes[this.offset];
      if (byte === undefined) refuse('the pickle ends too early');
      const kind = argumentOf(byte);
      if (kind === undefined) refuse(`opcode 0x${byte.toString(16)} at byte ${this.offset} is not allowed`);
      const span = spanOf(kind, this.bytes, this.offset + 1);
      if (span.to > this.bytes.length) refuse('the pickle ends too early');
      this.offset = span.next;
      const opcode = byte as Opcode;
      if (opcode === OP.STOP) {
        if (this.marks.length > 0) refuse('a mark is left open');
        return this.pop();
      }
      this.step(opcode, this.bytes.subarray(span.from, span.to));
    }
  }

  private step(opcode: Exclude<Opcode, typeof OP.STOP>, argument: Buffer): void {
    switch (opcode) {
      case OP.PROTO:
        if ((argument[0] ?? 0) > HIGHEST_PROTOCOL) refuse('unknown pickle protocol');
        return;
      case OP.FRAME:
        return;
      case OP.MARK:
        this.spend(WEIGHT.plain);
        this.marks.push(this.stack.length);
        return;
      case OP.POP:
        if (this.marks.at(-1) === this.stack.length) this.marks.pop();
        else this.pop();
        return;
      case OP.NONE:
        return this.push(null);
      case OP.NEWTRUE:
        return this.push(true);
      case OP.NEWFALSE:
        return this.push(false);
      case OP.INT:
        return this.push(readInteger(argument, true) ?? refuse('a broken number'));
      case OP.LONG:
        return this.push(readInteger(argument.at(-1) === 0x4c ? argument.subarray(0, -1) : argument, false) ?? refuse('a broken number'));
      case OP.BININT:
        return this.push(argument.readInt32LE());
      case OP.BININT1:
        return this.push(argument.readUInt8());
      case OP.BININT2:
        return this.push(argument.readUInt16LE());
      case OP.LONG1:
        return this.push(decodeLong(argument));
      case OP.FLOAT:
        return this.push(float(readFloat(argument) ?? refuse('a broken number')));
      case OP.BINFLOAT:
        return this.push(float(argument.readDoubleBE()));
      case OP.UNICODE:
        return this.push(decodeRawUnicode(argument) ?? refuse('broken text'));
      case OP.BINUNICODE:
      case OP.SHORT_BINUNICODE:
      case OP.BINUNICODE8:
        return this.push(decodeText(argument) ?? refuse('text that is not UTF-8'));
      case OP.BINBYTES:
      case OP.SHORT_BINBYTES:
      case OP.BINBYTES8:
        return this.push(Buffer.from(argument));
      case OP.EMPTY_LIST:
        return this.push([]);
      case OP.LIST:
        return this.push(this.popToMark() as PyValue[]);
      case OP.APPEND:
      case OP.APPENDS:
        return this.append(opcode === OP.APPEND ? [this.pop()] : this.popToMark());
      case OP.EMPTY_TUPLE:
        return this.tuple([]);
      case OP.TUPLE:
        return this.tuple(this.popToMark());
      case OP.TUPLE1:
      case OP.TUPLE2:
      case OP.TUPLE3:
        return this.tuple(this.take(opcode - OP.TUPLE1 + 1));
      case OP.EMPTY_DICT:
        return this.push(new Map());
      case OP.DICT: {
        const items = this.popToMark();
        this.push(new Map());
        return this.setItems(items);
      }
      case OP.SETITEM:
      case OP.SETITEMS:
        return this.setItems(opcode === OP.SETITEM ? this.take(2) : this.popToMark());
      case OP.EMPTY_SET:
        return this.push(new Set<PyValue>());
      case OP.ADDITEMS:
        return this.addItems(this.popToMark());
      case OP.PUT:
      case OP.BINPUT:
      case OP.LONG_BINPUT:
        this.spend(WEIGHT.memo);
        this.memo.set(memoKey(opcode === OP.PUT, argument), this.top());
        return;
      case OP.MEMOIZE:
        this.spend(WEIGHT.memo);
        this.memo.set(this.memo.size, this.top());
        return;
      case OP.GET:
      case OP.BINGET:
      case OP.LONG_BINGET: {
        const item = this.memo.get(memoKey(opcode === OP.GET, argument));
        if (item === undefined) refuse('a memo that was never set');
        this.spend(WEIGHT.plain);
        this.stack.push(item);
        return;
      }
      case OP.GLOBAL: {
        const [module = '', name = ''] = argument.toString('utf8').split('\n');
        return this.push(new PyGlobal(module, name));
      }
      case OP.STACK_GLOBAL: {
        const [module, name] = this.take(2);
        if (typeof module !== 'string' || typeof name !== 'string') refuse('a global without a name');
        return this.push(new PyGlobal(module, name));
      }
      case OP.REDUCE: {
        const [callable, args] = this.take(2);
        const result = callGlobal(callable, args);
        return result === undefined ? refuse('a call that is not allowed') : this.push(result);
      }
      case OP.BUILD: {
        // Some exceptions carry attributes beside their arguments; they are not needed.
        this.pop();
        const target = this.top();
        if (typeof target !== 'object' || target === null || !('exception' in target)) refuse('an object with a state');
      }
    }
  }

  /** Puts a new value on the stack. */
  private push(item: Item): void {
    this.spend(weightOf(item));
    this.stack.push(item);
  }

  private spend(weight: number): void {
    this.room -= weight;
    if (this.room < 0) refuse('a message that takes too much memory');
  }

  private pop(): Item {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) refuse('the stack is empty');
    return this.stack.pop() as Item;
  }

  private top(): Item {
    if (this.stack.length <= (this.marks.at(-1) ?? 0)) refuse('the stack is empty');
    return this.stack.at(-1) as Item;
  }

  private take(count: number): Item[] {
    if (this.stack.length - count < (this.marks.at(-1) ?? 0)) refuse('the stack is empty');
    return this.stack.splice(-count, count);
  }

  private popToMark(): Item[] {
    const height = this.marks.pop() ?? refuse('there is no mark');
    return this.stack.splice(height);
  }

  private tuple(items: readonly Item[]): void {
    // A global that hides in a container is found when the value is measured.
    this.push(new PyTuple(items as readonly PyValue[]));
  }

  private append(items: readonly Item[]): void {
    const target = this.top();
    if (!Array.isArray(target)) refuse('an append to what is no list');
    for (const item of items) (target as Item[]).push(item);
  }

  private setItems(items: readonly Item[]): void {
    const target = this.top();
    if (!(target instanceof Map) || items.length % 2 !== 0) refuse('items for what is no dict');
    for (let index = 0; index < items.length; index += 2) (target as Map<Item, Item>).set(hashable(items[index]), items[index + 1] as Item);
  }

  private addItems(items: readonly Item[]): void {
    const target = this.top();
    if (!(target instanceof Set)) refuse('items for what is no set');
    for (const item of items) (target as Set<Item>).add(hashable(item));
  }
}

function hashable(item: Item | undefined): Item {
  const mutable = Array.isArray(item) || item instanceof Map || item instanceof Set;
  return item === undefined || mutable ? refuse('an unhashable key') : item;
}

function memoKey(text: boolean, argument: Buffer): number {
  if (!text) return argument.readUIntLE(0, argument.length);
  const key = argument.toString('latin1');
  return /^\d{1,10}$/.test(key) ? Number(key) : refuse('a broken memo key');
}

function float(value: number): number | PyFloat {
  return Number.isInteger(value) ? new PyFloat(value) : value;
}
