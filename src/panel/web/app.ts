/** Makes the express app of the pages from the route table: headers, assets, way in, forgery check, page, layout. It does not listen. */
import express, { type ErrorRequestHandler, type Express, type Request, type Response } from 'express';
import helmet from 'helmet';
import path from 'node:path';
import { ENDPOINTS } from './api/endpoints';
import { metricsRouter } from './api/metrics';
import { apiRouter } from './api/router';
import { CSRF_FIELD, hostName, sameOrigin, sameSecret } from './csrf';
import { createAtWork } from './at-work';
import { download } from './download';
import { createEngineState } from './engine-state';
import { errorPage, HttpError } from './error-page';
import { formOf, type Form } from './form';
import { formParser } from './form-parser';
import { preferredLanguage } from './language';
import type { MessageKey } from './messages';
import type { HtmlAnswer, PageRequest, PageWorld, RedirectAnswer } from './page';
import { panelData } from './panel-data';
import { FRAME_HEADER, frameHeader, panelFrame } from './panel-frame';
import type { Places, Renderer } from './render';
import type { Route } from './route';
import { ROUTES, TABS } from './routes';
import { stillHere } from './still-here';
import type { Door, Visitor } from './visitor';

export interface WebSettings {
  /** Shown in the header: the machine's name. */
  readonly serverName: string;
  /** Host names by which the pages may be called; others could be another site's page (DNS rebinding). */
  readonly hosts: readonly string[];
  /** Folder of our own static files; of it only `css`, `js` and `images` are served. */
  readonly assets: string;
  /** Folder `dist` of @plesk/ui-library; left out inside Plesk, which has its own. */
  readonly uiLibrary?: string;
  /** BCP 47: for browsers that prefer no language of ours. */
  readonly language: string;
  /** Inside Plesk: where the panel has the pages and their files. Left out when they stand alone. */
  readonly panel?: Places;
}

export interface WebDeps extends PageWorld {
  readonly door: Door;
  readonly render: Renderer;
  readonly settings: WebSettings;
}

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

/** Refuses a write that another site's page could have sent. */
function guardWrite(req: Request, route: Route, form: Form, visitor: Visitor | null): void {
  const { origin, 'sec-fetch-site': site, host = '' } = req.headers;
  if (!sameOrigin({ origin, fetchSite: typeof site === 'string' ? site : undefined, host })) throw new HttpError(403, 'error.403');
  if (route.needsLogin && visitor === null) throw new HttpError(403, 'error.403');
  if (route.needsCsrf && (visitor === null || !sameSecret(form.get(CSRF_FIELD), visitor.csrfToken))) throw new HttpError(403, 'error.403');
}

