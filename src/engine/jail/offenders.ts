/** What earlier bans of somebody mean: fewer attempts until the next ban, and a longer one. Decides; changes nothing. */
import { endOfBan, type BanTicket } from '../../model/ticket';
import type { BanTimeRule } from './ban-time';
import type { EarlierBans } from '../../contracts/database/ban-store';
import type { JailEvent } from '../../model/event';

export interface FasterBan {
  /** Attempts to be added to those already counted. */
  readonly more: number;
  readonly event: JailEvent;
}

/**
 * How a failure of a known offender weighs: as 2, 3, 5, 9 … attempts after 1, 2, 3, 4 … bans, never more than maxretry.
 * Null when the failure is older than the last ban, or weighs as one.
 */
export function fasterBan(jail: string, id: string, time: number, earlier: EarlierBans | null, maxRetry: number): FasterBan | null {
  if (earlier === null || earlier.bancount < 1 || time <= earlier.time) return null;
  const weight = 2 ** (Math.min(earlier.bancount, 20) - 1) + 1;
  const capped = maxRetry < weight;
  const retry = capped ? maxRetry : weight;
  if (retry <= 1) return null;
  return {
    more: retry - 1,
    event: {
      kind: 'found-bad',
      jail,
      id,
      time,
      bans: earlier.bancount,
      // Python prints its own result as a float, and a configured limit as the integer it is.
      retry: capped ? String(retry) : `${retry}.0`,
      ban: retry >= maxRetry,
    },
  };
}

export interface LongerBan {
  readonly ticket: BanTicket;
  /** False when it is not newer than the last known ban: read twice from a log, it is not written down again. */
  readonly isNew: boolean;
  /** What is to be told after the ban. */
  readonly events: readonly JailEvent[];
  /** Seconds until actions are asked to prolong the ban; null when it did not grow. */
  readonly prolongAfter: number | null;
}

/**
 * The ban of a known offender: counted on, and as long as the rule says.
 * @param base the jail's ban time, seconds; a permanent ban does not grow
 */
export function longerBan(jail: string, ticket: BanTicket, base: number, earlier: EarlierBans | null, rule: BanTimeRule): LongerBan {
  if (earlier === null || base === -1) return { ticket, isNew: true, events: [], prolongAfter: null };
  const count = earlier.bancount;
  const bancount = count >= ticket.bancount ? count + 1 : ticket.bancount;
  const bantime = count > 0 ? rule(base, count) : base;
  const isNew = ticket.time > earlier.time;
  const longer: BanTicket = { ...ticket, bancount, bantime };
  const events: JailEvent[] = [];
  if (isNew) events.push({ kind: 'is-bad', jail, id: ticket.id, bans: count, last: earlier.time, from: base, to: bantime });
  const growth = bantime - base;
  if (growth > 0) events.push({ kind: 'increase-ban', jail, id: ticket.id, bancount, bantime, end: endOfBan(longer) });
  return { ticket: longer, isNew, events, prolongAfter: growth > 0 ? Math.max(0, Math.min(10, growth - 5)) : null };
}
