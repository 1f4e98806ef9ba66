/** The values of fail2ban's socket: a received value becomes a command, a command's outcome becomes an answer, mistakes become exceptions. */
import type { Command, CommandWord } from '../../model/command';
import { PyFloat, PyTuple, isPyException } from '../../model/python-repr';
import type { PyException, PyValue } from '../../model/python-repr';

/** What a command comes to: a value, or the exception that the client is told. */
export type CommandResult = { readonly result: PyValue } | PyException;

/** An exception of Python itself, e.g. `pythonException('ValueError', 'Action A already exists')`. */
export function pythonException(name: string, ...args: readonly PyValue[]): PyException {
  return { exception: { module: 'builtins', name, args } };
}

/** `fail2ban.exceptions.UnknownJailException`: the client says «Sorry but the jail … does not exist». */
export function unknownJail(jail: string): PyException {
  return { exception: { module: 'fail2ban.exceptions', name: 'UnknownJailException', args: [jail] } };
}

/** An unknown first word. */
export function invalidCommand(): PyException {
  return pythonException('Exception', 'Invalid command');
}

/** The answer as it goes over the wire: `(0, result)` or `(1, exception)`. */
export function answerOf(outcome: CommandResult): PyTuple<PyValue> {
  return isPyException(outcome) ? new PyTuple([1, outcome]) : new PyTuple([0, outcome.result]);
}

/** A received value as a command; null when it is no list (or tuple) of plain words. */
export function commandOf(value: PyValue): Command | null {
  const items = Array.isArray(value) ? (value as readonly PyValue[]) : value instanceof PyTuple ? value.items : null;
  return items === null ? null : wordsOf(items);
}

function wordsOf(items: readonly PyValue[]): readonly CommandWord[] | null {
  const words: CommandWord[] = [];
  for (const item of items) {
    const word = wordOf(item);
    if (word === undefined) return null;
    words.push(word);
  }
  return words;
}

function wordOf(value: PyValue): CommandWord | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof PyFloat) return value.value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (value instanceof PyTuple) return wordsOf(value.items) ?? undefined;
  if (Array.isArray(value)) return wordsOf(value as readonly PyValue[]) ?? undefined;
  if (value instanceof Set) return wordsOf([...(value as ReadonlySet<PyValue>)]) ?? undefined;
  if (!(value instanceof Map)) return undefined;
  const words = Object.create(null) as Record<string, CommandWord>;
  for (const [key, item] of value as ReadonlyMap<PyValue, PyValue>) {
    const word = wordOf(item);
    if (typeof key !== 'string' || word === undefined) return undefined;
    words[key] = word;
  }
  return words;
}
