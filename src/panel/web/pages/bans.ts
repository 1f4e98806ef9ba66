/** The page of banned addresses: who, where, since when, how long still, why; searched, sorted, exported; and what can be done with one or many. */
import { z } from 'zod';
import { endOfBan } from '../../../model/ticket';
import type { BanList, BanQuery, BanRow, BanSort } from '../../control/bans/ban-board';
import { moveToTrusted, prolongItems, unbanItems } from '../acts/bans';
import { askFirst, isConfirmed } from '../confirm';
import { csvLine } from '../csv';
import { durationOf } from '../duration-field';
import type { Form } from '../form';
import { type Item, itemsOf, itemValue, noticeOf } from '../items';
import { linkWith, pageOf, pagingOf, sortLinks } from '../listing';
import type { DownloadAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

const PAGE_SIZE = 100;
const SORTS = ['address', 'jail', 'country', 'since', 'left', 'failures', 'times'] as const satisfies readonly BanSort[];
const Sort = z.enum(SORTS).catch('since');
/** Offered spans for «prolong», in fail2ban's spelling. */
const SPANS = ['1h', '1d', '1w', '30d', '-1'] as const;

function queryOf(query: Form): BanQuery {
  const given = query.get('sort');
  return {
    search: query.get('search').trim().slice(0, 200),
    jail: query.get('jail') || null,
    country: query.get('country') || null,
    sort: Sort.parse(given),
    // Without a wish the newest come first.
    descending: given === '' ? true : query.get('order') === 'descending',
    page: pageOf(query),
    pageSize: PAGE_SIZE,
  };
}

function rowOf(row: BanRow, now: number, client: string): object {
  const end = row.bantime === -1 ? null : endOfBan(row);
  return {
    ...row,
    end,
    left: end === null ? null : Math.max(0, end - now),
    item: itemValue(row),
    own: row.id === client,
  };
}

function filtersOf(list: BanList, query: BanQuery): object {
  return {
    search: query.search,
    jail: query.jail,
    country: query.country,
    any: query.search !== '' || query.jail !== null || query.country !== null,
    jails: list.jails,
    countries: list.countries,
  };
}

export async function showBans(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const now = world.clock.now();
  const query = queryOf(request.query);
  const list = await world.board.list(query);
  const data = {
    rows: list.rows.map((row) => rowOf(row, now, request.client)),
    count: list.total,
    sort: sortLinks('/bans', request.query, SORTS, query),
    paging: pagingOf('/bans', request.query, list.page, list.pages),
    filters: filtersOf(list, query),
    spans: SPANS,
    here: linkWith('/bans', request.query, {}),
    csv: linkWith('/bans/export.csv', request.query, { page: '1' }),
    json: linkWith('/bans/export.json', request.query, { page: '1' }),
    attribution: world.geo.attribution,
  };
  return { kind: 'page', view: 'bans', title: 'bans.title', data };
}

/** Where to go back to: a list of ours with its query, nothing else. */
function backOf(form: Form): string {
  const to = form.get('back');
  return /^\/(?:bans|address)(?:[/?][^\\]*)?$/.test(to) && !to.startsWith('//') ? to : '/bans';
}

function wrongForm(back: string): PageAnswer {
  return { kind: 'redirect', to: back, notice: { tone: 'danger', text: 'bans.badForm' } };
}

/** Lifts the bans that a button names: of one row, or of all that are marked. */
export async function unban(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const back = backOf(form);
  const items = itemsOf(form, 'unban');
  if (items === null) return wrongForm(back);
  if (items.length === 0) return { kind: 'redirect', to: back, notice: { tone: 'info', text: 'bans.noneMarked' } };
  if (items.length > 1 && !isConfirmed(form)) {
    const question = { action: '/bans/unban', form, question: 'bans.unbanMany', params: { count: items.length }, back } as const;
    return askFirst({ ...question, items: items.map(named) });
  }
  const results = await unbanItems(world, { who: request.user, client: request.client }, items);
  return { kind: 'redirect', to: back, notice: noticeOf(results, { one: 'bans.unbanned', many: 'bans.unbannedMany' }) };
}

function named({ id, jail }: Item): string {
  return `${id} (${jail})`;
}

/** Gives the bans that a button names another end. */
export async function prolong(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const back = backOf(form);
  const items = itemsOf(form, 'prolong');
  const duration = durationOf(form.get('duration'));
  if (items === null || duration === null) return wrongForm(back);
  if (items.length === 0) return { kind: 'redirect', to: back, notice: { tone: 'info', text: 'bans.noneMarked' } };
  if ((items.length > 1 || duration === -1) && !isConfirmed(form)) {
    const text = duration === -1 ? 'bans.foreverMany' : 'bans.prolongMany';
    const question = {
      action: '/bans/prolong',
      form,
      question: text,
      params: { count: items.length, span: form.get('duration') },
      back,
    } as const;
    return askFirst({ ...question, items: items.map(named) });
  }
  const results = await prolongItems(world, { who: request.user, client: request.client }, items, duration);
  return { kind: 'redirect', to: back, notice: noticeOf(results, { one: 'bans.prolonged', many: 'bans.prolongedMany' }) };
}

/** Asks for a note, then trusts the addresses that a button names, and lifts their bans everywhere. */
export async function trust(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const back = backOf(form);
  const items = itemsOf(form, 'trust');
  if (items === null) return wrongForm(back);
  const ids = [...new Set(items.map(({ id }) => id))];
  if (ids.length === 0) return { kind: 'redirect', to: back, notice: { tone: 'info', text: 'bans.noneMarked' } };
  const note = form.get('note').trim().slice(0, 1000);
  if (!isConfirmed(form)) {
    const values = items.map(itemValue);
    return {
      kind: 'page',
      view: 'trust',
      title: 'bans.trustTitle',
      data: { ids: ids.slice(0, 50), count: ids.length, values, note, back },
    };
  }
  const results = await moveToTrusted(world, { who: request.user, client: request.client }, ids, note, null);
  return { kind: 'redirect', to: back, notice: noticeOf(results, { one: 'bans.trusted', many: 'bans.trustedMany' }) };
}

async function* csvOf(rows: AsyncIterable<BanRow>): AsyncGenerator<string> {
  yield csvLine(['address', 'jail', 'banned_at', 'bantime', 'ends_at', 'country', 'asn', 'network', 'failures', 'times_banned', 'reason']);
  for await (const row of rows) {
    const { place } = row;
    const ends = row.end === null ? null : isoOf(row.end);
    const numbers = [row.failures, row.timesBanned];
    yield csvLine([
      row.id,
      row.jail,
      isoOf(row.time),
      row.bantime,
      ends,
      place.country,
      place.asn,
      place.network,
      ...numbers,
      row.manual?.reason ?? null,
    ]);
  }
}

function isoOf(time: number): string {
  return new Date(time * 1000).toISOString();
}

async function* jsonOf(rows: AsyncIterable<BanRow>): AsyncGenerator<string> {
  let lead = '[\n';
  for await (const row of rows) {
    yield lead + JSON.stringify(row);
    lead = ',\n';
  }
  yield lead === '[\n' ? '[]\n' : '\n]\n';
}

/** What the list shows, all pages of it, as a file. */
export function exportCsv(request: PageRequest, world: PageWorld): Promise<DownloadAnswer> {
  const body = csvOf(world.board.each(queryOf(request.query)));
  return Promise.resolve({ kind: 'download', name: 'banned.csv', type: 'text/csv; charset=utf-8', body });
}

export function exportJson(request: PageRequest, world: PageWorld): Promise<DownloadAnswer> {
  return Promise.resolve({
    kind: 'download',
    name: 'banned.json',
    type: 'application/json',
    body: jsonOf(world.board.each(queryOf(request.query))),
  });
}

export const routes: readonly Route[] = [
  get('/bans', 'bans', showBans),
  get('/bans/export.csv', 'bans', exportCsv),
  get('/bans/export.json', 'bans', exportJson),
  post('/bans/unban', 'bans', unban),
  post('/bans/prolong', 'bans', prolong),
  post('/bans/trust', 'bans', trust),
];
