/** The door of this room: what a jail asks of one of its actions. Every call resolves when the work is done; failures reject with an AppError. */
import type { BanTicket } from '../../model/ticket';

/** A place of the firewall that can be watched: what events name (`inet f2b-table`, `ip filter`), or a set of ipset. */
export interface WatchedPlace {
  readonly key: string;
  readonly tool: 'nft' | 'iptables' | 'ipset';
  readonly program: string;
  readonly within: string;
}

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
  /** True when many bans are applied in one run; a repair that comes in between is made good for all of them. */
  readonly bulk?: boolean;
  /** True when a server that ends may leave its bans in the firewall: the next one goes on with what stands there. */
  readonly keeps?: boolean;
  /** Where its bans stand now, as far as that is known. */
  readonly places?: readonly WatchedPlace[];
  start(): Promise<void>;
  stop(): Promise<void>;
  reload(): Promise<void>;
  /** Applies the bans, in order; one result per ticket: null, or why it failed. */
  ban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  /** Applies bans again that a repair may have lost (actionreban, else actionban); one result per ticket. Without it `ban` does it. */
  reban?(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  /** Undoes the bans, in order; one result per ticket. */
  unban(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  /** Makes bans that stand last until their new end; one result per ticket. */
  prolong(tickets: readonly BanTicket[]): Promise<readonly (Error | null)[]>;
  /** Undoes all bans at once. */
  flush(): Promise<void>;
  /** Checks the environment (actioncheck) and repairs it; true when it had to be repaired, so that bans must be applied again. */
  check(): Promise<boolean>;
  /** Of these bans, those that do not stand in the firewall any more, as far as that can be told. */
  missing?(tickets: readonly BanTicket[]): Promise<readonly BanTicket[]>;
  /** Takes out of the firewall what a run before this one left and nobody is banned for. */
  sweep?(isBanned: (id: string) => boolean): Promise<void>;
}
