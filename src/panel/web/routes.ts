/** The one route table: every path that the pages answer, who may ask, and which page module does the work. */
import { routes as bans } from './pages/bans';
import { routes as jails } from './pages/jails';
import { routes as login } from './pages/login';
import { routes as overview } from './pages/overview';
import type { MessageKey } from './messages';
import type { Route } from './route';

export const ROUTES: readonly Route[] = [...overview, ...bans, ...jails, ...login];

/** The tabs in Plesk's order; those that exist. */
export const TABS: readonly { readonly path: string; readonly pages: readonly string[]; readonly title: MessageKey }[] = [
  { path: '/', pages: ['overview'], title: 'tab.overview' },
  { path: '/bans', pages: ['bans'], title: 'tab.bans' },
  { path: '/jails', pages: ['jails'], title: 'tab.jails' },
];
