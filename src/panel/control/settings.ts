/** Settings of a jail and of the server itself: what a server answers becomes values with units. */
import { AppError } from '../../base/errors';
import { PyFloat, PyTuple, type PyValue } from '../../model/python-repr';
import { countOf, textOf, textsOf } from './answers';

/** What `get JAIL …` tells, by the words of jail.conf. Times in seconds; null is «not set». */
export interface JailSettings {
  /** −1 is for ever. */
  readonly bantime: number;
  readonly findtime: number;
  readonly maxretry: number;
  /** Matched lines kept for a failure. */
  readonly maxmatches: number;
  readonly maxlines: number;
  readonly ignoreip: readonly string[];
  readonly ignoreself: boolean;
  readonly ignorecommand: string | null;
  readonly logpath: readonly string[];
  readonly logencoding: string;
  readonly logtimezone: string | null;
  /** One match in each text, its words as `journalctl` takes them. */
  readonly journalmatch: readonly string[];
  /** `yes`, `warn`, `no` or `raw`. */
  readonly usedns: string;
  /** Null: the default templates. */
  readonly datepattern: string | null;
  readonly prefregex: string | null;
  /** With their tags expanded. */
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  /** Names. */
  readonly actions: readonly string[];
  readonly 'bantime.increment': boolean;
  readonly 'bantime.overalljails': boolean;
  /** An expression, as written. */
  readonly 'bantime.factor': string | null;
  readonly 'bantime.formula': string | null;
  readonly 'bantime.multipliers': string | null;
}

type Readers = { readonly [Name in keyof JailSettings]: (answer: PyValue) => JailSettings[Name] };

const TRUE_WORDS: ReadonlySet<string> = new Set(['1', 'on', 'true', 'yes']);

/** A switch, which old servers answer as it was written, or not at all while nobody set it. */
function switchOf(value: PyValue): boolean {
  return typeof value === 'string' ? TRUE_WORDS.has(value.toLowerCase()) : value === true || value === 1;
}

/** A text that may not be set; a server says that with None, False or an empty text. */
function optionalText(value: PyValue): string | null {
  if (value === null || value === false || value === '') return null;
  if (typeof value === 'number') return String(value);
  return value instanceof PyFloat ? String(value.value) : textOf(value);
}

/** The pattern in `(pattern, name)`. */
function patternOf(value: PyValue): string | null {
  return value instanceof PyTuple ? optionalText(value.items[0] ?? null) : optionalText(value);
}

/** A match is a list of words. */
function matchesOf(value: PyValue): readonly string[] {
  if (!Array.isArray(value)) throw new AppError('PROTOCOL', 'the server’s answer has another shape: journal matches are missing');
  return (value as readonly PyValue[]).map((words) => textsOf(words).join(' '));
}

/** How each setting is read; the keys are what may be asked for. */
export const JAIL_SETTING_READERS: Readers = {
  bantime: countOf,
  findtime: countOf,
  maxretry: countOf,
  maxmatches: countOf,
  maxlines: countOf,
  ignoreip: textsOf,
  ignoreself: switchOf,
  ignorecommand: optionalText,
  logpath: textsOf,
  logencoding: textOf,
  logtimezone: optionalText,
  journalmatch: matchesOf,
  usedns: textOf,
  datepattern: patternOf,
  prefregex: optionalText,
  failregex: textsOf,
  ignoreregex: textsOf,
  actions: textsOf,
  'bantime.increment': switchOf,
  'bantime.overalljails': switchOf,
  'bantime.factor': optionalText,
  'bantime.formula': optionalText,
  'bantime.multipliers': optionalText,
};

/** What `get …` tells of the server itself; null is «not set», or unknown to a server that old. */
export interface ServerSettings {
  readonly loglevel: string | null;
  readonly logtarget: string | null;
  /** `auto` or a path. */
  readonly syslogsocket: string | null;
  /** Null: there is no database. */
  readonly dbfile: string | null;
  /** Seconds. */
  readonly dbpurgeage: number | null;
  /** Matched lines kept for a ban. */
  readonly dbmaxmatches: number | null;
}

/**
 * All settings of the server.
 * @param ask gives the answer to `get NAME`; null when the server does not know the name
 */
export async function readServerSettings(ask: (name: keyof ServerSettings) => Promise<PyValue>): Promise<ServerSettings> {
  const count = (value: PyValue): number | null => (value === null ? null : countOf(value));
  return {
    loglevel: optionalText(await ask('loglevel')),
    logtarget: optionalText(await ask('logtarget')),
    syslogsocket: optionalText(await ask('syslogsocket')),
    dbfile: optionalText(await ask('dbfile')),
    dbpurgeage: count(await ask('dbpurgeage')),
    dbmaxmatches: count(await ask('dbmaxmatches')),
  };
}
