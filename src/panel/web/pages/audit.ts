/** The audit log: who changed what, when, from where, and what was there before and after. */
import { linkWith } from '../listing';
import type { HtmlAnswer, PageRequest, PageWorld } from '../page';
import { get, type Route } from '../route';

const ENTRIES = 100;

export async function showAudit(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const { query } = request;
  const before = Number(query.get('before'));
  const text = query.get('search').trim().slice(0, 200);
  const who = query.get('who').trim().slice(0, 100);
  const list = await world.notebook.auditList({
    limit: ENTRIES,
    ...(Number.isSafeInteger(before) && before > 0 ? { before } : {}),
    ...(text === '' ? {} : { text }),
    ...(who === '' ? {} : { who }),
  });
  const next = list.next === null ? null : linkWith('/audit', query, { before: String(list.next) });
  const data = { entries: list.entries, next, search: text, who, first: !(before > 0) };
  return { kind: 'page', view: 'audit', title: 'audit.title', data };
}

export const routes: readonly Route[] = [get('/audit', 'audit', showAudit)];
