/**
 * A place in the firewall where the bans of an action stand (a set, a chain), and what has to be run to change many of them at once.
 *
 * Decisions of banning in batches:
 * - What a command means is read from its own text with the tags filled in, or from a line `: bulk …` that it begins with; never from the name
 *   of an action. A command that is not recognised to the last character is run as it stands, once for each ban.
 * - A recognised change is told to the tool itself (`nft -f -`, `iptables-restore --noflush`, `ipset restore`), many in one run. A run that fails
 *   makes us look at the environment as a single command does, then it is halved; what fails alone is run as the administrator wrote it, so that
 *   the log says of that one address what it always said.
 * - Only addresses and ranges go this way. Any other id is run singly.
 */

/** A change of one element of a place. */
export interface PlaceChange {
  /** `renew`: it stands there already and is to last until another time. */
  readonly verb: 'add' | 'remove' | 'renew';
  /** Address or range, in canonical spelling. */
  readonly element: string;
  /** In the words of the place's tool. */
  readonly text: string;
  /** When the ban ends, seconds since the epoch; null for never. */
  readonly end: number | null;
}

/** A program to be run with what it reads. */
export interface PlaceRun {
  readonly command: string;
  readonly args: readonly string[];
  readonly stdin?: string;
}

export interface Place {
  /** The same for all actions whose bans stand in the same place. */
  readonly key: string;
  readonly tool: 'nft' | 'iptables' | 'ipset';
  readonly program: string;
  /** What a change by somebody else is told about: `inet f2b-table`, `ip filter`; the name of a set of ipset. */
  readonly within: string;
  /** Changes in one run at most: netlink refuses a message that is too long. */
  readonly most: number;
  /** As how many a change that is no addition counts; one unless told. */
  readonly undoing?: number;
  /** True when to add an element that stands there makes it stand there twice. */
  readonly doubles: boolean;
  /** True when the kernel itself ends the bans. */
  readonly timed: boolean;
  /** True when its action starts over what stands there, so that a server that ends may leave it to the next one. */
  readonly keeps: boolean;
  /** The run that makes these changes. To make it again after it failed does no harm. */
  run(changes: readonly PlaceChange[], now: number): PlaceRun;
  /** Told when the run of these changes has succeeded. */
  done(changes: readonly PlaceChange[]): void;
  /** What prints everything that stands there, without changing anything. */
  readonly listings: readonly PlaceRun[];
  /** The elements that the listings tell, with the second of their end; null for those that end when they are taken out. */
  members(outputs: readonly string[], now: number): ReadonlyMap<string, number | null>;
  /** Takes over what the listings tell from a run before this one. */
  adopt(outputs: readonly string[], now: number): void;
  /** Somebody else may have changed what stands there. */
  doubt(): void;
  /** All that stood there was taken out at once. */
  emptied(): void;
  /** The change that takes out what the listings told. */
  removal(element: string): PlaceChange;
}

/** For a place that remembers nothing about what stands there. */
export const FORGETFUL = {
  keeps: false,
  done: (): void => undefined,
  adopt: (): void => undefined,
  doubt: (): void => undefined,
  emptied: (): void => undefined,
} as const;
