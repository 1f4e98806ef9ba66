/** Bans for a time of their own, over a server that has a command for it and over one that has not. */
import { sleep, type Clock } from '../../../base/clock';
import type { BannedAddress } from '../../../model/status';
import { endOfBan, END_OF_TIME } from '../../../model/ticket';
import type { Control } from '../control';
import type { BanDatabase } from './ban-database';

/** Ids in one command: the stock server answers nobody else while it bans. */
const AT_ONCE = 100;
/** Seconds by which bans must outlive a moment of another ban time. */
const MARGIN = 60;
/** Seconds that the server may take to write a ban down, and between two looks. */
const WRITTEN_WITHIN = 3;
const LOOK_EVERY = 0.05;

export interface LengthWorld {
  readonly control: Control;
  readonly clock: Clock;
  readonly database: Pick<BanDatabase, 'written'>;
}

/**
 * Bans ids in a jail for so many seconds from now, null for the jail's own time, −1 for ever; bans in force are made to end then, as far as the
 * server lets itself be made to. Where it ends them later, somebody has to lift them. Rejects as `Control` does.
 */
export async function banForLength(world: LengthWorld, jail: string, ids: readonly string[], length: number | null): Promise<void> {
  const { control } = world;
  if (length === null) return inParts(ids, (part) => control.ban(jail, part));
  const [first = [], ...others] = partsOf(ids);
  if ((await control.banFor(jail, length, first)).available) {
    for (const part of others) await control.banFor(jail, length, part);
    return;
  }
  const own = await control.get(jail, 'bantime');
  const bans = await control.bannedIn(jail);
  const plain = length === own || !mayChange(length, own, bans, world.clock.now());
  if (plain) return inParts(ids, (part) => control.ban(jail, part));
  const before = new Set(bans.map(({ id }) => id));
  const fresh = ids.filter((id) => !before.has(id));
  await bannedUnderAnother(world, jail, ids, { length, own, fresh });
}

/** For how long is banned, what the jail's own time is, and who was not banned before. */
interface Moment {
  readonly length: number;
  readonly own: number;
  readonly fresh: readonly string[];
}

/**
 * On the stock server a ban has the jail's time, whatever that becomes, until somebody bans the same address for longer: then it has a time of its
 * own. So the jail's time is another one for a moment, the addresses are banned twice, and the jail's time is put back.
 */
async function bannedUnderAnother(world: LengthWorld, jail: string, ids: readonly string[], how: Moment): Promise<void> {
  const { control } = world;
  const { length, own, fresh } = how;
  const ban = (): Promise<void> => inParts(ids, (part) => control.ban(jail, part));
  try {
    await control.setBantime(jail, length);
    await ban();
    const [last] = fresh.slice(-1);
    if (last !== undefined) await written(world, jail, last, length);
    if (length === -1) {
      // For ever cannot be made longer: in between it gets the jail's own time, which can.
      await control.setBantime(jail, own);
      await ban();
      await control.setBantime(jail, -1);
    }
    await ban();
  } finally {
    await control.setBantime(jail, own);
  }
}

/** Whether a jail may have this ban time for a moment: nobody who has the jail's own time must be free because of it. */
export function mayChange(length: number, own: number, bans: readonly BannedAddress[], now: number): boolean {
  if (length === -1 || (own !== -1 && length >= own)) return true;
  return bans.every((ban) => ban.bantime !== own || ban.time + length > now + MARGIN);
}

/** Kept when the server has written the ban with its length, or takes too long. */
async function written({ clock, database }: LengthWorld, jail: string, id: string, length: number): Promise<void> {
  const until = clock.monotonic() + WRITTEN_WITHIN;
  while (clock.monotonic() < until) {
    const ban = await database.written(jail, id).catch(() => null);
    if (ban?.bantime === length) return;
    await sleep(clock, LOOK_EVERY);
  }
}

/** The end of a ban that lasts so long from now; END_OF_TIME for one that lasts for ever. */
export function endAfter(now: number, length: number): number {
  return length === -1 ? END_OF_TIME : now + length;
}

/** When each id is free, of those that are banned. */
export async function endsIn(control: Control, jail: string): Promise<ReadonlyMap<string, number>> {
  return new Map((await control.bannedIn(jail)).map((ban) => [ban.id, endOfBan(ban)]));
}

export function partsOf<T>(items: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) parts.push(items.slice(at, at + AT_ONCE));
  return parts;
}

async function inParts(ids: readonly string[], work: (part: readonly string[]) => Promise<number>): Promise<void> {
  for (const part of partsOf(ids)) await work(part);
}
