/** Everything about one address: what it did and suffered in every jail, when, why, from where, who lives next door, and what people noted. */
import { contains, formatAddress, isSingle, parseAddress } from '../../../model/address';
import type { AddressSummary } from '../../history/questions';
import type { HistoryEvent } from '../../history/history';
import type { BanRow } from '../../control/bans/ban-board';
import { addNote, removeNote } from '../acts/notes';
import { eventTone } from '../event-tone';
import { HttpError } from '../error-page';
import { itemValue } from '../items';
import type { MessageKey } from '../messages';
import type { HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { periodOf, PERIODS } from '../periods';
import { get, post, type Route } from '../route';
import { drawStack } from '../stack';
import { reasonData } from './reason';

const EVENTS = 100;
const NEIGHBOURS = 20;
const MAX_ID = 255;
const DAY = 86400;
const HOUR = 3600;

/** The /24 or /64 around an address; null for ranges and for what is no address. */
export function neighbourhoodOf(id: string): string | null {
  const address = parseAddress(id);
  if (address === null || !isSingle(address)) return null;
  const around = parseAddress(`${formatAddress(address)}/${address.family === 'inet4' ? 24 : 64}`);
  return around === null ? null : formatAddress(around);
}

/** Null while the server does not answer: the history is shown all the same. */
async function bansOf(world: PageWorld, id: string): Promise<readonly BanRow[] | null> {
  const filter = { search: id, jail: null, country: null, sort: 'since', descending: true } as const;
  try {
    const { rows } = await world.board.list({ ...filter, page: 1, pageSize: 100 });
    const wanted = parseAddress(id);
    return rows.filter((row) => row.id === id || covers(row.id, wanted));
  } catch (error) {
    world.logger.log('WARNING', 'bailiff.web', `the bans of an address could not be read: ${String(error)}`);
    return null;
  }
}

function covers(range: string, address: ReturnType<typeof parseAddress>): boolean {
  const outer = parseAddress(range);
  return outer !== null && address !== null && contains(outer, address);
}

function chartOf(events: readonly HistoryEvent[], period: ReturnType<typeof periodOf>): object {
  const width = period.step === 'hour' ? HOUR : DAY;
  const rows = events
    .filter(({ kind }) => kind === 'found' || kind === 'ban')
    .map((event) => ({ start: Math.floor(event.time / width) * width, key: event.kind === 'ban' ? 'ban' : event.jail, count: 1 }));
  return drawStack({ rows, starts: period.starts, series: 7 });
}

function banData(ban: BanRow, now: number): object {
  return { ...ban, left: ban.end === null ? null : Math.max(0, ban.end - now), item: itemValue(ban) };
}

function jailData(summary: AddressSummary): object {
  return { ...summary, jails: [...summary.jails].sort((a, b) => b.last - a.last) };
}

export function showAddress(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return addressPage(request, world, null);
}

async function addressPage(request: PageRequest, world: PageWorld, noteProblem: MessageKey | null): Promise<HtmlAnswer> {
  const id = idOf(request);
  const now = world.clock.now();
  const period = periodOf(request.query, now);
  const around = neighbourhoodOf(id);
  // A name server may be slow: the rest is found out meanwhile.
  const host = world.hostName(id);
  const [summary, recent, inPeriod, bans, notes, trusted, near] = await Promise.all([
    world.history.address(id),
    world.history.events({ id, limit: EVENTS }),
    world.history.events({ id, from: period.from, to: period.to, limit: 1000 }),
    bansOf(world, id),
    world.notebook.notes(id),
    world.trusted.isTrusted(id).catch(() => false),
    around === null ? [] : world.history.neighbours(around, NEIGHBOURS + 1),
  ]);
  const reasons = await Promise.all((bans ?? []).slice(0, 5).map((ban) => world.board.reason(ban.jail, ban.id)));
  const data = {
    id,
    path: `/address/${encodeURIComponent(id)}`,
    own: id === request.client,
    place: world.geo.locate(id),
    host: await host,
    summary: jailData(summary),
    bans: bans?.map((ban) => banData(ban, now)) ?? null,
    reasons: reasons.map(reasonData),
    notes,
    newNote: { text: request.form.get('text'), problem: noteProblem },
    trusted,
    around,
    neighbours: near.filter((neighbour) => neighbour.id !== id).slice(0, NEIGHBOURS),
    events: recent.events.map((event) => ({ ...event, ago: Math.max(0, now - event.time), tone: eventTone(event.kind) })),
    more: recent.next !== null,
    period: period.name,
    periods: PERIODS,
    chart: { stack: chartOf(inPeriod.events, period), daily: period.step === 'day', marks: period.marks },
    attribution: world.geo.attribution,
  };
  return { kind: 'page', status: noteProblem === null ? 200 : 422, view: 'address', title: 'address.title', heading: id, data };
}

function idOf(request: PageRequest): string {
  const id = request.params['id'] ?? '';
  if (id === '' || id.length > MAX_ID) throw new HttpError(404, 'error.404');
  const address = parseAddress(id);
  return address === null ? id : formatAddress(address);
}

export async function note(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const id = idOf(request);
  const to = `/address/${encodeURIComponent(id)}`;
  const text = request.form.get('text').trim();
  if (text === '' || text.length > 1000) return addressPage(request, world, 'address.noteWrong');
  await addNote(world, { who: request.user, client: request.client }, id, text);
  return { kind: 'redirect', to, notice: { tone: 'success', text: 'address.noted' } };
}

export async function forgetNote(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const id = idOf(request);
  const done = await removeNote(world, { who: request.user, client: request.client }, id, Number(request.form.get('note')));
  const notice = done ? ({ tone: 'success', text: 'address.noteRemoved' } as const) : ({ tone: 'info', text: 'address.noteGone' } as const);
  return { kind: 'redirect', to: `/address/${encodeURIComponent(id)}`, notice };
}

export const routes: readonly Route[] = [
  get('/address/:id', 'address', showAddress),
  post('/address/:id/notes', 'address', note),
  post('/address/:id/notes/remove', 'address', forgetNote),
];
