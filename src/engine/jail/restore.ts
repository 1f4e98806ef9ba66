/** Which bans of the database come back to life when a jail starts, and how long they last now. */
import { endOfBan, type BanTicket } from '../../model/ticket';
import type { JailConfig } from '../../model/jail-config';

type RestoreConfig = Pick<JailConfig, 'bantime' | 'increment'>;

/** How far back bans are looked for: the jail's ban time; null (no limit) with growing ban times or a permanent one. */
export function restoreWindow({ bantime, increment }: RestoreConfig): number | null {
  return increment.increment || bantime === -1 ? null : bantime;
}

/**
 * The ban as it is restored under the jail's present options: without growing ban times no longer than the jail's (unless that is permanent),
 * with them no longer than `maxtime`; a ban of unknown length (−2) is as long as the jail's. Null when it has ended.
 */
export function restoredBan(ticket: BanTicket, { bantime, increment }: RestoreConfig, now: number): BanTicket | null {
  let length = ticket.bantime < -1 ? bantime : ticket.bantime;
  const most = increment.increment ? increment.maxtime : bantime === -1 ? null : bantime;
  if (most !== null && (length === -1 || length > most)) length = most;
  const restored: BanTicket = { ...ticket, bantime: length, restored: true };
  return endOfBan(restored) > now ? restored : null;
}
