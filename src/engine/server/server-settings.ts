/** What `set loglevel|logtarget|dbfile|…` makes of the server's settings. Defaults as of fail2ban.conf(5). */
import type { CommandWord } from '../../model/command';
import { CommandError } from './command-error';
import { integerWord, secondsWord, textWord } from './setting-values';

export interface ServerSettings {
  readonly loglevel: string;
  readonly logtarget: string;
  readonly syslogsocket: string;
  readonly allowipv6: string;
  /** Null: bans are remembered in memory only. */
  readonly dbfile: string | null;
  readonly dbmaxmatches: number;
  /** Seconds. */
  readonly dbpurgeage: number;
  readonly thread: Readonly<Record<string, CommandWord>>;
}

export const DEFAULT_SETTINGS: ServerSettings = {
  loglevel: 'INFO',
  logtarget: 'STDERR',
  syslogsocket: 'auto',
  allowipv6: 'auto',
  dbfile: null,
  dbmaxmatches: 10,
  dbpurgeage: 86400,
  thread: { stacksize: 0 },
};

type Change = (settings: ServerSettings, word: CommandWord | undefined) => ServerSettings;

const LEVEL_WORDS = ['CRITICAL', 'ERROR', 'WARNING', 'NOTICE', 'INFO', 'MSG', 'DEBUG', 'TRACEDEBUG', 'HEAVYDEBUG'];

function level(word: CommandWord | undefined): string {
  const text = textWord(word).toUpperCase();
  if (LEVEL_WORDS.includes(text) || /^\d{1,2}$/.test(text)) return text;
  throw new CommandError('builtins.ValueError', `Invalid log level '${text}'`);
}

const CHANGES: Readonly<Record<string, Change>> = {
  loglevel: (settings, word) => ({ ...settings, loglevel: level(word) }),
  logtarget: (settings, word) => ({ ...settings, logtarget: textWord(word) }),
  syslogsocket: (settings, word) => ({ ...settings, syslogsocket: textWord(word) }),
  allowipv6: (settings, word) => ({ ...settings, allowipv6: textWord(word) }),
  dbfile: (settings, word) => ({ ...settings, dbfile: /^(none)?$/i.test(textWord(word)) ? null : textWord(word) }),
  dbmaxmatches: (settings, word) => ({ ...settings, dbmaxmatches: integerWord(word) }),
  dbpurgeage: (settings, word) => ({ ...settings, dbpurgeage: secondsWord(word, 'dbpurgeage') }),
  thread: (settings, word) => {
    if (typeof word !== 'object' || word === null || Array.isArray(word))
      throw new CommandError('builtins.ValueError', `'${typeof word === 'string' ? 'str' : 'list'}' object has no attribute 'items'`);
    return { ...settings, thread: { ...settings.thread, ...(word as Readonly<Record<string, CommandWord>>) } };
  },
};

export function isServerSetting(name: string): boolean {
  return Object.hasOwn(CHANGES, name);
}

/** The settings after `set <name> <word>`. @throws CommandError */
export function changeSettings(settings: ServerSettings, name: string, word: CommandWord | undefined): ServerSettings {
  const change = CHANGES[name];
  if (change === undefined)
    throw new CommandError('builtins.Exception', `Invalid command '${name}' (no set action or not yet implemented)`);
  return change(settings, word);
}
