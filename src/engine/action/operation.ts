/** What an action does to tickets: which of its commands, what it is called when it fails, and what it means where the command's text is known. */
import { AppError, messageOf } from '../../base/errors';
import { familyOf } from './ticket-values';
import type { BanTicket } from '../../model/ticket';
import type { Family } from './static-tags';
import type { Purpose } from './bulk/shape';

export interface Operation {
  readonly command: 'actionban' | 'actionreban' | 'actionunban' | 'actionprolong';
  readonly doing: string;
  readonly purpose: Purpose;
}

export const BAN: Operation = { command: 'actionban', doing: 'banning', purpose: 'ban' };
export const REBAN: Operation = { command: 'actionreban', doing: 'rebanning', purpose: 'ban' };
export const UNBAN: Operation = { command: 'actionunban', doing: 'unbanning', purpose: 'unban' };
export const PROLONG: Operation = { command: 'actionprolong', doing: 'prolonging', purpose: 'prolong' };
export const COMMANDS: Readonly<Record<Purpose, Operation['command']>> = {
  ban: 'actionban',
  unban: 'actionunban',
  prolong: 'actionprolong',
};

/** Null, or what went wrong. */
export async function attempt(work: () => Promise<void>): Promise<Error | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return error instanceof Error ? error : new AppError('ACTION_FAILED', messageOf(error));
  }
}

/** Tickets that go together: those of a family where many are made in one run, else each alone, in order. */
export function groupsOf(tickets: readonly BanTicket[], bulk: boolean): readonly (readonly [Family, readonly BanTicket[]])[] {
  if (!bulk) return tickets.map((ticket) => [familyOf(ticket), [ticket]]);
  const groups = new Map<Family, BanTicket[]>();
  for (const ticket of tickets) {
    const family = familyOf(ticket);
    const group = groups.get(family);
    if (group === undefined) groups.set(family, [ticket]);
    else group.push(ticket);
  }
  return [...groups];
}
