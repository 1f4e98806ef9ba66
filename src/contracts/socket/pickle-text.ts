/** Text and numbers between JavaScript and the bytes of a pickle: UTF-8 with lone surrogates, raw Unicode escapes, long integers. */

const REPLACEMENT = '\ufffd';
const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 in which lone surrogates may stand (Python's `surrogatepass`); null when the bytes are not that. */
export function decodeText(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  if (!text.includes(REPLACEMENT)) return text;
  let result = '';
  let start = 0;
  for (let at = bytes.indexOf(0xed); at !== -1; at = bytes.indexOf(0xed, at + 1)) {
    const second = bytes[at + 1] ?? 0;
    const third = bytes[at + 2] ?? 0;
    if (second < 0xa0 || second > 0xbf || third < 0x80 || third > 0xbf) continue;
    const before = strict(bytes.subarray(start, at));
    if (before === null) return null;
    result += before + String.fromCharCode(0xd000 | ((second & 0x3f) << 6) | (third & 0x3f));
    start = at + 3;
  }
  const rest = strict(bytes.subarray(start));
  return rest === null ? null : result + rest;
}

function strict(bytes: Buffer): string | null {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return null;
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** UTF-8, lone surrogates as Python's `surrogatepass` writes them. */
export function encodeText(text: string): Buffer {
  if (!LONE_SURROGATE.test(text)) return Buffer.from(text, 'utf8');
  const parts = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0xd800 || code > 0xdfff) return Buffer.from(character, 'utf8');
    return Buffer.from([0xed, 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)]);
  });
  return Buffer.concat(parts);
}

/** An escape, or a backslash with the character behind it, which then begins none. */
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U(00(?:0[0-9a-fA-F]|10)[0-9a-fA-F]{4})|([^]))/g;

/** Protocol 0's text: Latin-1, with `\u` and four or `\U` and eight hexadecimal digits for the rest; null when an escape has too few, or is beyond the last character. */
export function decodeRawUnicode(bytes: Buffer): string | null {
  let broken = false;
  const text = bytes.toString('latin1').replace(ESCAPE, (whole, short?: string, long?: string, other?: string) => {
    broken ||= other === 'u' || other === 'U';
    return other === undefined ? String.fromCodePoint(Number.parseInt(short ?? long ?? '', 16)) : whole;
  });
  return broken ? null : text;
}

/** A whole number: plain where JavaScript holds it exactly, a bigint beyond. */
function exactInteger(value: bigint): number | bigint {
  const plain = Number(value);
  return Number.isSafeInteger(plain) ? plain : value;
}

const LONGEST_NUMBER = 700;

/**
 * Protocol 0's whole numbers; null when the text is none. With zeros before them Python reads some as octal, and writes none.
 * @param short of the opcode INT, whose 0 and 1 in two characters are False and True
 */
export function readInteger(bytes: Buffer, short: boolean): number | bigint | boolean | null {
  if (bytes.length > LONGEST_NUMBER) return null;
  const text = bytes.toString('latin1');
  if (short && /^[0+-][01]$/.test(text) && text !== '-1') return text.endsWith('1');
  return /^[+-]?(?:0|[1-9]\d*)$/.test(text) ? exactInteger(BigInt(text.replace('+', ''))) : null;
}

/** Protocol 0's floats; null when the text is none. */
export function readFloat(bytes: Buffer): number | null {
  if (bytes.length > LONGEST_NUMBER) return null;
  const text = bytes.toString('latin1');
  if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d{1,4})?$/i.test(text)) return Number(text);
  if (/^[+-]?inf$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity;
  return text === 'nan' ? NaN : null;
}

/** LONG1's little-endian two's complement. */
export function decodeLong(bytes: Buffer): number | bigint {
  if (bytes.length === 0) return 0;
  if (bytes.length <= 6) return bytes.readIntLE(0, bytes.length);
  const hex = Buffer.from(bytes).reverse().toString('hex');
  return exactInteger(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)));
}

/** The shortest little-endian two's complement of a whole number. */
export function encodeLong(value: bigint): Buffer {
  let width = 1;
  while (BigInt.asIntN(width * 8, value) !== value) width++;
  const hex = BigInt.asUintN(width * 8, value)
    .toString(16)
    .padStart(width * 2, '0');
  return Buffer.from(hex, 'hex').reverse();
}
