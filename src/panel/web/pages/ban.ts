/** Banning by hand: addresses or ranges, in one jail or from all services, for a free span of time, with a reason. */
import { banByHand } from '../acts/bans';
import { durationOf } from '../duration-field';
import type { Form } from '../form';
import { noticeOf } from '../items';
import type { MessageKey } from '../messages';
import type { HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

const MAX_IDS = 1000;
const MAX_REASON = 1000;

type Problems = Readonly<Partial<Record<'ids' | 'duration' | 'jail' | 'reason', MessageKey>>>;

/** One address or range on each line, or apart by blanks and commas. */
function idsOf(text: string): readonly string[] {
  return [...new Set(text.split(/[\s,;]+/).filter((word) => word !== ''))];
}

async function formPage(form: Form, world: PageWorld, problems: Problems, lines: readonly string[] = []): Promise<HtmlAnswer> {
  const jails = await world.control.jails();
  const values = {
    ids: form.get('ids'),
    jail: form.get('jail'),
    duration: form.has('duration') ? form.get('duration') : '1w',
    reason: form.get('reason'),
  };
  const status = Object.keys(problems).length + lines.length > 0 ? 422 : 200;
  return { kind: 'page', status, view: 'ban', title: 'ban.title', data: { values, jails, problems, lines } };
}

export function showForm(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return formPage(request.query, world, {});
}

export async function ban(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const { form } = request;
  const ids = idsOf(form.get('ids'));
  const own = form.get('duration').trim() === '';
  const duration = own ? null : durationOf(form.get('duration'));
  const jail = form.get('jail');
  const reason = form.get('reason').trim();
  const known = jail === '' || (await world.control.jails()).includes(jail);
  const problems: Problems = {
    ...(ids.length === 0 ? { ids: 'ban.idsMissing' as const } : ids.length > MAX_IDS ? { ids: 'ban.idsTooMany' as const } : {}),
    ...(!own && duration === null ? { duration: 'ban.durationWrong' as const } : {}),
    ...(known ? {} : { jail: 'ban.jailUnknown' as const }),
    ...(reason.length > MAX_REASON ? { reason: 'form.textTooLong' as const } : {}),
  };
  if (Object.keys(problems).length > 0) return formPage(form, world, problems);
  const wish = { ids, jail: jail === '' ? null : jail, duration, reason };
  const results = await banByHand(world, { who: request.user, client: request.client }, wish);
  const failed = results.filter(({ ok }) => !ok);
  if (failed.length === results.length)
    return formPage(
      form,
      world,
      {},
      failed.map(({ id, message }) => `${id}: ${message ?? ''}`),
    );
  return { kind: 'redirect', to: '/bans', notice: noticeOf(results, { one: 'ban.done', many: 'ban.doneMany' }) };
}

export const routes: readonly Route[] = [get('/bans/new', 'ban', showForm), post('/bans/new', 'ban', ban)];
