/** What `set JAIL option value…` makes of a JailConfig: a new one. The same table serves the start stream, a reload and a client's command. */
import { matchesGlob } from '../../base/files';
import type { CommandWord } from '../../model/command';
import { canonicalId } from '../../model/address';
import type { BanIncrement, IgnoreCache, JailConfig, UseDns } from '../../model/jail-config';
import { changeAction } from './action-settings';
import { CommandError } from './command-error';
import { booleanWord, integerWord, listWords, secondsWord, textWord } from './setting-values';

type Change = (config: JailConfig, words: readonly CommandWord[]) => JailConfig;

function withIncrement(config: JailConfig, change: Partial<BanIncrement>): JailConfig {
  return { ...config, increment: { ...config.increment, ...change } };
}

/** An expression of `bantime.*`; an empty one removes the option. */
const expression =
  (key: 'factor' | 'formula' | 'multipliers'): Change =>
  (config, [word]) => {
    const text = textWord(word).trim();
    return withIncrement(config, { [key]: text === '' ? null : text });
  };

const limit =
  (key: 'maxtime' | 'rndtime'): Change =>
  (config, [word]) =>
    withIncrement(config, { [key]: textWord(word).trim() === '' ? null : secondsWord(word, `bantime.${key}`) });

const added =
  (key: 'failregex' | 'ignoreregex'): Change =>
  (config, words) => ({ ...config, [key]: [...new Set([...config[key], ...listWords(words)])] });

const removedAt =
  (key: 'failregex' | 'ignoreregex'): Change =>
  (config, [word]) => {
    const index = integerWord(word);
    return { ...config, [key]: config[key].filter((_, at) => at !== index) };
  };

const sameWords = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((word, at) => word === b[at]);

/** A word that is none of them is the safe one. */
function usedns(word: CommandWord | undefined): UseDns {
  const text = textWord(word).toLowerCase();
  if (text === 'yes' || text === 'warn' || text === 'no' || text === 'raw') return text;
  return 'no';
}

/** `key="…", max-count=100, max-time=5m` (jail.conf(5), ignorecache); an empty text switches it off. */
function ignoreCache(text: string): IgnoreCache | null {
  if (text.trim() === '') return null;
  const options = new Map<string, string>();
  for (const match of text.matchAll(/([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^,\s]*))/g)) {
    options.set(match[1] ?? '', match[2] ?? match[3] ?? match[4] ?? '');
  }
  const key = options.get('key');
  if (key === undefined)
    throw new CommandError('builtins.ValueError', `ignorecache: key="…" is wanted, for instance key="<ip>", max-count=100, max-time=5m`);
  return {
    key,
    maxCount: integerWord(options.get('max-count') ?? '300'),
    maxTime: secondsWord(options.get('max-time') ?? '300', 'max-time'),
  };
}

/** The words of `addlogpath` and `addlogglob`. @throws CommandError for a mode that there is not */
export function logPath([path, mode]: readonly CommandWord[]): { path: string; mode: 'head' | 'tail' } {
  const word = mode === undefined ? 'head' : textWord(mode).toLowerCase();
  if (word !== 'head' && word !== 'tail') throw new CommandError('builtins.ValueError', "File option must be 'head' or 'tail'");
  return { path: textWord(path), mode: word };
}

const addedPath =
  (key: 'logpath' | 'logglob'): Change =>
  (config, words) => {
    const entry = logPath(words);
    return config[key].some(({ path }) => path === entry.path) ? config : { ...config, [key]: [...config[key], entry] };
  };

