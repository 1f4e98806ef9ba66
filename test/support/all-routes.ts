/** Every route that an app answers, read from express itself, so that no route can be forgotten; and all that a request could have changed. */
import type { Express } from 'express';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Endpoint } from '../../src/panel/web/api/endpoint';
import { ENDPOINTS } from '../../src/panel/web/api/endpoints';
import { EXAMPLES } from './api';
import { TOKEN, type TestWeb } from './web';

export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
export const METHODS: readonly Method[] = ['get', 'post', 'put', 'patch', 'delete'];

export interface WalkedRoute {
  readonly method: Method;
  /** As express has it: `/jails/:name`. */
  readonly pattern: string;
  /** With something that is there for each parameter. */
  readonly path: string;
  readonly kind: 'page' | 'api';
  /** Not for a token that may only read. */
  readonly writes: boolean;
  readonly takesBody: boolean;
  /** What the best request of somebody who may do it carries. */
  readonly query: Readonly<Record<string, string>>;
  readonly body: object;
}

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle: { readonly stack?: readonly Layer[] };
  match(path: string): unknown;
}

/** Any page that takes a text takes this one, the import too. */
const EXPORT = JSON.stringify({ bailiff: 'configuration', version: 1, files: { 'jail.local': '[sshd]\n' } });

/** Whatever a write of the pages could want, already confirmed: only the door stands between it and the deed. */
export const WHOLE_FORM: Readonly<Record<string, string>> = {
  ...{ confirmed: 'yes', stamp: 'stamp-1', unban: '["sshd","198.51.100.7"]', prolong: '["sshd","198.51.100.7"]', duration: '-1' },
  ...{ trust: '["sshd","198.51.100.7"]', ids: '192.0.2.1', entries: '192.0.2.1', remove: '["192.0.2.1",null]', off: 'sshd', jail: 'sshd' },
  ...{ name: 'sshd2', bantime: '99', text: EXPORT, days: '7', detection: 'off', engine: 'bailiff', token: '1' },
  answer: 'back',
  ...{ filter: 'sshd', note: '1', id: '1', filters: 'sshd', logpath: '/var/log/auth.log' },
};

/** The paths below which routers hang: express forgets them, the app's own text does not. */
const MOUNTS = [
  ...readFileSync(path.resolve(__dirname, '../../src/panel/web/app.ts'), 'utf8').matchAll(/app\.use\(['`](\/[\w/]+)['`]/g),
].map(([, mount = '']) => mount);

/** What is there, by the name of the parameter; of a name that nobody knows it is `sshd`. */
function filled(pattern: string): string {
  const id = pattern.includes('/states/') ? 'state-1' : '198.51.100.7';
  const values: Readonly<Record<string, string>> = { id, name: pattern.startsWith('/jails/') ? 'sshd' : 'mine' };
  return pattern.replace(/:(\w+)/g, (_whole, name: string) => values[name] ?? 'sshd');
}

function routesOf(layers: readonly Layer[], below: string): WalkedRoute[] {
  return layers.flatMap((layer): WalkedRoute[] => {
    if (layer.handle.stack !== undefined && layer.route === undefined) {
      const mount = MOUNTS.find((one) => Boolean(layer.match(`${one}/x`)));
      if (mount === undefined) throw new Error('a router hangs where nobody can tell: app.use needs a path written out');
      return routesOf(layer.handle.stack, mount);
    }
    const { route } = layer;
    if (route === undefined) return [];
    const pattern = below + (route.path === '/' && below !== '' ? '' : route.path);
    const kind = below === '' ? 'page' : 'api';
    const spelled = route.path.replace(/:(\w+)/g, '{$1}');
    const endpoint = (method: Method): Endpoint | undefined =>
      kind === 'page' ? undefined : ENDPOINTS.find((one) => one.method === method && one.path === spelled);
    const example = EXAMPLES[`${Object.keys(route.methods)[0]} ${spelled}`]?.good;
    return METHODS.filter((method) => route.methods[method] === true).map((method) => ({
      ...{ method, pattern, kind },
      writes: endpoint(method)?.writes ?? method !== 'get',
      takesBody: endpoint(method) === undefined ? method !== 'get' : endpoint(method)?.body !== null,
      path: kind === 'page' ? filled(pattern) : pattern.replace(/:(\w+)/g, (_whole, name: string) => example?.params?.[name] ?? 'sshd'),
      query: example?.query ?? {},
      body: pattern === '/login' ? { token: TOKEN } : kind === 'page' ? WHOLE_FORM : ((example?.body ?? {}) as object),
    }));
  });
}

/** Every method and path, of pages, API, metrics and the panel's own questions. */
export function allRoutes(app: Express): readonly WalkedRoute[] {
  return routesOf((app as unknown as { readonly router: { readonly stack: readonly Layer[] } }).router.stack, '');
}

/** All that a request could have changed, as one text: bans, jails, files, trusted addresses, the daemon, and every row of the notebook. */
export async function stateOf(web: TestWeb): Promise<string> {
  const { trusted, daemon } = web.rooms;
  const rooms = [web.control.banned(), web.control.jails(), trusted.list(), daemon.state(), web.config.editor.exportAll()];
  // That a token was used is no deed.
  const rows = Object.entries(await web.dump()).map(([table, all]) => [table, all.map((row) => ({ ...row, last_used: null }))]);
  return JSON.stringify([...(await Promise.all(rooms)), web.config.applied, rows], null, 1);
}
