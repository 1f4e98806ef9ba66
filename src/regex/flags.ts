/** Flags of a pattern: those in effect at a place, and the reading of `(?i)`, `(?i-s:` … as Python 3.11 reads them. */
import type { PatternFlags } from './pattern';
import type { TokenReader } from './reader';
import { PatternError } from './pattern';

export interface Flags {
  readonly ascii: boolean;
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
}

/** Flags as given with the pattern. */
export function flagsOf(options: PatternFlags): Flags {
  return {
    ascii: false,
    ignoreCase: options.ignoreCase ?? false,
    multiline: options.multiline ?? false,
    dotAll: options.dotAll ?? false,
    verbose: options.verbose ?? false,
  };
}

export interface InlineFlags {
  /** True for `(?i)`, false for `(?i:`. */
  readonly global: boolean;
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
}

const LETTERS = 'iLmsxatu';
const TYPES = 'aLu';

/** Whether `token` begins a group of inline flags after `(?`. */
export function isFlagToken(token: string): boolean {
  return token === '-' || isLetter(token);
}

function isLetter(token: string): boolean {
  return token.length === 1 && LETTERS.includes(token);
}

/** Reads flags from their first letter (already taken) up to `)` or `:`. */
export function readFlags(reader: TokenReader, first: string): InlineFlags {
  const added = new Set<string>();
  const removed = new Set<string>();
  let token = first;
  if (token !== '-') token = readAdded(reader, token, added);
  if (token === ')') return { global: true, added, removed };
  if (added.has('t')) throw reader.error('bad inline flags: cannot turn on global flag', 1);
  if (token === '-') readRemoved(reader, removed);
  if (removed.has('t')) throw reader.error('bad inline flags: cannot turn off global flag', 1);
  if ([...added].some((letter) => removed.has(letter))) throw reader.error('bad inline flags: flag turned on and off', 1);
  return { global: false, added, removed };
}

function readAdded(reader: TokenReader, first: string, added: Set<string>): string {
  let token = first;
  for (;;) {
    if (token === 'L') throw reader.error("bad inline flags: cannot use 'L' flag with a str pattern");
    added.add(token);
    if (TYPES.includes(token) && [...added].some((other) => other !== token && TYPES.includes(other))) {
      throw reader.error("bad inline flags: flags 'a', 'u' and 'L' are incompatible");
    }
    token = nextFlag(reader, 'missing -, : or )');
    if (token === ')' || token === '-' || token === ':') return token;
    checkLetter(reader, token, 'missing -, : or )');
  }
}

function readRemoved(reader: TokenReader, removed: Set<string>): void {
  let token = nextFlag(reader, 'missing flag');
  checkLetter(reader, token, 'missing flag');
  for (;;) {
    if (TYPES.includes(token)) throw reader.error("bad inline flags: cannot turn off flags 'a', 'u' and 'L'");
    removed.add(token);
    token = nextFlag(reader, 'missing :');
    if (token === ':') return;
    checkLetter(reader, token, 'missing :');
  }
}

function nextFlag(reader: TokenReader, missing: string): string {
  const token = reader.get();
  if (token === null) throw reader.error(missing);
  return token;
}

function checkLetter(reader: TokenReader, token: string, missing: string): void {
  if (isLetter(token)) return;
  throw reader.error(/^\p{L}$/u.test(token) ? 'unknown flag' : missing, [...token].length);
}

/** The flags in effect behind inline flags. Python calls `a` and `u` together incompatible. */
export function applyFlags(flags: Flags, inline: InlineFlags, source: string, seen: Set<string>): Flags {
  if (inline.global) {
    for (const letter of inline.added) seen.add(letter);
    if (seen.has('a') && seen.has('u')) throw new PatternError('ASCII and UNICODE flags are incompatible', source, null);
  }
  const after = (letter: string, before: boolean) => (before || inline.added.has(letter)) && !inline.removed.has(letter);
  return {
    ascii: inline.added.has('a') || (flags.ascii && !inline.added.has('u')),
    ignoreCase: after('i', flags.ignoreCase),
    multiline: after('m', flags.multiline),
    dotAll: after('s', flags.dotAll),
    verbose: after('x', flags.verbose),
  };
}
