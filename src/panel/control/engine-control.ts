/** The control door over fail2ban's socket: works alike with our engine and with the stock server. */
import { type Clock, systemClock } from '../../base/clock';
import { AppError } from '../../base/errors';
import { ServerRefusal, SocketClient } from '../../contracts/socket/client';
import type { Command } from '../../model/command';
import { type Availability, NOT_AVAILABLE } from '../../model/availability';
import type { PyValue } from '../../model/python-repr';
import type { BannedAddress } from '../../model/status';
import { eventPageOf, explanationOf, healthOf, listedBansOf } from './extra-answers';
import { bansOf, countOf, isBannedOf, jailNames, jailStatusesOf, jailStatusOf, problemsOf, textOf, textsOf } from './answers';
import type { Control, Reloading, ServerInfo } from './control';
import { changeEach, FirstSeen, isUnknownCommand } from './old-servers';
import { planReload, type ReloadRequest } from './reload';
import { JAIL_SETTING_READERS, readServerSettings } from './settings';

export interface EngineControlOptions {
  /** Path of the server's socket. */
  readonly socket: string;
  /** Seconds an answer may take; bans and unbans run commands of the firewall. */
  readonly timeout?: number;
  /** Seconds that a reload, a start or a stop may take: they wait for the actions of all jails. */
  readonly patience?: number;
  /** The server's configuration folder, which a reload reads. */
  readonly conf?: string;
  readonly clock?: Clock;
}

const TIMEOUT = 30;
const PING_TIMEOUT = 5;
const PATIENCE = 600;
const CONF = '/etc/fail2ban';

/** Speaks to the server at a socket. Nothing is sent before the first call; a server that comes later, or another one, is found. */
export function createEngineControl(options: EngineControlOptions): Control {
  const clock = options.clock ?? systemClock;
  const client = new SocketClient({ path: options.socket, timeout: options.timeout ?? TIMEOUT, clock });
  const firstSeen = new FirstSeen();
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
      if (!isUnknownCommand(error)) throw error;
      ours = undefined;
      return NOT_AVAILABLE;
    }
  }

  const sendSlow = (command: Command): Promise<PyValue> => send(command, options.patience ?? PATIENCE);

  async function bansOfJail(jail: string): Promise<readonly BannedAddress[]> {
    try {
      return bansOf(jail, await send(['get', jail, 'banip', '--with-time']));
    } catch (error) {
      if (!isUnknownCommand(error)) throw error;
      return firstSeen.bansOf(send, jail, clock.now());
    }
  }

  async function reload(request: ReloadRequest): Promise<Reloading> {
    const { command, problems, enabled } = planReload(options.conf ?? CONF, request);
    if (command === null) return { done: false, problems };
    if (request.ifExists === true && !enabled) {
      const message = `the files do not enable the jail '${request.jail ?? ''}'`;
      return {
        done: false,
        problems: [...problems, { severity: 'error', message, ...(request.jail === undefined ? {} : { jail: request.jail }) }],
      };
    }
    await sendSlow(command);
    return { done: true, problems };
  }

  /** Changes a jail's ignore list word by word: servers before 1.0 take one at a time. */
  async function changeIgnored(jail: string, option: 'addignoreip' | 'delignoreip', words: readonly string[]): Promise<readonly string[]> {
    const names = words.map(plain);
    for (const word of names) {
      try {
        await send(['set', plain(jail), option, word]);
      } catch (error) {
        // Python's complaint about a word that is not in a list.
        if (!(option === 'delignoreip' && error instanceof ServerRefusal && error.answer.exception.name === 'ValueError')) throw error;
      }
    }
    return textsOf(await send(['get', plain(jail), 'ignoreip']));
  }

  return {
    async ping() {
      if ((await send(['ping'], Math.min(PING_TIMEOUT, options.timeout ?? TIMEOUT))) !== 'pong')
        throw new AppError('PROTOCOL', 'the server answers a ping with something else');
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

    async status(jail, what) {
      const ours = (await engineVersion()) !== null;
      const status = jailStatusOf(jail, await send(['status', plain(jail), ...(ours && what === 'counts' ? ['short'] : [])]));
      if (!ours) return status;
      return { ...status, problems: problemsOf(await send(['bailiff', 'problems'])).filter((problem) => problem.jail === jail) };
    },

    async statuses() {
      if ((await engineVersion()) !== null) return jailStatusesOf(await send(['status', '--all', 'short']));
      const names = jailNames(await send(['status']));
      return Promise.all(names.map(async (name) => ({ ...jailStatusOf(name, await send(['status', name])), banned: [] })));
    },

    async problems() {
      return (await engineVersion()) === null ? [] : problemsOf(await send(['bailiff', 'problems']));
    },

    async banned() {
      const bans: BannedAddress[] = [];
      const jails = jailNames(await send(['status']));
      firstSeen.keep(jails);
      for (const jail of jails) {
        try {
          bans.push(...(await bansOfJail(jail)));
        } catch (error) {
          // A jail that was stopped in between has no bans.
          if (!(error instanceof ServerRefusal && error.answer.exception.name === 'UnknownJailException')) throw error;
        }
      }
      return bans;
    },

    bannedIn: async (jail) => bansOfJail(plain(jail)),

    bansOf: async (jail, ids) =>
      ids.length === 0
        ? { available: true, value: [] }
        : extra(['bans', plain(jail), ...ids.map(plain)], (answer) => listedBansOf(jail, answer)),

    banFor: async (jail, seconds, ids) =>
      ids.length === 0 ? { available: true, value: 0 } : extra(['ban', plain(jail), String(seconds), ...ids.map(plain)], countOf),

    spare: async (address, seconds) => extra(['spare', String(seconds), plain(address)], (answer) => answer === true),

    async setBantime(jail, seconds) {
      await send(['set', plain(jail), 'bantime', String(Math.trunc(seconds))]);
    },

    async isBanned(jail, id) {
      const words = jail === null ? ['banned', plain(id)] : ['get', plain(jail), 'banned', plain(id)];
      try {
        return isBannedOf(await send(words));
      } catch (error) {
        if (!isUnknownCommand(error)) throw error;
      }
      for (const name of jail === null ? jailNames(await send(['status'])) : [jail]) {
        if (jailStatusOf(name, await send(['status', name])).banned.includes(id)) return true;
      }
      return false;
    },

    ban: async (jail, ids) => (ids.length === 0 ? 0 : changeEach(send, ['set', plain(jail), 'banip'], ids.map(plain))),

    async unban(jail, ids) {
      if (ids.length === 0) return 0;
      return changeEach(send, jail === null ? ['unban'] : ['set', plain(jail), 'unbanip'], ids.map(plain));
    },

    get: async (jail, name) => JAIL_SETTING_READERS[name](await send(['get', plain(jail), name])),

    serverSettings: () =>
      readServerSettings(async (name) => {
        try {
          return await send(['get', name]);
        } catch (error) {
          // An old server takes an unknown name for that of a jail.
          if (error instanceof ServerRefusal) return null;
          throw error;
        }
      }),

    addIgnoreIp: (jail, words) => changeIgnored(jail, 'addignoreip', words),
    delIgnoreIp: (jail, words) => changeIgnored(jail, 'delignoreip', words),

    reload: async (request = {}) => reload(request),
    startJail: async (jail) => reload({ jail: plain(jail), ifExists: true }),
    restartJail: async (jail) => reload({ jail: plain(jail), restart: true }),

    async stopJail(jail) {
      await sendSlow(['stop', plain(jail)]);
    },

    async stop() {
      await sendSlow(['stop']);
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
