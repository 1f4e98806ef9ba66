/** The control door over fail2ban's socket: works alike with our engine and with the stock server. */
import { AppError } from '../../base/errors';
import { ServerRefusal, SocketClient } from '../../contracts/socket/client';
import type { Command } from '../../model/command';
import { type Availability, NOT_AVAILABLE } from '../../model/availability';
import type { PyValue } from '../../model/python-repr';
import { eventPageOf, explanationOf, healthOf } from './extra-answers';
import { bansOf, countOf, jailNames, jailStatusOf, problemsOf, textOf } from './answers';
import type { Control, ServerInfo } from './control';

export interface EngineControlOptions {
  /** Path of the server's socket. */
  readonly socket: string;
  /** Seconds an answer may take; bans and unbans run commands of the firewall. */
  readonly timeout?: number;
}

const TIMEOUT = 30;
const PING_TIMEOUT = 5;

/** Speaks to the server at a socket. Nothing is sent before the first call; a server that comes later, or another one, is found. */
export function createEngineControl(options: EngineControlOptions): Control {
  const client = new SocketClient({ path: options.socket, timeout: options.timeout ?? TIMEOUT });
  /** Our engine's version, null on the stock server; undefined while unknown: the stock server logs an error for being asked. */
  let ours: string | null | undefined;

  async function send(command: Command, timeout?: number): Promise<PyValue> {
    try {
      return await client.send(command, timeout === undefined ? {} : { timeout });
    } catch (error) {
      // Whoever answers next may be the other server.
      if (error instanceof AppError && error.code === 'SERVER_NOT_RUNNING') ours = undefined;
      throw error;
    }
  }

  async function engineVersion(): Promise<string | null> {
    if (ours !== undefined) return ours;
    try {
      ours = textOf(await send(['bailiff', 'version']));
    } catch (error) {
      if (!(error instanceof ServerRefusal)) throw error;
      ours = null;
    }
    return ours;
  }

  /** A command of our engine's own; the stock server is not asked, it would log an error. */
  async function extra<T>(words: readonly string[], read: (answer: PyValue) => T): Promise<Availability<T>> {
    if ((await engineVersion()) === null) return NOT_AVAILABLE;
    try {
      return { available: true, value: read(await send(['bailiff', ...words])) };
    } catch (error) {
      if (!(error instanceof ServerRefusal && error.message.startsWith('Invalid command'))) throw error;
      ours = undefined;
      return NOT_AVAILABLE;
    }
  }

  return {
    async ping() {
      if ((await send(['ping'], PING_TIMEOUT)) !== 'pong') throw new AppError('PROTOCOL', 'the server answers a ping with something else');
    },

    async info(): Promise<ServerInfo> {
      // A server that was changed without ever being missed is seen here.
      ours = undefined;
      const version = await engineVersion();
      return version === null ? { version: textOf(await send(['version'])), engine: 'fail2ban' } : { version, engine: 'bailiff' };
    },

    async jails() {
      return jailNames(await send(['status']));
    },

    async status(jail) {
      const status = jailStatusOf(jail, await send(['status', plain(jail)]));
      if ((await engineVersion()) === null) return status;
      return { ...status, problems: problemsOf(await send(['bailiff', 'problems'])).filter((problem) => problem.jail === jail) };
    },

    async problems() {
      return (await engineVersion()) === null ? [] : problemsOf(await send(['bailiff', 'problems']));
    },

    async banned() {
      const bans = [];
      for (const jail of jailNames(await send(['status']))) {
        try {
          bans.push(...bansOf(jail, await send(['get', jail, 'banip', '--with-time'])));
        } catch (error) {
          // A jail that was stopped in between has no bans.
          if (!(error instanceof ServerRefusal && error.answer.exception.name === 'UnknownJailException')) throw error;
        }
      }
      return bans;
    },

    async ban(jail, ids) {
      return ids.length === 0 ? 0 : countOf(await send(['set', plain(jail), 'banip', ...ids.map(plain)]));
    },

    async unban(jail, ids) {
      if (ids.length === 0) return 0;
      const words = ids.map(plain);
      return countOf(await send(jail === null ? ['unban', ...words] : ['set', plain(jail), 'unbanip', ...words]));
    },

    events: async (cursor) => extra(['events', ...(cursor === null ? [] : [cursor])], eventPageOf),

    health: async (jail) => extra(['health', ...(jail === null ? [] : [plain(jail)])], healthOf),

    explain: async (jail, line) => extra(['explain', plain(jail), line], explanationOf),

    close: () => client.close(),
  };
}

/** A word that the server cannot take for one of its options (`--all`). */
function plain(word: string): string {
  if (word === '' || word.startsWith('-')) throw new AppError('BAD_ARGUMENT', `'${word}' is neither a jail nor an address`);
  return word;
}
