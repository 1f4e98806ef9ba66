/** Reads escapes (`\d`, `\x41`, `\101`, `\1` …) of a pattern, inside and outside of classes, as Python's `re` reads them. */
import type { ClassLetter } from './charset';
import type { TokenReader } from './reader';
import { lengthOf } from './reader';

export type Escape =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'class'; readonly letter: ClassLetter }
  | { readonly kind: 'anchor'; readonly letter: 'A' | 'Z' | 'b' | 'B' }
  | { readonly kind: 'backref'; readonly index: number; readonly length: number };

const CONTROL: Record<string, number> = { a: 7, b: 8, f: 12, n: 10, r: 13, t: 9, v: 11, '\\': 92 };
const HEX = '0123456789abcdefABCDEF';
const OCTAL = '01234567';
const DIGITS = '0123456789';

/** An escape inside `[…]`; `token` is the backslash with its character, already taken. */
export function readClassEscape(reader: TokenReader, token: string): Escape {
  const letter = token.slice(1);
  const control = CONTROL[letter];
  if (control !== undefined) return { kind: 'char', code: control };
  if (isClassLetter(letter)) return { kind: 'class', letter };
  if (OCTAL.includes(letter)) {
    const text = token + reader.getWhile(2, OCTAL);
    return { kind: 'char', code: octal(reader, text) };
  }
  if (DIGITS.includes(letter)) throw badEscape(reader, token);
  return { kind: 'char', code: readNumeric(reader, token) };
}

/** An escape outside of classes. */
export function readEscape(reader: TokenReader, token: string): Escape {
  const letter = token.slice(1);
  if (letter === 'A' || letter === 'Z' || letter === 'b' || letter === 'B') return { kind: 'anchor', letter };
  if (isClassLetter(letter)) return { kind: 'class', letter };
  const control = CONTROL[letter];
  if (control !== undefined) return { kind: 'char', code: control };
  if (letter === '0') return { kind: 'char', code: parseInt(letter + reader.getWhile(2, OCTAL), 8) };
  if (DIGITS.includes(letter)) return readDigits(reader, token);
  return { kind: 'char', code: readNumeric(reader, token) };
}

/** `\12` is a group, `\123` an octal number. */
function readDigits(reader: TokenReader, token: string): Escape {
  let text = token;
  if (reader.next !== null && reader.next.length === 1 && DIGITS.includes(reader.next)) {
    text += reader.get()!;
    const isOctal = OCTAL.includes(text[1]!) && OCTAL.includes(text[2]!);
    if (isOctal && reader.next !== null && reader.next.length === 1 && OCTAL.includes(reader.next)) {
      text += reader.get()!;
      return { kind: 'char', code: octal(reader, text) };
    }
  }
  return { kind: 'backref', index: Number(text.slice(1)), length: text.length };
}

function octal(reader: TokenReader, text: string): number {
  const code = parseInt(text.slice(1), 8);
  if (code > 0o377) throw reader.error(`octal escape value ${text} outside of range 0-0o377`, text.length);
  return code;
}

function readNumeric(reader: TokenReader, token: string): number {
  const letter = token.slice(1);
  switch (letter) {
    case 'x':
      return hexadecimal(reader, token, 2);
    case 'u':
      return hexadecimal(reader, token, 4);
    case 'U':
      return hexadecimal(reader, token, 8);
    case 'N': {
      if (!reader.match('{')) throw reader.error('missing {');
      const name = reader.getUntil('}', 'character name');
      throw reader.error(`undefined character name ${quote(name)}`, lengthOf(name) + 4);
    }
  }
  if (/^[a-zA-Z]$/.test(letter)) throw badEscape(reader, token);
  return letter.codePointAt(0)!;
}

function hexadecimal(reader: TokenReader, token: string, digits: number): number {
  const text = token + reader.getWhile(digits, HEX);
  if (text.length !== digits + 2) throw reader.error(`incomplete escape ${text}`, text.length);
  const code = parseInt(text.slice(2), 16);
  if (code > 0x10ffff) throw badEscape(reader, text);
  return code;
}

function badEscape(reader: TokenReader, text: string): Error {
  return reader.error(`bad escape ${text}`, lengthOf(text));
}

function isClassLetter(letter: string): letter is ClassLetter {
  return letter.length === 1 && 'dDwWsS'.includes(letter);
}

/** A text as Python's repr() shows it. */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = '';
  for (const character of text) out += quoteCharacter(character, mark);
  return mark + out + mark;
}

function quoteCharacter(character: string, mark: string): string {
  if (character === mark || character === '\\') return `\\${character}`;
  const short = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }[character];
  if (short !== undefined) return short;
  if (character === ' ' || !/^[\p{C}\p{Z}]$/u.test(character)) return character;
  const code = character.codePointAt(0)!;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
