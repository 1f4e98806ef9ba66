/** Walks every route of the app, pages and API, as everybody who must not: nothing changes, and each gets the right refusal. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { allRoutes, type Method, METHODS, stateOf, type WalkedRoute, WHOLE_FORM } from '../../support/all-routes';
import { tokenOf } from '../../support/api';
import { TinyControl } from '../../support/control';
import { NOW, testWeb, TOKEN, type TestWeb } from '../../support/web';

const BAN = { jail: 'sshd', id: '198.51.100.7', time: NOW - 60, bantime: 3600 };
const ROUTES = allRoutes(testWeb().app);
const writes = ROUTES.filter(({ method }) => method !== 'get');
const name = ({ method, pattern }: WalkedRoute): string => `${method} ${pattern}`;

interface Answer {
  readonly status: number;
  readonly location: string | undefined;
  readonly text: string;
  readonly cookie: string | undefined;
}

type Headers = Readonly<Record<string, string>>;

class Walk {
  private constructor(
    readonly web: TestWeb,
    private readonly server: http.Server,
  ) {}

  /** A web in which every route finds what it is about. */
  static async begin(): Promise<Walk> {
    const web = testWeb({ control: new TinyControl([{ name: 'broken' }, { name: 'sshd' }], [BAN]) });
    const by = { who: 'admin', client: '' };
    const text = '[Definition]\n';
    for (const kind of ['filter', 'action'] as const) await web.config.editor.apply([{ kind, name: 'mine', text }], by);
    await web.notebook.addNote({ address: BAN.id, time: NOW, who: 'admin', text: 'first' });
    await web.rooms.trusted.add([{ entry: '192.0.2.1', note: '', end: null, jail: null }], 'admin', NOW);
    await web.notebook.addToken({ name: 'first', readOnly: true, createdBy: 'admin', created: NOW, hash: '0'.repeat(64) });
    const server = web.app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Walk(web, server);
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Answers when the status is known and, but for a stream, all of the text is there. */
  ask(method: Method, path: string, headers: Headers, body = ''): Promise<Answer> {
    const { port } = this.server.address() as AddressInfo;
    return new Promise((resolve, reject) => {
      const length = body === '' ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
      const asked = http.request({ host: '127.0.0.1', port, method, path, headers: { ...headers, ...length }, agent: false });
      asked.on('response', (response) => {
        let text = '';
        const { location, 'set-cookie': cookies } = response.headers;
        const done = (): void => resolve({ status: response.statusCode ?? 0, location, text, cookie: cookies?.[0]?.split(';')[0] });
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          done();
          response.destroy();
        }
        response.setEncoding('utf8').on('data', (part: string) => (text += part));
        response.on('end', done).on('error', done);
      });
      // A server that refuses early closes while we still send.
      asked.on('error', reject).end(body);
    });
  }

  /** A new session: only its cookie and its token. The link of the web works once. */
  async logIn(): Promise<{ readonly Cookie: string; readonly csrf: string }> {
    const type = 'application/x-www-form-urlencoded';
    const { cookie = '' } = await this.ask('post', '/login', { 'Content-Type': type }, `token=${TOKEN}`);
    const { text } = await this.ask('get', '/', { Cookie: cookie });
    return { Cookie: cookie, csrf: /name="_csrf" value="([^"]+)"/.exec(text)?.[1] ?? '' };
  }

  /** Sends the best request that a route could get; `csrf` goes where this kind of route wants it. */
  send(
    route: WalkedRoute,
    headers: Headers,
    csrf = '',
    wish: { readonly method?: Method; readonly filler?: string } = {},
  ): Promise<Answer> {
    const { kind, path, query, body } = route;
    const method = wish.method ?? route.method;
    const filler = wish.filler === undefined ? {} : { filler: wish.filler };
    const inQuery = new URLSearchParams(method === 'get' && kind === 'page' ? { ...(body as Headers), _csrf: csrf } : query).toString();
    const url = inQuery === '' ? path : `${path}?${inQuery}`;
    if (method === 'get') return this.ask(method, url, headers);
    if (kind === 'api') {
      const own = csrf === '' ? {} : { 'X-Bailiff-Csrf': csrf };
      return this.ask(method, url, { 'Content-Type': 'application/json', ...own, ...headers }, JSON.stringify({ ...body, ...filler }));
    }
    const form = new URLSearchParams({ ...(body as Headers), _csrf: csrf, ...filler }).toString();
    return this.ask(method, url, { 'Content-Type': 'application/x-www-form-urlencoded', ...headers }, form);
  }
}

