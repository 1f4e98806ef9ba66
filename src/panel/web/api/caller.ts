/** Finds out who calls the API: a program by its token, or a page of ours by the visitor's session. */
import type { Request } from 'express';
import type { Actor } from '../acts/actor';
import { sameOrigin, sameSecret } from '../csrf';
import type { PageWorld } from '../page';
import type { Door } from '../visitor';
import { ApiError } from './problem';
import { hashOfSecret, secretOf } from './token';

/** A page's script sends the visitor's secret in this header with every write. */
export const CSRF_HEADER = 'x-bailiff-csrf';

export interface Caller extends Actor {
  readonly mayWrite: boolean;
}

/** @throws ApiError 401 for nobody, 403 for a write that another site's page could have sent, 429 after too many wrong tokens */
export async function callerOf(req: Request, world: PageWorld, door: Door): Promise<Caller> {
  const client = door.client(req);
  const { authorization } = req.headers;
  if (authorization !== undefined) return byToken(authorization, client, world);
  const visitor = door.visitor(req);
  if (visitor === null) throw new ApiError(401, 'Send a token: Authorization: Bearer bailiff_…');
  const { origin, host = '' } = req.headers;
  const site = req.headers['sec-fetch-site'];
  const csrf = req.headers[CSRF_HEADER];
  const ours =
    sameOrigin({ origin, fetchSite: typeof site === 'string' ? site : undefined, host }) &&
    typeof csrf === 'string' &&
    sameSecret(csrf, visitor.csrfToken);
  if (req.method !== 'GET' && !ours) throw new ApiError(403, `A session needs its secret in the header ${CSRF_HEADER} for every write.`);
  return { who: visitor.user, client, mayWrite: true };
}

async function byToken(header: string, client: string, world: PageWorld): Promise<Caller> {
  const seconds = world.login.waitFor(client);
  if (seconds > 0) throw new ApiError(429, `Too many wrong tokens; try again in ${Math.ceil(seconds)} seconds.`);
  const secret = secretOf(header);
  const token = secret === null ? null : await world.notebook.tokenByHash(hashOfSecret(secret), world.clock.now());
  if (token === null) {
    world.login.refuseToken(client);
    throw new ApiError(401, 'This token is not known. Tokens are made on the page Settings.');
  }
  return { who: `token ${token.name}`, client, mayWrite: !token.readOnly };
}
