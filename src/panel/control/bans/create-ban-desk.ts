/** Makes the desk at which people ban and unban: what each server can do by itself it does, the end of other bans is kept in the notebook. */
import type { Clock } from '../../../base/clock';
import { AppError, messageOf } from '../../../base/errors';
import { type Address, contains, formatAddress, parseAddress } from '../../../model/address';
import { endOfBan } from '../../../model/ticket';
import type { Control } from '../control';
import type { BanDesk, BanWish, ItemResult } from './ban-desk';
import type { ManualBans } from './manual-bans';

export interface BanDeskOptions {
  readonly control: Control;
  readonly manual: ManualBans;
  readonly clock: Clock;
  /** Told when a jail's bans have changed. */
  readonly changed: (jail: string | null) => void;
  /** Jails without logs whose actions ban from all services, in the order of preference. */
  readonly manualJails: readonly string[];
}

/** Ids in one command on the socket. */
const CHUNK = 500;
/** Wider ranges hold so many people that nobody means them. */
const WIDEST = { inet4: 8, inet6: 16 } as const;
const NEVER = ['127.0.0.0/8', '::1', '0.0.0.0', '::'].map((text) => parseAddress(text));

/** Why an address or range must not be banned; null when it may. */
export function refusalOf(id: string, own: readonly string[]): string | null {
  const address = parseAddress(id.trim());
  if (address === null) return 'is neither an address nor a range';
  if (address.prefix < WIDEST[address.family]) return `is too wide: at most /${WIDEST[address.family]}`;
  const meets = (other: Address | null): boolean => other !== null && (contains(address, other) || contains(other, address));
  if (NEVER.some(meets)) return 'is this server itself';
  return own.some((mine) => meets(parseAddress(mine))) ? 'is your own address, or holds it' : null;
}

