/** Carries out one command of the socket: finds its row in the table, gives it the server, and turns the outcome into an answer. */
import { AppError, messageOf } from '../../base/errors';
import type { Command, CommandWord } from '../../model/command';
import { secretValues, withoutSecretWords, withoutValues } from '../../model/secret';
import { pythonRepr, type PyException, type PyValue } from '../../model/python-repr';
import { FAIL2BAN_PARITY } from '../../model/version';
import { FLAVORS, jailStatistics, jailStatus, listsBans, serverStatus } from './answers';
import { CommandError, tooFewWords } from './command-error';
import { getCommand } from './get-commands';
import type { Server } from './server';
import type { CommandedJail } from './pending-jail';
import { setCommand } from './set-commands';
import { listWords, textWord } from './setting-values';
import { extraCommand } from './extra-commands';

type Words = readonly CommandWord[];
type Handler = (server: Server, words: Words) => Promise<PyValue> | PyValue;

/** Ours: `stop --keep-bans` ends the server and leaves the bans in the firewall, for a restart without a gap. */
const KEEP_BANS = '--keep-bans';

const asCommands = (word: CommandWord | undefined): Command[] => {
  if (!Array.isArray(word)) throw tooFewWords();
  return (word as readonly CommandWord[]).filter((item): item is Command => Array.isArray(item));
};

async function reload(server: Server, [name, options, stream]: Words): Promise<PyValue> {
  const words = new Set(options === undefined ? [] : listWords([options]));
  const jail = textWord(name);
  await server.reload(jail === '--all' ? null : jail, asCommands(stream), {
    restart: words.has('--restart'),
    unban: words.has('--unban'),
    ifExists: words.has('--if-exists'),
  });
  return 'OK';
}

function status(server: Server, [name, flavorWord]: Words): PyValue {
  if (name === undefined) return serverStatus(server.names());
  const flavor = flavorWord === undefined ? 'basic' : textWord(flavorWord);
  if (!FLAVORS.includes(flavor)) {
    const message = `Unsupported extended jail status flavor ${pythonRepr(flavor)}. Supported: ${pythonRepr(FLAVORS)}`;
    server.logger.log('WARNING', 'fail2ban.actions', message);
  }
  const statusOf = (unit: CommandedJail): PyValue =>
    jailStatus(unit.status(listsBans(flavor) ? undefined : 'counts'), flavor, unit.config.backend);
  if (name !== '--all') return statusOf(server.unit(textWord(name)));
  const all: PyValue = new Map(inOrder(server).map((unit) => [unit.name, statusOf(unit)]));
  return flavor === 'stats' ? all : [...(serverStatus(server.names()) as readonly PyValue[]), all];
}

/** The jails by their names. */
function inOrder(server: Server): readonly CommandedJail[] {
  return [...server.units()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function statistics(server: Server): PyValue {
  return new Map(inOrder(server).map((unit) => [unit.name, jailStatistics(unit.status('counts'), unit.config.backend)]));
}

async function unban(server: Server, words: Words): Promise<PyValue> {
  if (words.length === 0) throw new CommandError('builtins.Exception', 'Invalid command');
  return await server.unban(null, words[0] === '--all' ? null : listWords(words));
}

function banned(server: Server, words: Words): PyValue {
  const units = server.units();
  if (words.length === 0) return units.map((unit) => ({ [unit.name]: unit.banned().map(({ id }) => id) }));
  return words.map((id) => units.filter((unit) => unit.banned([textWord(id)]).length > 0).map(({ name }) => name));
}

async function stop(server: Server, words: Words): Promise<PyValue> {
  if (words.length === 0) await server.quit();
  else if (words[0] === KEEP_BANS) await server.quit(true);
  else if (words[0] === '--all') await server.stopJails();
  else await server.stopJail(textWord(words[0]));
  return null;
}

const COMMANDS: Readonly<Record<string, Handler>> = {
  ping: () => 'pong',
  version: () => FAIL2BAN_PARITY,
  'server-status': () => 'Server ready',
  status,
  stats: statistics,
  statistic: statistics,
  statistics,
  echo: (_, words) => words.map((word) => textWord(word)),
  sleep: (server, words) => server.pause(textWord(words[0])),
  flushlogs: (server) => server.flushLogs(),
  add: (server, words) => server.addJail(textWord(words[0]), words[1] === undefined ? 'auto' : textWord(words[1])),
  start: (server, words) => server.startJail(textWord(words[0])),
  stop,
  reload,
  'server-stream': (server, [stream]) => server.apply(asCommands(stream)),
  'config-error': (server, words) => server.tellConfigError(textWord(words[0])),
  unban,
  banned,
  set: setCommand,
  'multi-set': setCommand,
  get: getCommand,
  bailiff: extraCommand,
};

/** Names of the first words that a client may send. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The outcome of a command: never rejects; what went wrong is an exception as data, told in the log as the original tells it. */
export async function dispatch(server: Server, command: Command): Promise<{ readonly result: PyValue } | PyException> {
  try {
    const [verb, ...words] = command;
    const handler = typeof verb === 'string' && Object.hasOwn(COMMANDS, verb) ? COMMANDS[verb] : undefined;
    if (handler === undefined) throw verb === undefined ? tooFewWords() : new CommandError('builtins.Exception', 'Invalid command');
    return { result: await handler(server, words) };
  } catch (error) {
    if (!(error instanceof CommandError || error instanceof AppError)) throw error;
    const answer = error instanceof CommandError ? error.answer : new CommandError('builtins.RuntimeError', messageOf(error)).answer;
    const secrets: string[] = [];
    const text = `Command ${pythonRepr(withoutSecretWords(command, secrets))} has failed. Received ${pythonRepr(answer)}`;
    server.logger.log('ERROR', 'fail2ban.transmitter', withoutValues(text, secretValues(secrets)));
    return answer;
  }
}
