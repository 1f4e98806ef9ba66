/** Tokens of programs that call the API: made (the secret is shown once), listed, revoked. */
import { makeToken, revokeToken } from '../acts/settings';
import { askFirst, isConfirmed } from '../confirm';
import type { Form } from '../form';
import type { HtmlAnswer, PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

const MAX_TOKENS = 100;

async function tokensPage(world: PageWorld, shown: { readonly secret?: string; readonly wrong?: Form }): Promise<HtmlAnswer> {
  const tokens = await world.notebook.tokens();
  const { secret = null, wrong } = shown;
  const asked = {
    name: wrong?.get('name') ?? '',
    readOnly: wrong === undefined || wrong.get('readonly') === 'yes',
    problem: wrong === undefined ? null : 'tokens.wrong',
  };
  const data = { tokens, secret, asked };
  return { kind: 'page', status: wrong === undefined ? 200 : 422, view: 'tokens', title: 'tokens.title', data };
}

export function showTokens(_request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  return tokensPage(world, {});
}

/** The answer shows the secret: it is the one page after a write that is no redirect, because the secret is kept nowhere. */
export async function addToken(request: PageRequest, world: PageWorld): Promise<HtmlAnswer> {
  const name = request.form.get('name').trim();
  const tooMany = (await world.notebook.tokens()).length >= MAX_TOKENS;
  if (!/^[\w .-]{1,64}$/.test(name) || tooMany) return tokensPage(world, { wrong: request.form });
  const readOnly = request.form.get('readonly') === 'yes';
  const secret = await makeToken(world, { who: request.user, client: request.client }, name, readOnly);
  return tokensPage(world, { secret });
}

export async function revoke(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const id = Number(request.form.get('token'));
  const token = (await world.notebook.tokens()).find((candidate) => candidate.id === id);
  if (token === undefined) return { kind: 'redirect', to: '/settings/tokens', notice: { tone: 'info', text: 'tokens.gone' } };
  if (!isConfirmed(request.form))
    return askFirst({
      action: '/settings/tokens/revoke',
      form: request.form,
      question: 'tokens.revokeAsk',
      items: [token.name],
      back: '/settings/tokens',
      danger: true,
    });
  const done = await revokeToken(world, { who: request.user, client: request.client }, id);
  return {
    kind: 'redirect',
    to: '/settings/tokens',
    notice: { tone: done ? 'success' : 'info', text: done ? 'tokens.revoked' : 'tokens.gone' },
  };
}

export const routes: readonly Route[] = [
  get('/settings/tokens', 'tokens', showTokens),
  post('/settings/tokens', 'tokens', addToken),
  post('/settings/tokens/revoke', 'tokens', revoke),
];