export function createApp(deps: WebDeps): Express {
  const { settings, clock, logger, door } = deps;
  const engineState = createEngineState(deps.control, clock);
  const atWork = createAtWork(deps.control, clock, logger);
  const app = express();
  app.disable('x-powered-by');
  app.set('query parser', 'simple');
  app.set('trust proxy', false);
  const layout = settings.panel === undefined ? 'layouts/standalone' : 'layouts/panel';

  const send = async (req: Request, res: Response, visitor: Visitor | null, page: string, answer: HtmlAnswer): Promise<void> => {
    const data = {
      ...answer.data,
      body: `pages/${answer.view}`,
      title: answer.title,
      heading: answer.heading,
      server: settings.serverName,
      loggedIn: visitor !== null,
      user: visitor?.user,
      csrfToken: visitor?.csrfToken,
      notice: visitor?.takeNotice() ?? null,
      here:
        visitor === null ? null : stillHere(deps.handle, { user: visitor.user, client: door.client(req), path: pathOf(req) }, clock.now()),
      posted: req.method === 'POST',
      tabs: TABS.map((tab) => ({ ...tab, selected: tab.pages.includes(page) })),
      engine: visitor === null ? null : await engineState(),
    };
    if (answer.retryAfter !== undefined) res.set('Retry-After', String(Math.ceil(answer.retryAfter)));
    res.status(answer.status ?? 200).set({ 'Cache-Control': 'no-store', Vary: 'Cookie, Accept-Language' });
    const language = preferredLanguage(req.headers['accept-language'], settings.language);
    const { title, heading } = answer;
    if (settings.panel !== undefined) res.set(FRAME_HEADER, frameHeader(panelFrame({ title, heading, tabs: data.tabs }, language)));
    res.type('html').send(deps.render(visitor === null ? 'layouts/plain' : layout, data, language, settings.panel));
  };

  const redirect = (req: Request, res: Response, visitor: Visitor | null, answer: RedirectAnswer): void => {
    if (answer.session === 'end') door.end(req, res);
    else if (answer.session !== undefined) door.begin(req, res, answer.session.begin);
    if (answer.notice !== undefined) visitor?.leaveNotice(answer.notice);
    res.redirect(303, answer.to);
  };

  const handle = async (req: Request, res: Response, route: Route): Promise<void> => {
    const visitor = door.visitor(req);
    const form = formOf(req.body);
    if (route.method === 'post') guardWrite(req, route, form, visitor);
    if (route.needsLogin && visitor === null) {
      door.turnAway(res);
      return;
    }
    if (visitor !== null) atWork(door.client(req));
    const request: PageRequest = {
      params: formOf(req.params).plain(),
      query: formOf(req.query),
      form,
      url: req.originalUrl,
      client: door.client(req),
      user: visitor?.user ?? '',
      language: preferredLanguage(req.headers['accept-language'], settings.language),
      loggedIn: visitor !== null,
    };
    const answer = await route.run(request, deps);
    if (answer.kind === 'page') await send(req, res, visitor, route.page, answer);
    else if (answer.kind === 'download') await download(res, answer);
    else redirect(req, res, visitor, answer);
  };

  const onError: ErrorRequestHandler = async (error: unknown, req, res, next) => {
    if (res.headersSent) return next(error);
    const page = errorPage(error, logger);
    await send(req, res, door.visitor(req), '', { ...page, data: { ...page.data, retry: page.status === 503 && req.method === 'GET' } });
  };

  app.use(headers);
  app.use((req, _res, next) => next(settings.hosts.includes(hostName(req.headers.host)) ? undefined : new HttpError(400, 'error.400')));
  for (const guard of door.gate ?? []) app.use(guard);
  for (const folder of ['css', 'js', 'images']) app.use(`/assets/${folder}`, express.static(path.join(settings.assets, folder), ASSETS));
  if (settings.uiLibrary !== undefined) app.use('/ui', express.static(settings.uiLibrary, ASSETS));
  if (settings.panel !== undefined) app.use('/panel', panelData(deps));
  app.use('/api/v1', apiRouter(ENDPOINTS, deps, door));
  app.use('/metrics', metricsRouter(deps, door));
  // Inside the panel there is no log-in of ours.
  for (const route of ROUTES.filter(({ page }) => settings.panel === undefined || page !== 'login')) {
    const run = (req: Request, res: Response): Promise<void> => handle(req, res, route);
    // Lists with thousands of marked rows and pasted files are for those who are logged in; nobody else may send much.
    const limits = route.needsLogin ? { limit: '4mb', parameterLimit: 20_000 } : { limit: '64kb', parameterLimit: 20 };
    if (route.method === 'get') app.get(route.path, run);
    else app.post(route.path, strangersAway(route, door), formParser(limits), run);
  }
  app.use(() => {
    throw new HttpError(404, 'error.404' satisfies MessageKey);
  });
  app.use(onError);
  return app;
}

/** Where to come back to; what answers a form is at no address of its own. */
function pathOf(req: Request): string {
  return req.method === 'GET' ? req.originalUrl : '/';
}

/** Nobody's body is read where nobody may write. */
function strangersAway(route: Route, door: Door): express.RequestHandler {
  return (req, _res, next) => next(route.needsLogin && door.visitor(req) === null ? new HttpError(403, 'error.403') : undefined);
}
