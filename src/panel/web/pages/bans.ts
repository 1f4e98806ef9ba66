/** The page of banned addresses: who, where, since when, how long still; and the button that lets one go. */
import { z } from 'zod';
import type { BannedAddress } from '../../../model/status';
import { endOfBan } from '../../../model/ticket';
import { pageOf, pagingOf } from '../listing';
import type { PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

const PAGE_SIZE = 200;

const UnbanForm = z.object({ jail: z.string().min(1).max(255), id: z.string().min(1).max(255) });

interface Row {
  readonly jail: string;
  readonly id: string;
  readonly since: number;
  readonly end: number | null;
  /** Seconds; null for a permanent ban. */
  readonly left: number | null;
}

function rowOf(ban: BannedAddress, now: number): Row {
  const forever = ban.bantime === -1;
  const end = endOfBan(ban);
  return { jail: ban.jail, id: ban.id, since: ban.time, end: forever ? null : end, left: forever ? null : Math.max(0, end - now) };
}

/** The newest bans first. */
export async function showBans(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const now = world.clock.now();
  const bans = [...(await world.control.banned())].sort((a, b) => b.time - a.time || (a.id < b.id ? -1 : 1));
  const pages = Math.max(1, Math.ceil(bans.length / PAGE_SIZE));
  const page = Math.min(pageOf(request.query), pages);
  const rows = bans.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map((ban) => rowOf(ban, now));
  return {
    kind: 'page',
    view: 'bans',
    title: 'bans.title',
    data: { rows, count: bans.length, paging: pagingOf('/bans', request.query, page, pages) },
  };
}

/** Lifts one ban. */
export async function unban(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const form = UnbanForm.safeParse(request.form.plain());
  if (!form.success) return { kind: 'redirect', to: '/bans', notice: { tone: 'danger', text: 'bans.badForm' } };
  const { jail, id } = form.data;
  const count = await world.control.unban(jail, [id]);
  const notice = count > 0 ? ({ tone: 'success', text: 'bans.unbanned' } as const) : ({ tone: 'info', text: 'bans.wasNotBanned' } as const);
  return { kind: 'redirect', to: '/bans', notice: { ...notice, params: { id, jail } } };
}

export const routes: readonly Route[] = [get('/bans', 'bans', showBans), post('/bans/unban', 'bans', unban)];
