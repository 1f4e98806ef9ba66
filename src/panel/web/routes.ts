/** The one route table: every path that the pages answer, who may ask, and which page module does the work. */
import { routes as actions } from './pages/actions';
import { routes as address } from './pages/address';
import { routes as audit } from './pages/audit';
import { routes as ban } from './pages/ban';
import { routes as bans } from './pages/bans';
import { routes as filters } from './pages/filters';
import { routes as jail } from './pages/jail';
import { routes as jails } from './pages/jails';
import { routes as login } from './pages/login';
import { routes as logs } from './pages/logs';
import { routes as overview } from './pages/overview';
import { routes as reason } from './pages/reason';
import { routes as settings } from './pages/settings';
import { routes as stillHere } from './pages/still-here';
import { routes as states } from './pages/states';
import { routes as tokens } from './pages/tokens';
import { routes as trusted } from './pages/trusted';
import type { MessageKey } from './messages';
import type { Route } from './route';

export const ROUTES: readonly Route[] = [
  ...overview,
  ...bans,
  ...ban,
  ...reason,
  ...address,
  ...trusted,
  ...jails,
  ...jail,
  ...filters,
  ...actions,
  ...logs,
  ...settings,
  ...states,
  ...tokens,
  ...audit,
  ...stillHere,
  ...login,
];

/** The tabs in Plesk's order; those that exist. */
export const TABS: readonly { readonly path: string; readonly pages: readonly string[]; readonly title: MessageKey }[] = [
  { path: '/', pages: ['overview'], title: 'tab.overview' },
  { path: '/bans', pages: ['bans', 'ban', 'reason', 'address'], title: 'tab.bans' },
  { path: '/trusted', pages: ['trusted'], title: 'tab.trusted' },
  { path: '/jails', pages: ['jails', 'jail', 'filters', 'actions'], title: 'tab.jails' },
  { path: '/logs', pages: ['logs'], title: 'tab.logs' },
  { path: '/settings', pages: ['settings', 'states', 'tokens', 'audit'], title: 'tab.settings' },
];
