/** What `get JAIL option` answers: the configuration as fail2ban shows it, in Python's types. */
import { isSingle, parseAddress } from '../../model/address';
import type { ActionConfig, JailConfig } from '../../model/jail-config';
import { PyTuple, type PyValue } from '../../model/python-repr';
import { CommandError } from './command-error';

/** What only the running jail knows: the regexes with their tags expanded, the name of the date pattern, the files. */
export interface FilterFacts {
  readonly prefregex: string;
  readonly failregex: readonly string[];
  readonly ignoreregex: readonly string[];
  readonly dateName: string | null;
  /** Files that are followed now, those that patterns have found among them. */
  readonly files: readonly string[];
}

function isSingleAddress(word: string): boolean {
  const address = parseAddress(word);
  return address !== null && isSingle(address);
}

/** A special word is shown as its pattern, or only by its name. */
function shownDatepattern(datepattern: string | null): string | null {
  if (datepattern === '{NONE}') return '{UNB}^';
  return datepattern !== null && /^(?:\{\^LN-BEG\}|\^)?(?:L?EPOCH|TAI64N)$/i.test(datepattern) ? null : datepattern;
}

type Answer = (config: JailConfig, facts: FilterFacts) => PyValue;

const ANSWERS: Readonly<Record<string, Answer>> = {
  prefregex: (_, facts) => facts.prefregex,
  failregex: (_, facts) => facts.failregex,
  ignoreregex: (_, facts) => facts.ignoreregex,
  maxlines: (config) => config.maxlines,
  datepattern: (config, facts) => new PyTuple<PyValue>([shownDatepattern(config.datepattern), facts.dateName ?? 'Default Detectors']),
  usedns: (config) => config.usedns,
  maxretry: (config) => config.maxretry,
  maxmatches: (config) => config.maxmatches,
  findtime: (config) => config.findtime,
  bantime: (config) => config.bantime,
  'bantime.increment': (config) => config.increment.increment,
  'bantime.factor': (config) => config.increment.factor,
  'bantime.formula': (config) => config.increment.formula,
  'bantime.multipliers': (config) => config.increment.multipliers,
  'bantime.maxtime': (config) => config.increment.maxtime,
  'bantime.rndtime': (config) => config.increment.rndtime,
  'bantime.overalljails': (config) => config.increment.overalljails,
  ignoreself: (config) => config.ignoreself,
  ignoreip: ({ ignoreip }) => [...ignoreip.filter((word) => !isSingleAddress(word)), ...ignoreip.filter(isSingleAddress)],
  ignorecommand: (config) => (config.ignorecommand === '' ? false : config.ignorecommand),
  ignorecache: (config) =>
    config.ignorecache === null ? null : [config.ignorecache.key, config.ignorecache.maxCount, config.ignorecache.maxTime],
  logtimezone: (config) => config.logtimezone,
  logencoding: (config) => (config.logencoding === 'auto' ? 'UTF-8' : config.logencoding),
  logpath: (config, { files }) => [...new Set([...config.logpath.map(({ path }) => path), ...files])],
  journalmatch: ({ backend, journalmatch }) => (backend.startsWith('systemd') ? journalmatch : []),
  actions: (config) => config.actions.map(({ name }) => name),
};

/** The option that a `set` changed is the one that is answered: `addfailregex` → `failregex`. */
function optionOf(word: string): string {
  const bare = word.replace(/^(?:add|del)/, '');
  return bare === 'action' ? 'actions' : Object.hasOwn(ANSWERS, bare) ? bare : word;
}

export function hasAnswer(word: string): boolean {
  return Object.hasOwn(ANSWERS, word);
}

/** What `get JAIL <word>` (or a `set` that changed it) answers. */
export function answerSetting(config: JailConfig, facts: FilterFacts, word: string): PyValue {
  const answer = ANSWERS[optionOf(word)];
  if (answer === undefined) throw new CommandError('builtins.Exception', 'Invalid command (no get action or not yet implemented)');
  return answer(config, facts);
}

/** The action of that name. @throws CommandError */
export function actionOf(config: JailConfig, name: string): ActionConfig {
  const action = config.actions.find((known) => known.name === name);
  if (action === undefined) throw new CommandError('builtins.KeyError', `Invalid Action name: ${name}`);
  return action;
}

/** What `get JAIL action NAME property` answers. @throws CommandError when the action has no such property */
export function actionProperty(action: ActionConfig, key: string): PyValue {
  const found = action.properties.find(([name]) => name === key);
  if (found !== undefined) return found[1];
  if (key === 'timeout') return 60;
  if (/^action(?:start|stop|flush|reload|check|repair|ban|reban|unban)$/.test(key)) return '';
  throw new CommandError('builtins.Exception', `'CommandAction' object has no attribute '${key}'`);
}