export function createBanDesk(options: BanDeskOptions): BanDesk {
  const { control, manual, clock, changed, manualJails } = options;

  /** Carries out one command for many ids; when it fails, each by itself, so that one bad id takes no others with it. */
  async function each(jail: string, ids: readonly string[], run: (ids: readonly string[]) => Promise<unknown>): Promise<ItemResult[]> {
    const results: ItemResult[] = [];
    for (let at = 0; at < ids.length; at += CHUNK) {
      const chunk = ids.slice(at, at + CHUNK);
      try {
        await run(chunk);
        results.push(...chunk.map((id) => ({ id, jail, ok: true, message: null })));
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        if (chunk.length === 1) results.push({ id: chunk[0] ?? '', jail, ok: false, message: messageOf(error) });
        else for (const id of chunk) results.push(...(await each(jail, [id], run)));
      }
    }
    changed(jail);
    return results;
  }

  async function jailForAll(): Promise<string> {
    const running = new Set(await control.jails());
    const jail = manualJails.find((name) => running.has(name));
    if (jail !== undefined) return jail;
    throw new AppError('BAD_ARGUMENT', `no jail for bans by hand runs: switch on one of ${manualJails.join(', ')}, or choose a jail`);
  }

  /** The jail whose bans last until somebody lifts them; null when none runs. */
  async function jailForEver(): Promise<string | null> {
    const running = new Set(await control.jails());
    for (const name of manualJails) if (running.has(name) && (await control.get(name, 'bantime')) === -1) return name;
    return null;
  }

  /** Where a server bans for a jail's own time only: its own time is cut short by the notebook; a longer one needs a jail that bans for ever. */
  async function placeOnStock(jail: string, seconds: number): Promise<{ readonly jail: string; readonly until: number | null }> {
    const own = await control.get(jail, 'bantime');
    const until = seconds === -1 ? null : clock.now() + seconds;
    if (own === seconds) return { jail, until: null };
    if (seconds !== -1 && (own === -1 || seconds < own)) return { jail, until };
    const forEver = await jailForEver();
    if (forEver === null)
      throw new AppError('BAD_ARGUMENT', `this server bans in ${jail} for ${own} s and no longer; no jail for permanent bans runs`);
    return { jail: forEver, until };
  }

  async function banThere(
    jail: string,
    seconds: number | null,
    ids: readonly string[],
    who: string,
    reason: string,
  ): Promise<readonly ItemResult[]> {
    const now = clock.now();
    let place = { jail, until: null as number | null };
    let run = (chunk: readonly string[]): Promise<unknown> => control.ban(place.jail, chunk);
    if (seconds !== null) {
      const ours = (await control.info()).engine === 'bailiff';
      if (ours) run = (chunk) => control.banFor(jail, seconds, chunk);
      else place = await placeOnStock(jail, seconds);
    }
    const results = await each(place.jail, ids, run);
    for (const { id, ok } of results)
      if (ok) await manual.putManualBan({ jail: place.jail, id, who, time: now, reason, until: place.until });
    return results;
  }

  /** What concerns all of a request is told of each item. */
  async function told(jail: string, ids: readonly string[], run: () => Promise<readonly ItemResult[]>): Promise<readonly ItemResult[]> {
    try {
      return await run();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      return ids.map((id) => ({ id, jail, ok: false, message: messageOf(error) }));
    }
  }

  return {
    async ban(wish: BanWish) {
      const refused: ItemResult[] = [];
      const good = new Set<string>();
      for (const word of wish.ids) {
        const message = refusalOf(word, wish.own);
        const address = parseAddress(word.trim());
        if (message !== null || address === null) refused.push({ id: word, jail: wish.jail ?? '', ok: false, message });
        else good.add(formatAddress(address));
      }
      if (good.size === 0) return refused;
      const ids = [...good];
      const done = await told(wish.jail ?? '', ids, async () =>
        banThere(wish.jail ?? (await jailForAll()), wish.duration, ids, wish.who, wish.reason),
      );
      return [...refused, ...done];
    },

    async unban(items) {
      const results: ItemResult[] = [];
      for (const { jail, id } of items) {
        const [result] = await each(jail ?? '', [id], async () => {
          if ((await control.unban(jail, [id])) === 0) throw new AppError('SERVER_REFUSED', 'was not banned any more');
        });
        for (const ban of await manual.manualBans([id])) if (jail === null || ban.jail === jail) await manual.removeManualBan(ban.jail, id);
        if (result !== undefined) results.push(result);
      }
      changed(null);
      return results;
    },

    async prolong(items, duration, who) {
      const results: ItemResult[] = [];
      const byJail = new Map<string, string[]>();
      for (const { jail, id } of items) byJail.set(jail, [...(byJail.get(jail) ?? []), id]);
      for (const [jail, ids] of byJail) results.push(...(await told(jail, ids, () => prolongIn(jail, ids, duration, who))));
      return results;
    },

    async expire(now) {
      for (const { jail, id, until } of await manual.manualBans()) {
        if (until === null || until > now) continue;
        await control.unban(jail, [id]);
        await manual.removeManualBan(jail, id);
        changed(jail);
      }
    },
  };

  async function prolongIn(jail: string, ids: readonly string[], duration: number, who: string): Promise<readonly ItemResult[]> {
    if ((await control.info()).engine === 'bailiff') return each(jail, ids, (chunk) => control.banFor(jail, duration, chunk));
    const now = clock.now();
    const ends = new Map((await control.bannedIn(jail)).map((ban) => [ban.id, ban.bantime === -1 ? Infinity : endOfBan(ban)]));
    const end = duration === -1 ? Infinity : now + duration;
    const sooner = ids.filter((id) => (ends.get(id) ?? 0) >= end);
    const later = ids.filter((id) => !sooner.includes(id));
    for (const id of sooner) await manual.putManualBan({ jail, id, who, time: now, reason: '', until: end === Infinity ? null : end });
    const done = sooner.map((id) => ({ id, jail, ok: true, message: null }));
    if (sooner.length > 0) changed(jail);
    if (later.length === 0) return done;
    const forEver = await jailForEver();
    if (forEver === null) throw new AppError('BAD_ARGUMENT', 'this server cannot make a ban longer, and no jail for permanent bans runs');
    return [...done, ...(await banThere(forEver, duration, later, who, ''))];
  }
}
