/** Requests as the panel's PHP signs them, for tests of the pages inside Plesk; every part can be bent. */
import { randomBytes } from 'node:crypto';
import type { Express } from 'express';
import request from 'supertest';
import { bodyHash, signedHeaders, type SignedRequest } from '../../src/panel/web/signature';
import { NOW } from './web';

export const SECRET = 'a'.repeat(64);

export interface Bent {
  readonly secret?: string;
  readonly signed?: Partial<SignedRequest>;
  /** Set after signing. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent instead of what was signed. */
  readonly body?: string;
  readonly path?: string;
  readonly type?: string;
}

/** Sends a signed request; a form makes it a POST. */
export function send(app: Express, path: string, form: string | null = null, bent: Bent = {}): request.Test {
  const method = form === null ? 'GET' : 'POST';
  const signed: SignedRequest = {
    method,
    path,
    body: bodyHash(Buffer.from(form ?? '')),
    user: 'admin',
    client: '192.0.2.10',
    language: 'en-US',
    time: String(NOW),
    nonce: randomBytes(16).toString('hex'),
    ...bent.signed,
  };
  const to = bent.path ?? path;
  const test = method === 'GET' ? request(app).get(to) : request(app).post(to);
  void test.set('Host', 'bailiff').set({ ...signedHeaders(bent.secret ?? SECRET, signed), ...bent.headers });
  if (form === null) return test;
  return test.type(bent.type ?? 'application/x-www-form-urlencoded').send(bent.body ?? form);
}

/** The token that the forms of a page carry. */
export function formToken(page: string): string {
  return /name="_csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
}
