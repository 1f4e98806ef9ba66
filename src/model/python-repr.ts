/** Values in the spelling of Python's `repr`: the form in which `-d`, many answers and many log texts show them. */

/** A Python tuple: prints with round brackets, and goes over the socket as a tuple. */
export class PyTuple<T = unknown> {
  constructor(readonly items: readonly T[]) {}
}

/** A Python float with a whole value (`2.0`): a whole JavaScript number is an int. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** An exception as data: never an object of its class. */
export interface PyException {
  readonly exception: { readonly module: string; readonly name: string; readonly args: readonly PyValue[] };
}

/** What a pickle may carry. Null is None; a Map or a plain object is a dict, an array a list. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyTuple<PyValue>
  | PyFloat
  | PyException
  | readonly PyValue[]
  | ReadonlySet<PyValue>
  | ReadonlyMap<PyValue, PyValue>
  | { readonly [key: string]: PyValue };

/** True for an exception that travels as data. */
export function isPyException(value: unknown): value is PyException {
  if (typeof value !== 'object' || value === null || !('exception' in value)) return false;
  const inner = value.exception;
  return typeof inner === 'object' && inner !== null && 'name' in inner && 'args' in inner && Array.isArray(inner.args);
}

/** What Python's `str.isprintable` refuses: controls, formats, surrogates, unassigned, and every space but the plain one. */
const NOT_PRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NEEDS_CARE = /[^\x20-\x26\x28-\x5b\x5d-\x7e]/;

/** `repr(value)` of strings, numbers, booleans, null (`None`), lists, PyTuples, PyFloats, bytes, Sets, Maps, plain objects (dictionaries) and exceptions. */
export function pythonRepr(value: unknown): string {
  if (typeof value === 'string') return reprOfText(value);
  if (typeof value === 'number') return reprOfNumber(value);
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return value.toString();
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (value instanceof PyTuple) return `(${value.items.map(pythonRepr).join(', ')}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${[...value].map(pythonRepr).join(', ')}}`;
  if (value instanceof PyFloat) return reprOfFloat(value.value);
  if (value instanceof Uint8Array) return reprOfBytes(value);
  if (isPyException(value)) return `${value.exception.name}(${value.exception.args.map(pythonRepr).join(', ')})`;
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  return `{${entries.map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
}

function reprOfText(text: string): string {
  if (!NEEDS_CARE.test(text)) return `'${text}'`;
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = '';
  for (const char of text) body += reprOfChar(char, quote);
  return quote + body + quote;
}

function reprOfChar(char: string, quote: string): string {
  if (char === quote || char === '\\') return `\\${char}`;
  if (char === '\n') return '\\n';
  if (char === '\r') return '\\r';
  if (char === '\t') return '\\t';
  if (!NOT_PRINTABLE.test(char)) return char;
  const code = char.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

function reprOfBytes(bytes: Uint8Array): string {
  const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let body = '';
  for (const char of text) body += char < '\x7f' ? reprOfChar(char, quote) : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`;
  return `b${quote}${body}${quote}`;
}

/** Whole numbers print as ints, others as Python's shortest float. */
function reprOfNumber(value: number): string {
  return Number.isInteger(value) ? BigInt(value).toString() : reprOfFloat(value);
}

/** Python's shortest float: `.0` on whole values, exponents (of two digits at least) below 1e-4 and from 1e16. */
function reprOfFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-4 && size < 1e16)) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = ''] = value.toExponential().split('e');
  return `${digits}e${exponent.startsWith('-') ? '-' : '+'}${exponent.slice(1).padStart(2, '0')}`;
}

/** The text of `str(value)`: text stays as it is, an exception gives its message, all else its repr. */
export function pythonStr(value: unknown): string {
  if (typeof value === 'string') return value;
  return isPyException(value) ? messageOfException(value) : pythonRepr(value);
}

function messageOfException({ exception: { name, args } }: PyException): string {
  const [first, second, file] = args;
  if (first === undefined) return '';
  if (second === undefined) return name === 'KeyError' ? pythonRepr(first) : pythonStr(first);
  if (!OS_ERRORS.has(name)) return pythonRepr(new PyTuple(args));
  return `[Errno ${pythonStr(first)}] ${pythonStr(second)}${file === undefined || file === null ? '' : `: ${pythonRepr(file)}`}`;
}

/** Exceptions of the operating system: (number, text, file). */
const OS_ERRORS: ReadonlySet<string> = new Set([
  'OSError',
  'FileNotFoundError',
  'FileExistsError',
  'PermissionError',
  'IsADirectoryError',
  'NotADirectoryError',
]);
