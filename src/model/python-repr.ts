/** Python values as data, and the text that Python's `repr()` makes of them: what fail2ban prints and logs is full of it. */

/** A Python tuple; a plain array is a list. */
export class PyTuple {
  readonly items: readonly PyValue[];
  constructor(...items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A Python float with an integral value (`2.0`): a plain JavaScript integer is an int. */
export class PyFloat {
  constructor(readonly value: number) {}
}

/** An exception, as data: never an object of its class. */
export interface PyException {
  readonly exception: { readonly module: string; readonly name: string; readonly args: readonly PyValue[] };
}

/** Null is None; a Map or a plain object is a dict. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PyTuple
  | PyFloat
  | PyException
  | readonly PyValue[]
  | ReadonlySet<PyValue>
  | ReadonlyMap<PyValue, PyValue>
  | { readonly [key: string]: PyValue };

/** True for an exception that travels as data. */
export function isPyException(value: PyValue): value is PyException {
  if (typeof value !== 'object' || value === null || !('exception' in value)) return false;
  const inner = value.exception;
  return typeof inner === 'object' && inner !== null && 'module' in inner && 'args' in inner && Array.isArray(inner.args);
}

/** Entries of a dict in their order, or null when the value is none. */
export function dictEntries(value: PyValue): readonly (readonly [PyValue, PyValue])[] | null {
  if (value instanceof Map) return [...(value as ReadonlyMap<PyValue, PyValue>)];
  const plain = typeof value === 'object' && value !== null && Object.getPrototypeOf(value);
  return plain === Object.prototype || plain === null ? Object.entries(value as Readonly<Record<string, PyValue>>) : null;
}

/** The text of `repr(value)`. */
export function pythonRepr(value: PyValue): string {
  if (value === null) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (typeof value === 'string') return reprText(value);
  if (typeof value === 'bigint') return value.toString();
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value).toString() : reprFloat(value);
  if (value instanceof PyFloat) return reprFloat(value.value);
  if (value instanceof PyTuple) return `(${list(value.items)}${value.items.length === 1 ? ',' : ''})`;
  if (value instanceof Uint8Array) return reprBytes(value);
  if (Array.isArray(value)) return `[${list(value as readonly PyValue[])}]`;
  if (value instanceof Set) return value.size === 0 ? 'set()' : `{${list([...(value as ReadonlySet<PyValue>)])}}`;
  if (isPyException(value)) return `${value.exception.name}(${list(value.exception.args)})`;
  const entries = dictEntries(value) ?? [];
  return `{${entries.map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`).join(', ')}}`;
}

/** The text of `str(value)`: text stays as it is, an exception gives its message, all else its repr. */
export function pythonStr(value: PyValue): string {
  if (typeof value === 'string') return value;
  return isPyException(value) ? exceptionText(value) : pythonRepr(value);
}

const OS_ERRORS: ReadonlySet<string> = new Set([
  'OSError',
  'FileNotFoundError',
  'FileExistsError',
  'PermissionError',
  'IsADirectoryError',
  'NotADirectoryError',
  'ConnectionRefusedError',
  'BlockingIOError',
]);

function exceptionText({ exception: { name, args } }: PyException): string {
  const [first, second, file] = args;
  if (first === undefined) return '';
  if (second === undefined) return name === 'KeyError' ? pythonRepr(first) : pythonStr(first);
  if (!OS_ERRORS.has(name)) return pythonRepr(new PyTuple(...args));
  return `[Errno ${pythonStr(first)}] ${pythonStr(second)}${file === undefined || file === null ? '' : `: ${pythonRepr(file)}`}`;
}

function list(items: readonly PyValue[]): string {
  return items.map(pythonRepr).join(', ');
}

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
/** What Python does not call printable: categories Other and Separator, the space excepted. */
const UNPRINTABLE = /[\\\p{C}\p{Z}]/gu;

function reprText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(UNPRINTABLE, escapeCharacter);
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function escapeCharacter(character: string): string {
  if (character === ' ') return character;
  const known = ESCAPES[character];
  if (known !== undefined) return known;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}

function reprBytes(bytes: Uint8Array): string {
  const text = Buffer.from(bytes).toString('latin1');
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(
    /[^ -[\]-~]/g,
    (character) => ESCAPES[character] ?? `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `b${quote}${quote === "'" ? escaped.replaceAll("'", "\\'") : escaped}${quote}`;
}

/** Python's shortest float: exponents below 1e-4 and from 1e16, at least two digits of exponent, `.0` on whole numbers. */
function reprFloat(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    const [digits = '', exponent = '0'] = value.toExponential().split('e');
    const power = Number(exponent);
    return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
  }
  const text = String(value);
  return text.includes('.') ? text : `${text}.0`;
}