let walk: Walk;
beforeEach(async () => {
  walk = await Walk.begin();
});
afterEach(() => walk.end());

/** Asks each route in turn; tells by its name what was answered otherwise than expected, and whatever changed. */
async function refusals(
  routes: readonly WalkedRoute[],
  send: (route: WalkedRoute) => Promise<Answer>,
  expected: (route: WalkedRoute) => string,
): Promise<void> {
  const wrong: string[] = [];
  for (const route of routes) {
    const before = await stateOf(walk.web);
    const { status, location } = await send(route);
    const said = location === undefined ? String(status) : `${status} ${location}`;
    if (said !== expected(route)) wrong.push(`${name(route)}: ${said} instead of ${expected(route)}`);
    if ((await stateOf(walk.web)) !== before) wrong.push(`${name(route)}: something changed`);
  }
  expect(wrong).toEqual([]);
}

/** The log-in is for everybody: it has to be walked by itself. */
const closed = ROUTES.filter(({ pattern }) => pattern !== '/login');
const toStrangers = ({ kind, method }: WalkedRoute): string => (kind === 'api' ? '401' : method === 'get' ? '303 /login' : '403');

describe('the walk over all routes', () => {
  it('finds the routes of every table', () => {
    const names = ROUTES.map(name);
    expect(names).toEqual(
      expect.arrayContaining(['get /', 'post /jails/:name', 'get /metrics', 'get /api/v1/stream', 'post /api/v1/bans']),
    );
    expect(new Set(names).size).toBe(names.length);
    const panel = allRoutes(testWeb({ secret: 'a'.repeat(64) }).app).map(name);
    expect(panel).toEqual(expect.arrayContaining(['get /panel/news', 'post /panel/logs']));
  });

  it('sends requests that do something when they are allowed, so that the walks below can fail', async () => {
    const idle: string[] = [];
    for (const route of writes.filter(({ pattern }) => pattern !== '/login')) {
      walk.end();
      walk = await Walk.begin();
      const { Cookie, csrf } = await walk.logIn();
      const before = await stateOf(walk.web);
      expect([name(route), (await walk.send(route, { Cookie }, csrf)).status]).not.toEqual([name(route), 403]);
      if ((await stateOf(walk.web)) === before) idle.push(name(route));
    }
    // These only try something out, end the session, or answer what was not asked.
    expect(idle.filter((one) => !/\/(test|check|preview|logout|still-here)$/.test(one))).toEqual([]);
  });

  it('inside the panel, without its signature', async () => {
    const web = testWeb({ secret: 'a'.repeat(64), control: new TinyControl([{ name: 'sshd' }], [BAN]) });
    const before = await stateOf(web);
    for (const route of allRoutes(web.app)) {
      const asked = request(web.app)[route.method](route.path).set('Host', 'bailiff').type('form');
      const { status } = await (route.method === 'get' ? asked : asked.send(new URLSearchParams(WHOLE_FORM).toString()));
      expect([name(route), status]).toEqual([name(route), 403]);
    }
    expect(await stateOf(web)).toBe(before);
  });

  it('as nobody', () => refusals(closed, (route) => walk.send(route, {}), toStrangers));

  it('with a forged cookie', () =>
    refusals(closed, (route) => walk.send(route, { Cookie: `bailiff_session=${'A'.repeat(43)}` }, 'A'.repeat(43)), toStrangers));

  it('with the cookie and the form of a session that was ended', async () => {
    const { Cookie, csrf } = await walk.logIn();
    const logOut = ROUTES.find(({ pattern }) => pattern === '/logout');
    expect(await walk.send(logOut!, { Cookie }, csrf)).toMatchObject({ status: 303 });
    await refusals(closed, (route) => walk.send(route, { Cookie }, csrf), toStrangers);
  });

  it.each([
    ['no token', ''],
    ['a token that was made up', 'A'.repeat(43)],
    ["another session's token", null],
  ])('writes with a session and %s', async (_what, made) => {
    const other = await Walk.begin();
    const csrf = made ?? (await other.logIn()).csrf;
    other.end();
    const { Cookie } = await walk.logIn();
    await refusals(
      writes.filter(({ pattern }) => pattern !== '/login'),
      (route) => walk.send(route, { Cookie }, csrf),
      () => '403',
    );
    expect((await walk.ask('get', '/bans', { Cookie })).status).toBe(200);
  });

  it.each([
    { Origin: 'http://evil.example' },
    { Origin: 'null' },
    { 'Sec-Fetch-Site': 'cross-site' },
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'http://evil.example', Referer: 'http://evil.example/x', 'Sec-Fetch-Site': 'cross-site' },
  ] as readonly Headers[])('writes with everything right, from another site: %j', async (foreign) => {
    const { Cookie, csrf } = await walk.logIn();
    await refusals(
      writes,
      (route) => walk.send(route, { Cookie, ...foreign }, csrf),
      () => '403',
    );
  });

  it('under a foreign host name', async () => {
    const { Cookie, csrf } = await walk.logIn();
    await refusals(
      ROUTES,
      (route) => walk.send(route, { Cookie, Host: 'rebound.example' }, csrf),
      () => '400',
    );
  });

  it.each([
    ['may only read', true],
    ['may write', false],
  ])('pages with the token of a program that %s', async (_what, readOnly) => {
    const Authorization = `Bearer ${await tokenOf(walk.web, readOnly)}`;
    await refusals(
      closed.filter(({ kind }) => kind === 'page'),
      (route) => walk.send(route, { Authorization }),
      toStrangers,
    );
  });

  it('writes of the API with a token that may only read', async () => {
    const Authorization = `Bearer ${await tokenOf(walk.web, true)}`;
    await refusals(
      writes.filter((route) => route.kind === 'api' && route.writes),
      (route) => walk.send(route, { Authorization }),
      () => '403',
    );
  });

  it('with every method that a path has not, as somebody who may do everything', async () => {
    const { Cookie, csrf } = await walk.logIn();
    const patterns = ROUTES.map(({ method, pattern }) => new RegExp(`^${method} ${pattern.replace(/:\w+/g, '[^/]+')}$`));
    const has = (method: Method, path: string): boolean => patterns.some((one) => one.test(`${method} ${path}`));
    const others = ROUTES.flatMap((route) => METHODS.filter((one) => !has(one, route.path)).map((method) => ({ ...route, method })));
    await refusals(
      others,
      (route) => walk.send(route, { Cookie }, csrf),
      () => '404',
    );
  });

  it('reads with the whole form in the query', async () => {
    const { Cookie, csrf } = await walk.logIn();
    for (const route of ROUTES) {
      const before = await stateOf(walk.web);
      const { status } = await walk.send(route, { Cookie }, csrf, { method: 'get' });
      expect([name(route), status < 500]).toEqual([name(route), true]);
      expect([name(route), await stateOf(walk.web)]).toEqual([name(route), before]);
    }
    expect((await walk.ask('get', '/bans', { Cookie })).status).toBe(200);
  });

  it('writes that are too large, as somebody who may do everything', async () => {
    const filler = 'x'.repeat(4 * 1024 * 1024);
    const { Cookie, csrf } = await walk.logIn();
    await refusals(
      writes.filter(({ takesBody }) => takesBody),
      (route) => walk.send(route, { Cookie }, csrf, { filler }),
      () => '413',
    );
  });
});
