/** Words of an option into values: Python's idea of booleans, ints and shell words. */

const TRUE_WORDS = new Set(['1', 'on', 'true', 'yes']);
const FALSE_WORDS = new Set(['0', 'off', 'false', 'no', '']);

/** Everything that is not a word for true is false. */
export function toBool(text: string): boolean {
  return TRUE_WORDS.has(text.toLowerCase());
}

/** Whether a text is one of the usual words for true or false. */
export function isBoolWord(text: string): boolean {
  return TRUE_WORDS.has(text.toLowerCase()) || FALSE_WORDS.has(text.toLowerCase());
}

/** A whole number as Python's `int()` reads it (`+5`, ` 1_000 `); null when it is none. */
export function toInt(text: string): number | null {
  const digits = text.trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(digits)) return null;
  const value = Number(digits.replaceAll('_', ''));
  return Number.isSafeInteger(value) ? value : null;
}

/** As Python's `str()` shows it. */
export function toText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** Words as a POSIX shell splits them, comments apart. A quote that is not closed ends with the text. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    if (quote !== '') {
      if (char === quote) quote = '';
      else if (char === '\\' && quote === '"' && (next === '"' || next === '\\')) word = (word ?? '') + text.charAt(++at);
      else word = (word ?? '') + char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (char === '\\') word = (word ?? '') + text.charAt(++at);
    else if (/[ \t\r\n]/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}

/** Words apart by commas and white space, Python's and JavaScript's. */
export function listWords(text: string): string[] {
  return text.split(/[\s\x1c-\x1f\x85,]+/).filter((word) => word !== '');
}

/** Lines that are not empty. */
export function valueLines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}
