/** Bans by hand, as they are before an edit and as they are to be again when it is taken back. */
import { canonicalId } from '../../../model/address';
import { endOfBan } from '../../../model/ticket';
import { ALL_SERVICES } from '../bans/all-services';
import { type BanDesk, type ItemResult, NOT_BANNED } from '../bans/ban-desk';
import type { ManualBans } from '../bans/manual-bans';
import type { Control } from '../control';
import type { BannedItem } from './held-edit';

/** Seconds between two ends that are the same: the stock server does not tell them exactly. */
const SAME = 5;
/** The reason of a ban that a jail had made by itself, once it is made again. */
const BEFORE = 'was banned before an edit that is taken back';

/**
 * Addresses that are to be banned, each with the ban that it has already.
 * @param items a null jail: in whichever jail bans from all services
 */
export async function bansBefore(
  control: Pick<Control, 'jails' | 'bannedIn'>,
  manual: Pick<ManualBans, 'manualBans'>,
  items: readonly { readonly jail: string | null; readonly id: string }[],
): Promise<readonly BannedItem[]> {
  const running = await control.jails();
  const found: BannedItem[] = [];
  for (const jail of running) {
    const here = items.filter((item) => (item.jail === null ? ALL_SERVICES.includes(jail) : item.jail === jail));
    if (here.length === 0) continue;
    const ends = await endsNow(control, jail);
    const ids = [...new Set(here.map((item) => canonicalId(item.id)))];
    const notes = new Map((await manual.manualBans(ids)).filter((note) => note.jail === jail).map((note) => [note.id, note]));
    for (const id of ids) {
      const until = ends.get(id);
      const { who = '', reason = '' } = notes.get(id) ?? {};
      found.push({ jail, id, ...(until === undefined ? {} : { ban: { until, who, reason } }) });
    }
  }
  return found;
}

/** Those of them that are banned now, and were not, or not until then. */
export async function bansSince(control: Pick<Control, 'bannedIn'>, before: readonly BannedItem[]): Promise<readonly BannedItem[]> {
  const found: BannedItem[] = [];
  for (const jail of new Set(before.map((ban) => ban.jail))) {
    const ends = await endsNow(control, jail);
    for (const ban of before.filter((one) => one.jail === jail)) {
      const end = ends.get(ban.id);
      if (end !== undefined && (ban.ban === undefined || Math.abs(end - ban.ban.until) > SAME)) found.push(ban);
    }
  }
  return found;
}

/**
 * Lifts bans, and makes those again that were there before, for what is left of them: the stock server makes no ban shorter.
 * @returns what could not be done
 */
export async function bansBack(
  desk: Pick<BanDesk, 'unban' | 'ban'>,
  bans: readonly BannedItem[],
  who: string,
  now: number,
): Promise<readonly string[]> {
  const results: ItemResult[] = bans.length === 0 ? [] : [...(await desk.unban(bans))];
  for (const { jail, id, ban } of bans) {
    if (ban === undefined || (ban.until !== -1 && ban.until <= now + 1)) continue;
    const duration = ban.until === -1 ? -1 : Math.ceil(ban.until - now);
    const told = { who: ban.who === '' ? who : ban.who, reason: ban.who === '' ? BEFORE : ban.reason };
    results.push(...(await desk.ban({ ids: [id], jail, duration, ...told, now, own: [] })));
  }
  // Whoever is banned no longer need not be free a second time.
  const wrong = results.filter(({ ok, message }) => !ok && message !== NOT_BANNED);
  return wrong.map(({ id, jail, message }) => `${id} in ${jail}: ${message ?? 'it was not done'}`);
}

/** When each ban of a jail ends, −1 for never. */
async function endsNow(control: Pick<Control, 'bannedIn'>, jail: string): Promise<ReadonlyMap<string, number>> {
  return new Map((await control.bannedIn(jail)).map((ban) => [ban.id, ban.bantime === -1 ? -1 : endOfBan(ban)]));
}
