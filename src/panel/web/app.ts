/** Makes the express app of the stand-alone pages from the route table: headers, assets, log-in, forgery check, page, layout. It does not listen. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import path from 'node:path';
import { CSRF_FIELD, hostName, sameOrigin, sameSecret } from './csrf';
import { errorPage, HttpError } from './error-page';
import type { MessageKey } from './messages';
import type { PageAnswer, PageRequest, PageWorld } from './page';
import type { Renderer } from './render';
import { ROUTES, type Route, TABS } from './routes';
import { cookieValue, SESSION_COOKIE, type Session, Sessions } from './session';
import { createEngineState } from './engine-state';

export interface WebSettings {
  /** Shown in the header: the machine's name. */
  readonly serverName: string;
  /** Host names by which the pages may be called; others could be another site's page (DNS rebinding). */
  readonly hosts: readonly string[];
  /** Folder of our own static files; of it only `css`, `js` and `images` are served. */
  readonly assets: string;
  /** Folder `dist` of @plesk/ui-library. */
  readonly uiLibrary: string;
  /** BCP 47. */
  readonly language: string;
}

export interface WebDeps extends PageWorld {
  readonly render: Renderer;
  readonly settings: WebSettings;
}

/** Set by the script when it asks for the page again: such a request keeps no session alive. */
const LIVE_HEADER = 'x-bailiff-live';
const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/' } as const;
const ASSETS = { index: false, maxAge: '1h', fallthrough: true, dotfiles: 'ignore' } as const;

const headers = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      scriptSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
    },
  },
  strictTransportSecurity: false,
  // Not no-referrer: with it browsers send `Origin: null` with our own forms.
  referrerPolicy: { policy: 'same-origin' },
  xFrameOptions: { action: 'deny' },
});

/** The session of each request that has one. */
type Found = { readonly token: string; readonly session: Session } | null;

function words(record: unknown): Record<string, string> {
  const entries = Object.entries((record ?? {}) as Record<string, unknown>);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** An IPv4 client of a dual-stack socket is an IPv4 client. */
function clientOf(req: Request): string {
  return (req.socket.remoteAddress ?? '').replace(/^::ffff:(?=[\d.]+$)/i, '');
}

export function createApp(deps: WebDeps): Express {
  const { settings, clock, logger } = deps;
  const sessions = new Sessions();
  const engineState = createEngineState(deps.control, clock);
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', false);

  const find = (req: Request): Found => {
    const token = cookieValue(req.headers.cookie, SESSION_COOKIE);
    const session = sessions.find(token, clock.now(), req.headers[LIVE_HEADER] === undefined);
    return token === null || session === null ? null : { token, session };
  };

  const send = async (req: Request, res: Response, found: Found, page: string, answer: PageAnswer & { kind: 'page' }): Promise<void> => {
    const notice = found?.session.notice ?? null;
    if (found !== null && req.headers[LIVE_HEADER] === undefined) found.session.notice = null;
    const data = {
      ...answer.data,
      body: `pages/${answer.view}`,
      title: answer.title,
      server: settings.serverName,
      loggedIn: found !== null,
      csrfToken: found?.session.csrfToken,
      notice: notice === null ? null : { tone: notice.tone, message: notice.text, params: notice.params ?? {} },
      tabs: TABS.map((tab) => ({ ...tab, selected: tab.page === page })),
      engine: found === null ? null : await engineState(),
    };
    if (answer.retryAfter !== undefined) res.set('Retry-After', String(Math.ceil(answer.retryAfter)));
    res
      .status(answer.status ?? 200)
      .set('Cache-Control', 'no-store')
      .type('html');
    res.send(deps.render(found === null ? 'layouts/plain' : 'layouts/standalone', data, settings.language));
  };

  const guard = (req: Request, route: Route, found: Found): void => {
    if (route.method === 'get') return;
    const { origin, 'sec-fetch-site': site, host = '' } = req.headers;
    if (!sameOrigin({ origin, fetchSite: typeof site === 'string' ? site : undefined, host })) throw new HttpError(403, 'error.403');
    if (route.needsLogin && found === null) throw new HttpError(403, 'error.403');
    const token = words(req.body)[CSRF_FIELD] ?? '';
    if (route.needsCsrf && (found === null || !sameSecret(token, found.session.csrfToken))) throw new HttpError(403, 'error.403');
  };

  const handle = async (req: Request, res: Response, route: Route): Promise<void> => {
    const found = find(req);
    guard(req, route, found);
    if (route.needsLogin && found === null) {
      res.redirect(303, '/login');
      return;
    }
    const request: PageRequest = {
      params: words(req.params),
      query: words(req.query),
      form: words(req.body),
      client: clientOf(req),
      loggedIn: found !== null,
    };
    const answer = await route.run(request, deps);
    if (answer.kind === 'page') return send(req, res, found, route.page, answer);
    if (answer.session !== undefined && found !== null) sessions.end(found.token);
    if (answer.session === 'begin') res.cookie(SESSION_COOKIE, sessions.begin(clock.now()), COOKIE);
    if (answer.session === 'end') res.clearCookie(SESSION_COOKIE, COOKIE);
    if (answer.notice !== undefined && found !== null) found.session.notice = answer.notice;
    res.redirect(303, answer.to);
  };

  const onError: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const page = errorPage(error, logger);
    await send(req, res, find(req), '', { ...page, data: { ...page.data, retry: page.status === 503 && req.method === 'GET' } });
  };

  app.use(headers);
  app.use((req, _res, next) => next(settings.hosts.includes(hostName(req.headers.host)) ? undefined : new HttpError(400, 'error.400')));
  for (const folder of ['css', 'js', 'images']) app.use(`/assets/${folder}`, express.static(path.join(settings.assets, folder), ASSETS));
  app.use('/ui', express.static(settings.uiLibrary, ASSETS));
  const form = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 200 });
  for (const route of ROUTES) {
    const run = (req: Request, res: Response): Promise<void> => handle(req, res, route);
    if (route.method === 'get') app.get(route.path, run);
    else app.post(route.path, form, run);
  }
  app.use(() => {
    throw new HttpError(404, 'error.404' satisfies MessageKey);
  });
  app.use(onError);
  return app;
}