const CHANGES: Readonly<Record<string, Change>> = {
  prefregex: (config, [word]) => ({ ...config, prefregex: textWord(word) }),
  addfailregex: added('failregex'),
  delfailregex: removedAt('failregex'),
  addignoreregex: added('ignoreregex'),
  delignoreregex: removedAt('ignoreregex'),
  maxlines: (config, [word]) => {
    const maxlines = integerWord(word);
    if (maxlines <= 0) throw new CommandError('builtins.ValueError', 'maxlines must be integer greater than zero');
    return { ...config, maxlines };
  },
  datepattern: (config, [word]) => ({ ...config, datepattern: textWord(word) === '' ? null : textWord(word) }),
  usedns: (config, [word]) => ({ ...config, usedns: usedns(word) }),
  maxretry: (config, [word]) => ({ ...config, maxretry: integerWord(word) }),
  maxmatches: (config, [word]) => ({ ...config, maxmatches: integerWord(word) }),
  findtime: (config, [word]) => ({ ...config, findtime: secondsWord(word, 'findtime') }),
  bantime: (config, [word]) => ({ ...config, bantime: Math.trunc(secondsWord(word, 'bantime')) }),
  'bantime.increment': (config, [word]) => withIncrement(config, { increment: booleanWord(word) }),
  'bantime.factor': expression('factor'),
  'bantime.formula': expression('formula'),
  'bantime.multipliers': expression('multipliers'),
  'bantime.maxtime': limit('maxtime'),
  'bantime.rndtime': limit('rndtime'),
  'bantime.overalljails': (config, [word]) => withIncrement(config, { overalljails: booleanWord(word) }),
  ignoreself: (config, [word]) => ({ ...config, ignoreself: booleanWord(word) }),
  addignoreip: (config, words) => ({ ...config, ignoreip: [...new Set([...config.ignoreip, ...listWords(words).map(canonicalId)])] }),
  delignoreip: (config, words) => {
    const gone = new Set(listWords(words).map(canonicalId));
    if ([...gone].some((word) => !config.ignoreip.includes(word))) {
      throw new CommandError('builtins.ValueError', 'list.remove(x): x not in list');
    }
    return { ...config, ignoreip: config.ignoreip.filter((word) => !gone.has(word)) };
  },
  ignorecommand: (config, [word]) => ({ ...config, ignorecommand: textWord(word) }),
  ignorecache: (config, [word]) => ({ ...config, ignorecache: ignoreCache(textWord(word)) }),
  logtimezone: (config, [word]) => ({ ...config, logtimezone: textWord(word) === '' ? null : textWord(word) }),
  logencoding: (config, [word]) => ({ ...config, logencoding: textWord(word) }),
  addlogpath: addedPath('logpath'),
  addlogglob: addedPath('logglob'),
  dellogpath: (config, [word]) => {
    const gone = textWord(word);
    const inGlob = config.logglob.some(({ path }) => matchesGlob(path, gone));
    const logexcept = inGlob && !config.logexcept.includes(gone) ? [...config.logexcept, gone] : config.logexcept;
    return { ...config, logpath: config.logpath.filter(({ path }) => path !== gone), logexcept };
  },
  addjournalmatch: (config, words) => ({ ...config, journalmatch: [...config.journalmatch, listWords(words)] }),
  deljournalmatch: (config, words) => {
    const gone = listWords(words);
    return { ...config, journalmatch: config.journalmatch.filter((match) => !sameWords(match, gone)) };
  },
  addaction: changeAction.add,
  delaction: changeAction.remove,
  action: changeAction.property,
};

/** Names of all options that `set JAIL …` changes in the configuration. */
export const JAIL_SETTINGS: readonly string[] = Object.keys(CHANGES);

export function unknownSetting(name: string): CommandError {
  return new CommandError('builtins.Exception', `Invalid command '${name}' (no set action or not yet implemented)`);
}

/**
 * The configuration after `set JAIL <words>`.
 * @throws CommandError with what would be right
 */
export function changeJail(config: JailConfig, words: readonly CommandWord[]): JailConfig {
  const [option, ...values] = words;
  const name = textWord(option);
  const change = Object.hasOwn(CHANGES, name) ? CHANGES[name] : undefined;
  if (change === undefined) throw unknownSetting(name);
  return change(config, values);
}
