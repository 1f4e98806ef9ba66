/** The door of this room: what a jail asks of one of its actions. Every call resolves when the work is done; failures reject with an AppError. */
import type { BanTicket } from '../../model/ticket';

export interface JailAction {
  readonly name: string;
  /** Restored bans are not told to an action with `norestored`. */
  readonly norestored: boolean;
  /** True when the action can prolong a ban in place. */
  readonly canProlong: boolean;
  /** True when `flush` undoes all bans at once. */
  readonly canFlush: boolean;
  /** Grows with every repair of the environment, also one that a ban brought about: then all earlier bans must be applied again. */
  readonly banEpoch?: number;
  start(): Promise<void>;
  stop(): Promise<void>;
  reload(): Promise<void>;
  /** Applies the bans, in order; one result per ticket: null, or why it failed. */
  ban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  /** Applies bans again that a repair may have lost (actionreban, else actionban); one result per ticket. Without it `ban` does it. */
  reban?(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  /** Undoes the bans, in order; one result per ticket. */
  unban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  prolong(ticket: BanTicket): Promise<void>;
  /** Undoes all bans at once. */
  flush(): Promise<void>;
  /** Checks the environment (actioncheck) and repairs it; true when it had to be repaired, so that bans must be applied again. */
  check(): Promise<boolean>;
}
