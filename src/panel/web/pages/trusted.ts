/** The page of trusted addresses: who is never banned, why, since when and until when; added one by one, by pasting, or by one click for oneself. */
import type { TrustedEntry } from '../../control/trusted/trusted';
import { distrustEntries, trustEntries } from '../acts/trusted';
import { askFirst, isConfirmed } from '../confirm';
import { durationOf } from '../duration-field';
import type { Form } from '../form';
import { noticeOf } from '../items';
import { pageOf, pagingOf } from '../listing';
import type { MessageKey } from '../messages';
import type { DownloadAnswer, HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';
import { formatTrusted, parseTrusted } from '../trusted-text';

const PAGE_SIZE = 200;
const MAX_ENTRIES = 1000;
const MAX_NOTE = 1000;

interface Key {
  readonly entry: string;
  readonly jail: string | null;
}

function keyValue({ entry, jail }: Key): string {
  return JSON.stringify([entry, jail]);
}

/** Null for a value that no list of ours has made. */
function keyOf(value: string): Key | null {
  try {
    const read: unknown = JSON.parse(value);
    if (!Array.isArray(read) || read.length !== 2) return null;
    const [entry, jail] = read as unknown[];
    return typeof entry === 'string' && (jail === null || typeof jail === 'string') ? { entry, jail } : null;
  } catch {
    return null;
  }
}

function fits(entry: TrustedEntry, search: string): boolean {
  const words = [entry.entry, entry.note, entry.jail ?? '', entry.who ?? '', ...(entry.resolved ?? [])];
  return words.some((word) => word.toLowerCase().includes(search.toLowerCase()));
}

export async function showTrusted(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const search = request.query.get('search').trim().slice(0, 200);
  const [all, apart, mine] = await Promise.all([world.trusted.list(), world.trusted.apart(), world.trusted.isTrusted(request.client)]);
  const shown = search === '' ? all : all.filter((entry) => fits(entry, search));
  const pages = Math.max(1, Math.ceil(shown.length / PAGE_SIZE));
  const page = Math.min(pageOf(request.query), pages);
  const rows = shown.slice((page - 1) * PAGE_SIZE, page * PAGE_SIZE).map((entry) => ({ ...entry, key: keyValue(entry) }));
  const data = {
    rows,
    count: shown.length,
    search,
    client: request.client,
    mine,
    apart,
    paging: pagingOf('/trusted', request.query, page, pages),
  };
  return { kind: 'page', view: 'trusted', title: 'trusted.title', data };
}

type Problems = Readonly<Partial<Record<'entries' | 'end' | 'jail' | 'note', MessageKey>>>;

async function formPage(form: Form, world: PageWorld, problems: Problems, lines: readonly string[] = []): Promise<HtmlAnswer> {
  const jails = await world.control.jails().catch(() => []);
  const values = { entries: form.get('entries'), note: form.get('note'), end: form.get('end'), jail: form.get('jail') };
  const status = Object.keys(problems).length + lines.length > 0 ? 422 : 200;
  return { kind: 'page', status, view: 'trusted-new', title: 'trusted.new', data: { values, jails, problems, lines } };
}

export function showForm(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return formPage(request.query, world, {});
}

export async function add(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const parsed = parseTrusted(form.get('entries'));
  const forGood = form.get('end').trim() === '';
  const span = forGood ? null : durationOf(form.get('end'));
  const note = form.get('note').trim();
  const jail = form.get('jail') === '' ? null : form.get('jail');
  const known = jail === null || (await world.configuration.jail(jail)) !== null;
  const problems: Problems = {
    ...(parsed.length === 0
      ? { entries: 'trusted.missing' as const }
      : parsed.length > MAX_ENTRIES
        ? { entries: 'trusted.tooMany' as const }
        : {}),
    ...(!forGood && (span === null || span === -1) ? { end: 'trusted.endWrong' as const } : {}),
    ...(known ? {} : { jail: 'ban.jailUnknown' as const }),
    ...(note.length > MAX_NOTE ? { note: 'form.textTooLong' as const } : {}),
  };
  if (Object.keys(problems).length > 0) return formPage(form, world, problems);
  const end = span === null ? null : world.clock.now() + span;
  const entries = parsed.map((one) => ({
    entry: one.entry,
    note: one.note === '' ? note : one.note,
    end,
    jail,
  }));
  const results = await trustEntries(world, { who: request.user, client: request.client }, entries);
  const failed = results.filter(({ ok }) => !ok);
  if (failed.length === results.length)
    return formPage(
      form,
      world,
      {},
      failed.map(({ id, message }) => `${id}: ${message ?? ''}`),
    );
  return { kind: 'redirect', to: '/trusted', notice: noticeOf(results, { one: 'trusted.added', many: 'trusted.addedMany' }) };
}

export async function remove(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const one = form.get('remove');
  const keys = (one === 'marked' ? form.all('item') : [one]).map(keyOf).filter((key) => key !== null);
  if (keys.length === 0) return { kind: 'redirect', to: '/trusted', notice: { tone: 'info', text: 'trusted.noneMarked' } };
  if (!isConfirmed(form)) {
    const params = { count: keys.length };
    return askFirst({
      action: '/trusted/remove',
      form,
      question: 'trusted.removeMany',
      params,
      items: keys.map(({ entry }) => entry),
      back: '/trusted',
    });
  }
  const results = await distrustEntries(world, { who: request.user, client: request.client }, keys);
  return { kind: 'redirect', to: '/trusted', notice: noticeOf(results, { one: 'trusted.removed', many: 'trusted.removedMany' }) };
}

export async function exportText(_request: PageRequest, world: PageWorld): Promise<DownloadAnswer> {
  const text = formatTrusted(await world.trusted.list());
  async function* body(): AsyncGenerator<string> {
    yield await Promise.resolve(text);
  }
  return { kind: 'download', name: 'trusted.txt', type: 'text/plain; charset=utf-8', body: body() };
}

export const routes: readonly Route[] = [
  get('/trusted', 'trusted', showTrusted),
  get('/trusted/new', 'trusted', showForm),
  get('/trusted/export.txt', 'trusted', exportText),
  post('/trusted/new', 'trusted', add),
  post('/trusted/remove', 'trusted', remove),
];
