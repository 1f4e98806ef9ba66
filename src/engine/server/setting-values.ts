/** Turns the words of `set` commands into typed values, as Python's server does; a wrong word is a CommandError that says what would be right. */
import { parseDuration } from '../../base/duration';
import { messageOf } from '../../base/errors';
import type { CommandWord } from '../../model/command';
import { pythonRepr } from '../../model/python-repr';
import { CommandError, tooFewWords } from './command-error';

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'on', 'true', 'yes']);

/** The word as text; a missing one is an IndexError. */
export function textWord(word: CommandWord | undefined): string {
  if (word === undefined) throw tooFewWords();
  return word === null ? '' : typeof word === 'object' ? JSON.stringify(word) : String(word);
}

/** `1`, `on`, `true`, `yes` are true, everything else is false (jail.conf(5)). */
export function booleanWord(word: CommandWord | undefined): boolean {
  return word === true || TRUE_WORDS.has(textWord(word).toLowerCase());
}

/** An integer as Python's `int()` takes it. */
export function integerWord(word: CommandWord | undefined): number {
  const text = textWord(word).trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(text)) {
    throw new CommandError('builtins.ValueError', `invalid literal for int() with base 10: ${pythonRepr(textWord(word))}`);
  }
  return Number(text.replaceAll('_', ''));
}

/** Seconds of a time such as `600`, `10m`, `1d12h`. */
export function secondsWord(word: CommandWord | undefined, option: string): number {
  try {
    return parseDuration(typeof word === 'number' ? word : textWord(word));
  } catch (error) {
    throw new CommandError('builtins.ValueError', `${option}: ${messageOf(error)}`);
  }
}

/** A list given as one word (`multi-set`) or as the rest of the words. */
export function listWords(words: readonly CommandWord[]): string[] {
  const [first] = words;
  return (Array.isArray(first) ? (first as readonly CommandWord[]) : words).map((word) => textWord(word));
}
