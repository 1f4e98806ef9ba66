/** What `set JAIL action NAME METHOD [JSON]` has an action do: the methods of the original's command actions that do something. */
import { AppError, messageOf } from '../../base/errors';
import type { CommandWord } from '../../model/command';
import type { PyValue } from '../../model/python-repr';
import type { BanTicket } from '../../model/ticket';
import type { JailAction } from '../action/jail-action';
import { CommandError } from './command-error';
import { textWord } from './setting-values';

/** As `get JAIL actionmethods NAME` lists them. */
export const ACTION_METHODS =
  'ban clearAllParams consistencyCheck escapeTag executeCmd flush invalidateBanEpoch prolong reban reload replaceDynamicTags replaceTag start stop unban'.split(
    ' ',
  );

type Method = (action: JailAction, ticket: () => BanTicket) => Promise<PyValue>;

/** Rejects with what went wrong for the one ticket. */
async function one(done: Promise<readonly (Error | null)[]>): Promise<null> {
  const [error = null] = await done;
  if (error !== null) throw error;
  return null;
}

const CALLS: Readonly<Record<string, Method>> = {
  start: (action) => action.start().then(() => true),
  stop: (action) => action.stop().then(() => true),
  flush: (action) => action.flush().then(() => true),
  reload: (action) => action.reload().then(() => true),
  consistencyCheck: (action) => action.check().then(() => true),
  ban: (action, ticket) => one(action.ban([ticket()])),
  reban: (action, ticket) => one(action.reban?.([ticket()]) ?? action.ban([ticket()])),
  unban: (action, ticket) => one(action.unban([ticket()])),
  prolong: (action, ticket) => one(action.prolong([ticket()])),
};

function argumentsOf(word: CommandWord | undefined): Readonly<Record<string, unknown>> {
  if (word === undefined) return {};
  try {
    const parsed: unknown = JSON.parse(textWord(word));
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed as Record<string, unknown>;
  } catch {
    // told below: whatever it was, it is not an object
  }
  throw new CommandError('builtins.ValueError', 'the arguments of a method are wanted as a JSON object');
}

/** The ticket that `{"aInfo": {"ip": …}}` describes. */
function ticketOf(aInfo: unknown, now: number, bantime: number): BanTicket {
  const info = (typeof aInfo === 'object' && aInfo !== null ? aInfo : {}) as Readonly<Record<string, unknown>>;
  if (typeof info['ip'] !== 'string' || info['ip'] === '') {
    throw new CommandError('builtins.TypeError', 'aInfo is wanted, with the address as its ip');
  }
  const number = (name: string, otherwise: number): number => (typeof info[name] === 'number' ? info[name] : otherwise);
  const data = { failures: number('failures', 0), matches: [], captured: {} };
  return { id: info['ip'], time: number('time', now), bantime: number('bantime', bantime), bancount: 1, restored: false, data };
}

/**
 * Makes the call, to be made on the action; null when the word names no method but a property.
 * @throws CommandError for arguments that are wrong, and for methods that do nothing but compute
 */
export function actionCall(words: readonly CommandWord[], bantime: number): ((action: JailAction, now: number) => Promise<PyValue>) | null {
  const [key, given] = words;
  if (typeof key !== 'string' || !ACTION_METHODS.includes(key)) return null;
  const method = Object.hasOwn(CALLS, key) ? CALLS[key] : undefined;
  if (method === undefined) throw new CommandError('builtins.Exception', `the method '${key}' of an action cannot be called`);
  const { aInfo, ...others } = argumentsOf(given);
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new CommandError('builtins.TypeError', `${key}() got an unexpected keyword argument '${unknown}'`);
  return async (action, now) => {
    try {
      return await method(action, () => ticketOf(aInfo, now, bantime));
    } catch (error) {
      throw error instanceof AppError ? new CommandError('builtins.RuntimeError', messageOf(error)) : error;
    }
  };
}
