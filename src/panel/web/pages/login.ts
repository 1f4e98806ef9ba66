/** The log-in page: a user name and a password, or the one button of the one-time link; and logging out. */
import { z } from 'zod';
import type { LoginResult } from '../login';
import type { PageAnswer, PageRequest, PageWorld } from '../page';
import { get, post, type Route } from '../route';

const Token = z.string().min(1).max(200);
const Form = z.union([z.object({ token: Token }), z.object({ user: z.string().min(1).max(200), password: z.string().min(1).max(1000) })]);

/** Whoever comes by the one-time link has started the program: the administrator of the machine. */
const LINK_USER = 'admin';

type Complaint = 'login.failed' | 'login.linkUsed' | 'login.tooMany';

function page(
  world: PageWorld,
  status: number,
  data: { readonly token?: string; readonly complaint?: Complaint; readonly wait?: number },
): PageAnswer {
  const { wait, ...shown } = data;
  return {
    kind: 'page',
    status,
    view: 'login',
    title: 'login.title',
    data: { ...shown, hasPassword: world.login.hasPassword, ...(wait === undefined ? {} : { wait }) },
    ...(wait === undefined ? {} : { retryAfter: wait }),
  };
}

export function showLogin(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  if (request.loggedIn) return Promise.resolve({ kind: 'redirect', to: '/' });
  const token = Token.safeParse(request.query.get('token'));
  return Promise.resolve(page(world, 200, token.success ? { token: token.data } : {}));
}

export async function logIn(request: PageRequest, world: PageWorld): Promise<PageAnswer> {
  const form = Form.safeParse(request.form.plain());
  if (!form.success) return page(world, 422, { complaint: 'login.failed' });
  const result: LoginResult =
    'token' in form.data
      ? world.login.withToken(request.client, form.data.token)
      : await world.login.withPassword(request.client, form.data.user, form.data.password);
  switch (result.kind) {
    case 'ok':
      return { kind: 'redirect', to: '/', session: { begin: 'token' in form.data ? LINK_USER : form.data.user } };
    case 'wait':
      return page(world, 429, { complaint: 'login.tooMany', wait: result.seconds });
    case 'failed':
      return page(world, 401, { complaint: 'token' in form.data ? 'login.linkUsed' : 'login.failed' });
  }
}

export function logOut(): Promise<PageAnswer> {
  return Promise.resolve({ kind: 'redirect', to: '/login', session: 'end' });
}

export const routes: readonly Route[] = [
  { ...get('/login', 'login', showLogin), needsLogin: false },
  { ...post('/login', 'login', logIn), needsLogin: false, needsCsrf: false },
  post('/logout', 'login', logOut),
];
