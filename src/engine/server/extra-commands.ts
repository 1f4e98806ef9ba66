/** `bailiff …`: what our engine tells beyond fail2ban's contracts. The stock server answers «Invalid command». */
import { canonicalId, isSingle, parseAddress } from '../../model/address';
import type { CommandWord } from '../../model/command';
import type { JailHealth } from '../../model/health';
import type { JailConfig } from '../../model/jail-config';
import type { PyValue } from '../../model/python-repr';
import { BAILIFF_VERSION } from '../../model/version';
import { compileFilter } from '../filter/compile-filter';
import { ExplainedFilter, LineExplainer } from '../filter/explain-line';
import { CommandError, tooFewWords } from './command-error';
import type { CommandedJail } from './pending-jail';
import type { Server } from './server';
import { listWords, secondsWord, textWord } from './setting-values';

type Words = readonly CommandWord[];

/** A hundred years. */
const LONGEST_BAN = 100 * 365 * 86400;
/** Seconds for which somebody is taken to be at work without having shown it again. */
const LONGEST_SHELTER = 3600;

interface ExtraCommand {
  /** How it is written, behind `bailiff`. */
  readonly usage: string;
  /** What it answers, in a few words. */
  readonly answer: string;
  readonly run: (server: Server, words: Words) => PyValue | Promise<PyValue>;
}

/** Plain data as it goes over the socket: what is undefined is left out. */
function plain(value: object | string | number | boolean | null): PyValue {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return (value as readonly (object | string)[]).map(plain);
  const entries = Object.entries(value as Readonly<Record<string, object | string | number | boolean | null | undefined>>);
  return Object.fromEntries(entries.flatMap(([key, item]) => (item === undefined ? [] : [[key, plain(item)]])));
}

function healthOf(server: Server, unit: CommandedJail): JailHealth {
  const { files } = unit.status('counts');
  return { jail: unit.name, ...server.monitor.measured(unit.name), files, problems: unit.problems() };
}

/** The filter that was explained last: people ask about line after line of a jail. */
let explained: ExplainedFilter | null = null;

function explainedFilter(config: JailConfig): ExplainedFilter {
  const { patterns, problems } = compileFilter(config);
  if (patterns === null) throw new CommandError('builtins.ValueError', problems[0]?.message ?? 'the filter is wrong');
  return new ExplainedFilter(config, patterns);
}

function explain(server: Server, [jail, ...words]: Words): PyValue {
  if (jail === undefined || words.length === 0) throw tooFewWords();
  const { config } = server.unit(textWord(jail));
  explained = explained?.config === config ? explained : explainedFilter(config);
  const now = server.monitor.clock.now();
  const time = config.backend.startsWith('systemd') ? now : undefined;
  return plain(new LineExplainer(explained, now).explain(words.map(textWord).join(' '), now, time));
}

function banFor(server: Server, [jail, seconds, ...ids]: Words): Promise<PyValue> {
  if (jail === undefined || seconds === undefined || ids.length === 0) throw tooFewWords();
  const unit = server.unit(textWord(jail));
  const length = lengthOf(textWord(seconds));
  return unit.banFor(listWords(ids), length);
}

/** Whole seconds, or −1 for ever; times as in jail.conf (`3d`) are taken too. */
function lengthOf(word: string): number {
  const length = Math.trunc(secondsWord(word, 'SECONDS'));
  if (length === -1 || (length > 0 && length <= LONGEST_BAN)) return length;
  throw new CommandError('builtins.ValueError', `'${word}' is no time of a ban: seconds are wanted, or -1 for ever`);
}

function bansOf(server: Server, [jail, ...ids]: Words): PyValue {
  if (jail === undefined || ids.length === 0) throw tooFewWords();
  const bans = server.unit(textWord(jail)).banned([...new Set(listWords(ids).map(canonicalId))]);
  return plain(bans.map(({ id, time, bantime }) => ({ id, time, bantime })));
}

function spare(server: Server, [seconds, id]: Words): PyValue {
  const text = textWord(id);
  const time = secondsWord(textWord(seconds), 'SECONDS');
  const address = parseAddress(text);
  if (address === null || !isSingle(address)) throw new CommandError('builtins.ValueError', `'${text}' is no single address`);
  if (!(time > 0 && time <= LONGEST_SHELTER))
    throw new CommandError('builtins.ValueError', `'${textWord(seconds)}' is no time: 1 to ${LONGEST_SHELTER} seconds are wanted`);
  server.spared?.shelter(address, time);
  return server.spared !== null;
}

export const EXTRA_COMMANDS: Readonly<Record<string, ExtraCommand>> = {
  version: { usage: 'version', answer: 'the version of the engine, a text', run: () => BAILIFF_VERSION },
  problems: { usage: 'problems', answer: 'a list of problems', run: (server) => plain(server.problems()) },
  events: {
    usage: 'events [CURSOR]',
    answer: 'a page of events',
    run: (server, [cursor]) => plain(server.monitor.events.since(cursor === undefined ? null : textWord(cursor))),
  },
  health: {
    usage: 'health [JAIL]',
    answer: 'the health of the jail, or a list with that of all jails',
    run: (server, [jail]) =>
      plain(jail === undefined ? server.units().map((unit) => healthOf(server, unit)) : healthOf(server, server.unit(textWord(jail)))),
  },
  explain: { usage: 'explain JAIL LINE', answer: 'the line explained', run: explain },
  bans: { usage: 'bans JAIL ID…', answer: 'those of them that are banned: `id`, `time` and `bantime` of each', run: bansOf },
  ban: { usage: 'ban JAIL SECONDS ID…', answer: 'how many are banned for that long now', run: banFor },
  spare: {
    usage: 'spare SECONDS ADDRESS',
    answer: 'whether failures do not ban the address for that long: False while `spare` is off',
    run: spare,
  },
};

/** @throws CommandError for a word that is not known */
export async function extraCommand(server: Server, [word, ...words]: Words): Promise<PyValue> {
  const name = textWord(word);
  const command = Object.hasOwn(EXTRA_COMMANDS, name) ? EXTRA_COMMANDS[name] : undefined;
  if (command !== undefined) return await command.run(server, words);
  const known = Object.keys(EXTRA_COMMANDS).join(', ');
  throw new CommandError('builtins.Exception', `Invalid command 'bailiff ${name}': one of ${known} is wanted`);
}
