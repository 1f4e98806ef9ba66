/** Makes the express router of /api/v1 from the table of endpoints: who calls, may they, is it well formed, then the endpoint, then JSON. */
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { Logger } from '../../../base/logger';
import { steeringEscaped } from '../../../base/steering';
import { BAILIFF_VERSION } from '../../../model/version';
import type { PageWorld } from '../page';
import { Streams } from './stream';
import type { Door } from '../visitor';
import { callerOf } from './caller';
import type { Endpoint } from './endpoint';
import { openApiDocument } from './openapi';
import { ApiError, problemOfError } from './problem';

const BODY_LIMIT = '4mb';

function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Much of it is text of a log, and who asks may read it in a terminal. */
function sendJson(res: Response, value: unknown): void {
  res.type('application/json').send(steeringEscaped(JSON.stringify(value)));
}

async function answer(req: Request, res: Response, endpoint: Endpoint, world: PageWorld, door: Door): Promise<void> {
  const caller = await callerOf(req, world, door);
  if (endpoint.writes && !caller.mayWrite) throw new ApiError(403, 'This token may only read.');
  const input = {
    params: endpoint.params.parse(req.params),
    query: endpoint.query.parse(req.query),
    body: endpoint.body === null ? null : endpoint.body.parse(await bodyOf(req, res)),
  };
  const result = await endpoint.run(input, world, { who: caller.who, client: caller.client });
  sendJson(res.status(endpoint.status), result);
}

const parseJson = express.json({ limit: BODY_LIMIT, strict: true });

/** The body is read only after it is known who calls. */
function bodyOf(req: Request, res: Response): Promise<unknown> {
  if (req.is('application/json') === false) throw new ApiError(415, 'The body has to be JSON: Content-Type: application/json');
  return new Promise((resolve, reject) => {
    parseJson(req, res, (error?: unknown) => {
      if (error === undefined) resolve(req.body);
      else reject(error instanceof Error ? error : new Error(String(error)));
    });
  });
}

/** Answers what was thrown with problem details. */
export function refusal(logger: Logger): ErrorRequestHandler {
  return (error: unknown, _req, res, next) => {
    if (res.headersSent) return next(error);
    const problem = problemOfError(error, logger);
    res
      .status(problem.status)
      .type('application/problem+json')
      .send(steeringEscaped(JSON.stringify(problem)));
  };
}

export function apiRouter(endpoints: readonly Endpoint[], world: PageWorld, door: Door): Router {
  const router = Router();
  // Some thirty milliseconds of each start, and seldom asked for.
  let document: ReturnType<typeof openApiDocument> | null = null;
  router.use((_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', Vary: 'Cookie, Authorization' });
    next();
  });
  const streams = new Streams(world.live, world.clock);
  router.get('/stream', async (req, res) => {
    await callerOf(req, world, door);
    streams.begin(res);
  });
  router.get('/openapi.json', async (req, res) => {
    await callerOf(req, world, door);
    sendJson(res, (document ??= openApiDocument(endpoints, BAILIFF_VERSION)));
  });
  for (const endpoint of endpoints)
    router[endpoint.method](expressPath(endpoint.path), (req, res) => answer(req, res, endpoint, world, door));
  router.use(() => {
    throw new ApiError(404, 'There is no such endpoint; /api/v1/openapi.json lists all of them.');
  });
  router.use(refusal(world.logger));
  return router;
}
