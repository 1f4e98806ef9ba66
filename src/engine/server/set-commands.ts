/** `set …` and `multi-set …`: changes of the server, of a jail, and bans by hand. */
import { exists } from '../../base/files';
import { encodingOf } from '../../base/file-encoding';
import type { CommandWord } from '../../model/command';
import type { PyValue } from '../../model/python-repr';
import { CommandError, tooFewWords } from './command-error';
import { actionCall } from './action-methods';
import { actionOf, actionProperty, answerSetting } from './jail-answers';
import { changeJail, JAIL_SETTINGS, unknownSetting } from './jail-settings';
import type { Server } from './server';
import { isServerSetting } from './server-settings';
import { answerServerSetting } from './get-commands';
import { listWords, textWord } from './setting-values';
import type { CommandedJail } from './pending-jail';

type Words = readonly CommandWord[];
type JailHandler = (unit: CommandedJail, values: Words, server: Server) => Promise<PyValue> | PyValue;

const ACTS: Readonly<Record<string, JailHandler>> = {
  idle: (unit, [word]) => unit.setIdle(idleWord(word)),
  banip: (unit, ids) => unit.ban(listWords(ids)),
  attempt: (unit, [id, ...lines]) => unit.attempt(textWord(id), listWords(lines)),
  unbanip: async (unit, words, server) => {
    if (words.length === 0) throw tooFewWords();
    const reportAbsent = words[0] === '--report-absent';
    return await server.unban(unit.name, listWords(reportAbsent ? words.slice(1) : words), reportAbsent);
  },
};

function idleWord(word: CommandWord | undefined): boolean {
  const text = textWord(word);
  if (text === 'on' || text === 'off') return text === 'on';
  throw new CommandError('builtins.Exception', "Invalid idle option, must be 'on' or 'off'");
}

/** What a client asks for must be there: a log file, a way of writing. (In the configuration files they may come later.) @throws CommandError */
function checkWorld(option: string, [value]: Words): void {
  if (option === 'addlogpath' && !exists(textWord(value))) {
    const text = 'No such file or directory';
    throw new CommandError('builtins.FileNotFoundError', `[Errno 2] ${text}: '${textWord(value)}'`, [2, text, textWord(value)]);
  }
  if (option === 'logencoding' && textWord(value) !== 'auto' && encodingOf(textWord(value)) === null) {
    throw new CommandError('builtins.LookupError', `unknown encoding: ${textWord(value)}`);
  }
}

/** `set <name> …`. @throws CommandError */
export async function setCommand(server: Server, words: Words): Promise<PyValue> {
  const [first, option, ...values] = words;
  const name = textWord(first);
  if (isServerSetting(name) && !server.has(name)) {
    await server.change(name, option);
    return answerServerSetting(server, name);
  }
  if (option === undefined) throw tooFewWords();
  const word = textWord(option);
  if (!Object.hasOwn(ACTS, word) && !JAIL_SETTINGS.includes(word)) throw unknownSetting(word);
  const unit = server.unit(name);
  const act = Object.hasOwn(ACTS, word) ? ACTS[word] : undefined;
  if (act !== undefined) return await act(unit, values, server);
  checkWorld(word, values);
  if (word === 'action') {
    const { name: action } = actionOf(unit.config, textWord(values[0]));
    const call = actionCall(values.slice(1), unit.config.bantime);
    if (call !== null) return await unit.callAction(action, call);
  }
  await unit.change(changeJail(unit.config, [option, ...values]));
  return answerChange(unit, word, values);
}

/** What the original answers to a change: the option's new value; for actions the name, nothing, or the property. */
function answerChange(unit: CommandedJail, option: string, values: Words): PyValue {
  if (option === 'addaction') return textWord(values[0]);
  if (option === 'delaction' || option === 'addlogglob') return null;
  if (option === 'action' && typeof values[1] === 'string') {
    return actionProperty(actionOf(unit.config, textWord(values[0])), values[1]);
  }
  return option === 'action' ? null : answerSetting(unit.config, unit.facts, option);
}
