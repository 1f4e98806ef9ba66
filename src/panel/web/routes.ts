/** The one route table: every path that the pages answer, who may ask, and which page module does the work. */
import type { Page } from './page';
import { showBans, unban } from './pages/bans';
import { showJails } from './pages/jails';
import { logIn, logOut, showLogin } from './pages/login';
import { showOverview } from './pages/overview';
import type { MessageKey } from './messages';

export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Name of the module in pages/ and of the template in views/pages/. */
  readonly page: string;
  readonly run: Page;
  readonly needsLogin: boolean;
  /** The session's token must come with the form. All writes but the log-in itself, which has no session yet. */
  readonly needsCsrf: boolean;
}

function get(path: string, page: string, run: Page): Route {
  return { method: 'get', path, page, run, needsLogin: true, needsCsrf: false };
}

function post(path: string, page: string, run: Page): Route {
  return { method: 'post', path, page, run, needsLogin: true, needsCsrf: true };
}

export const ROUTES: readonly Route[] = [
  get('/', 'overview', showOverview),
  get('/bans', 'bans', showBans),
  post('/bans/unban', 'bans', unban),
  get('/jails', 'jails', showJails),
  { ...get('/login', 'login', showLogin), needsLogin: false },
  { ...post('/login', 'login', logIn), needsLogin: false, needsCsrf: false },
  post('/logout', 'login', logOut),
];

/** The tabs in Plesk's order; those that exist. */
export const TABS: readonly { readonly path: string; readonly page: string; readonly title: MessageKey }[] = [
  { path: '/', page: 'overview', title: 'tab.overview' },
  { path: '/bans', page: 'bans', title: 'tab.bans' },
  { path: '/jails', page: 'jails', title: 'tab.jails' },
];
