/** `get …`: settings of the server and of a jail, its bans and its actions. */
import type { CommandWord } from '../../model/command';
import type { PyValue } from '../../model/python-repr';
import { bannedWithTime } from './answers';
import { ACTION_METHODS } from './action-methods';
import { CommandError, tooFewWords } from './command-error';
import { actionOf, actionProperty, answerSetting, hasAnswer } from './jail-answers';
import type { CommandedJail } from './pending-jail';
import type { Server } from './server';
import { isServerSetting, type ServerSettings } from './server-settings';
import { textWord } from './setting-values';

type Words = readonly CommandWord[];

/** Properties that every command action has, beside those it was given. */
const PROPERTIES = [
  ...['ESCAPE_CRE', 'ESCAPE_VN_CRE', 'actionban', 'actioncheck', 'actionflush', 'actionreban', 'actionreload', 'actionrepair'],
  ...['actionstart', 'actionstop', 'actionunban', 'banEpoch', 'timeout'],
];

const SERVER_ANSWERS: Readonly<Record<string, (settings: ServerSettings) => PyValue>> = {
  loglevel: ({ loglevel }) => loglevel,
  logtarget: ({ logtarget }) => logtarget,
  syslogsocket: ({ syslogsocket }) => syslogsocket,
  allowipv6: ({ allowipv6 }) => allowipv6,
  dbfile: ({ dbfile }) => dbfile,
  dbmaxmatches: ({ dbfile, dbmaxmatches }) => (dbfile === null ? null : dbmaxmatches),
  dbpurgeage: ({ dbfile, dbpurgeage }) => (dbfile === null ? null : dbpurgeage),
  thread: ({ thread }) => thread as PyValue,
};

export function answerServerSetting(server: Server, name: string): PyValue {
  return SERVER_ANSWERS[name]?.(server.settings) ?? null;
}

function banip(unit: CommandedJail, words: Words): PyValue {
  const bans = unit.banned();
  if (words[0] === '--with-time') return bans.map(bannedWithTime);
  return bans.map(({ id }) => id);
}

function banned(unit: CommandedJail, words: Words): PyValue {
  if (words.length === 0) return unit.banned().map(({ id }) => id);
  const answers = words.map((word) => unit.banned([textWord(word)]).length);
  return answers.length === 1 ? (answers[0] ?? 0) : answers;
}

const OWN_ANSWERS: ReadonlySet<string> = new Set(['banip', 'banned', 'action', 'actionmethods', 'actionproperties']);

/** `get <name> …`. @throws CommandError */
export function getCommand(server: Server, words: Words): PyValue {
  const [first, option, ...values] = words;
  const name = textWord(first);
  if (isServerSetting(name) && !server.has(name)) return answerServerSetting(server, name);
  if (option === undefined) throw tooFewWords();
  const word = textWord(option);
  if (!hasAnswer(word) && !OWN_ANSWERS.has(word)) {
    throw new CommandError('builtins.Exception', 'Invalid command (no get action or not yet implemented)');
  }
  const unit = server.unit(name);
  if (word === 'banip') return banip(unit, values);
  if (word === 'banned') return banned(unit, values);
  if (word === 'action') return actionProperty(actionOf(unit.config, textWord(values[0])), textWord(values[1]));
  if (word === 'actionmethods') {
    actionOf(unit.config, textWord(values[0]));
    return ACTION_METHODS;
  }
  if (word === 'actionproperties') {
    const action = actionOf(unit.config, textWord(values[0]));
    return [...new Set([...PROPERTIES, ...action.properties.map(([key]) => key)])].sort();
  }
  return answerSetting(unit.config, unit.facts, word);
}
