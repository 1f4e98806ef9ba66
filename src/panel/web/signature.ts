/** Makes and judges the panel's signature under a request: an HMAC-SHA256 over everything that says who wants what, keyed by a shared secret. */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { sameSecret } from './csrf';

/** Seconds that the panel's time may be away from ours. */
export const WINDOW = 30;
/** SHA-256 of nothing: what a request without a body is signed with. */
export const NO_BODY = createHash('sha256').update('').digest('hex');

/** What is signed. None of the values holds a line break. */
export interface SignedRequest {
  readonly method: string;
  /** With the query, as it stands in the request. */
  readonly path: string;
  /** SHA-256 of the body, hex. */
  readonly body: string;
  /** Log-in name, percent-encoded. */
  readonly user: string;
  /** Address of the reader. */
  readonly client: string;
  /** Accept-Language. */
  readonly language: string;
  /** Seconds since the epoch, decimal. */
  readonly time: string;
  readonly nonce: string;
}

export function bodyHash(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

/** The signature as hex. The first line names the form of the text, so that another form can never be taken for it. */
export function signatureOf(secret: string, request: SignedRequest): string {
  const { method, path, body, user, client, language, time, nonce } = request;
  return createHmac('sha256', secret)
    .update(['bailiff-request-1', method, path, body, user, client, language, time, nonce].join('\n'))
    .digest('hex');
}

/** The headers that carry a signed request, as the panel's PHP sends them. */
export function signedHeaders(secret: string, request: SignedRequest): Readonly<Record<string, string>> {
  return {
    'x-bailiff-body': request.body,
    'x-bailiff-user': request.user,
    'x-bailiff-client': request.client,
    'accept-language': request.language,
    'x-bailiff-time': request.time,
    'x-bailiff-nonce': request.nonce,
    'x-bailiff-signature': signatureOf(secret, request),
  };
}

/** The signed request that headers claim to be; null when one is missing or out of shape. */
export function claimOf(
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
): { readonly request: SignedRequest; readonly signature: string } | null {
  const value = (name: string, shape: RegExp): string | null => {
    const header = headers[name];
    return typeof header === 'string' && shape.test(header) ? header : null;
  };
  const body = value('x-bailiff-body', /^[0-9a-f]{64}$/);
  const user = value('x-bailiff-user', /^[\w.~%!'()*-]{1,1000}$/);
  const client = value('x-bailiff-client', /^[0-9A-Fa-f.:]{2,45}$/);
  const language = value('accept-language', /^[A-Za-z0-9-]{2,20}$/);
  const time = value('x-bailiff-time', /^\d{1,12}$/);
  const nonce = value('x-bailiff-nonce', /^[0-9a-f]{32}$/);
  const signature = value('x-bailiff-signature', /^[0-9a-f]{64}$/);
  if (body === null || user === null || client === null || language === null || time === null || nonce === null || signature === null)
    return null;
  return { request: { method, path, body, user, client, language, time, nonce }, signature };
}

/** Whether the secret's owner signed this, and just now. Whether it comes for the first time, the nonces tell. */
export function isGenuine(secret: string, claim: { readonly request: SignedRequest; readonly signature: string }, now: number): boolean {
  return Math.abs(now - Number(claim.request.time)) <= WINDOW && sameSecret(claim.signature, signatureOf(secret, claim.request));
}

/** Remembers nonces for as long as a signature with them would still be taken. */
export class Nonces {
  /** Nonce and the time from which it may be forgotten, oldest first. */
  private readonly seen = new Map<string, number>();

  /** False when the nonce came before. Only nonces under a good signature get here: nobody else can fill the memory. */
  take(nonce: string, now: number): boolean {
    for (const [old, until] of this.seen) {
      if (until > now) break;
      this.seen.delete(old);
    }
    if (this.seen.has(nonce)) return false;
    this.seen.set(nonce, now + 2 * WINDOW + 1);
    return true;
  }
}
