/** What servers of fail2ban 0.10 cannot do in one command is put together from those they have. */
import { ServerRefusal } from '../../contracts/socket/client';
import type { Command } from '../../model/command';
import type { PyValue } from '../../model/python-repr';
import type { BannedAddress } from '../../model/status';
import { countOf, jailStatusOf } from './answers';

/** Sends one command; rejects with an AppError. */
export type Send = (command: Command) => Promise<PyValue>;

/** The server does not know the command, or not with these words. */
export function isUnknownCommand(error: unknown): boolean {
  return error instanceof ServerRefusal && error.message.startsWith('Invalid command');
}

/** A value that the server holds to be wrong: before 0.10.5 also an address that is not banned. */
function isWrongValue(error: unknown): boolean {
  return error instanceof ServerRefusal && error.answer.exception.name === 'ValueError';
}

/**
 * How many of several addresses a command changed. Servers before 0.10.5 take one at a time: they answer the first, or refuse it when it is
 * not banned; the others then follow one by one.
 */
export async function changeEach(send: Send, command: Command, ids: readonly string[]): Promise<number> {
  let count = 0;
  try {
    const answer = await send([...command, ...ids]);
    if (typeof answer !== 'string') return countOf(answer);
    count = 1;
  } catch (error) {
    if (!isWrongValue(error) || ids.length < 2) throw error;
  }
  for (const id of ids.slice(1)) {
    try {
      await send([...command, id]);
      count += 1;
    } catch (error) {
      if (!isWrongValue(error)) throw error;
    }
  }
  return count;
}

/** Bans of servers before 0.11.1, which do not tell when one began: it counts from the moment it was first seen here. */
export class FirstSeen {
  private readonly seen = new Map<string, ReadonlyMap<string, number>>();

  /** The bans of a jail. @param now seconds since the epoch */
  async bansOf(send: Send, jail: string, now: number): Promise<readonly BannedAddress[]> {
    const { banned } = jailStatusOf(jail, await send(['status', jail]));
    const bantime = countOf(await send(['get', jail, 'bantime']));
    const before = this.seen.get(jail);
    const times = new Map(banned.map((id) => [id, before?.get(id) ?? now]));
    this.seen.set(jail, times);
    const bans = [...times].map(([id, time]): BannedAddress => ({ jail, id, time, bantime, approximate: true }));
    return bans.sort((a, b) => a.time - b.time);
  }

  /** Forgets jails that are gone. */
  keep(jails: readonly string[]): void {
    for (const jail of this.seen.keys()) if (!jails.includes(jail)) this.seen.delete(jail);
  }
}
