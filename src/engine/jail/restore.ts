/** Which bans of the database come back to life when a jail starts, and how long they last now. */
import { endOfBan, type BanTicket } from '../../model/ticket';
import type { JailConfig } from '../../model/jail-config';

type RestoreConfig = Pick<JailConfig, 'bantime' | 'increment'>;

/** Mark of a ban whose length was given by hand, among its data: the jail's options do not change it. */
export const OWN_LENGTH = 'ownbantime';

/** How far back bans count: the jail's ban time; null (no limit) with growing ban times or a permanent one. */
function restoreWindow({ bantime, increment }: RestoreConfig): number | null {
  return increment.increment || bantime === -1 ? null : bantime;
}

/**
 * The ban as it is restored under the jail's present options: without growing ban times no longer than the jail's (unless that is permanent),
 * with them no longer than `maxtime`; a ban of unknown length (−2) is as long as the jail's. Null when it has ended, or began too long ago.
 * A ban whose length was given by hand stays as it is.
 */
export function restoredBan(ticket: BanTicket, config: RestoreConfig, now: number): BanTicket | null {
  if (ticket.data.captured[OWN_LENGTH] !== undefined) return endOfBan(ticket) > now ? { ...ticket, restored: true } : null;
  const { bantime, increment } = config;
  const window = restoreWindow(config);
  if (window !== null && ticket.time <= now - window) return null;
  let length = ticket.bantime < -1 ? bantime : ticket.bantime;
  const most = increment.increment ? increment.maxtime : bantime === -1 ? null : bantime;
  if (most !== null && (length === -1 || length > most)) length = most;
  const restored: BanTicket = { ...ticket, bantime: length, restored: true };
  return endOfBan(restored) > now ? restored : null;
}

/** A ban with a length of its own, which ends so many seconds from now (−1: never); and whether it ends later than before. */
export function ownLength(ticket: BanTicket, length: number, now: number): { readonly ticket: BanTicket; readonly grew: boolean } {
  const bantime = length === -1 ? -1 : Math.round(now - ticket.time) + length;
  const captured = { ...ticket.data.captured, [OWN_LENGTH]: 'yes' };
  const changed: BanTicket = { ...ticket, bantime, data: { ...ticket.data, captured } };
  return { ticket: changed, grew: endOfBan(changed) > endOfBan(ticket) };
}
