/** `set …` and `multi-set …`: changes of the server, of a jail, and bans by hand. */
import type { CommandWord } from '../../model/command';
import type { PyValue } from '../../model/python-repr';
import { tooFewWords } from './command-error';
import { actionOf, actionProperty, answerSetting } from './jail-answers';
import { changeJail } from './jail-settings';
import type { Server } from './server';
import { isServerSetting } from './server-settings';
import { answerServerSetting } from './get-commands';
import { booleanWord, listWords, textWord } from './setting-values';
import type { CommandedJail } from './pending-jail';

type Words = readonly CommandWord[];
type JailHandler = (unit: CommandedJail, values: Words, server: Server) => Promise<PyValue> | PyValue;

const ACTS: Readonly<Record<string, JailHandler>> = {
  idle: (unit, [word]) => unit.setIdle(booleanWord(word)),
  banip: (unit, ids) => unit.ban(listWords(ids)),
  attempt: (unit, [id, ...lines]) => unit.attempt(textWord(id), listWords(lines)),
  unbanip: async (unit, words, server) => {
    const reportAbsent = words[0] === '--report-absent';
    return await server.unban(unit.name, listWords(reportAbsent ? words.slice(1) : words), reportAbsent);
  },
};

/** `set <name> …`. @throws CommandError */
export async function setCommand(server: Server, words: Words): Promise<PyValue> {
  const [first, option, ...values] = words;
  const name = textWord(first);
  if (isServerSetting(name) && !server.has(name)) {
    await server.change(name, option);
    return answerServerSetting(server, name);
  }
  const unit = server.unit(name);
  if (option === undefined) throw tooFewWords();
  const act = ACTS[textWord(option)];
  if (act !== undefined) return await act(unit, values, server);
  await unit.change(changeJail(unit.config, [option, ...values]));
  return answerChange(unit, textWord(option), values);
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
