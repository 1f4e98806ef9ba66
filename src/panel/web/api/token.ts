/** Tokens of programs that call the API: a secret that is shown once, and the hash of it that is kept. */
import { createHash, randomBytes } from 'node:crypto';

/** So that a token is known for one where it turns up: in a log, in a repository. */
const PREFIX = 'bailiff_';

/** A new secret: 256 bits. */
export function newSecret(): string {
  return PREFIX + randomBytes(32).toString('base64url');
}

/** What is kept of a secret. It is long and random, so that one round of a plain hash is enough. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The secret of an Authorization header; null when it holds none of ours. */
export function secretOf(header: string | undefined): string | null {
  return /^Bearer (bailiff_[A-Za-z0-9_-]{43})$/i.exec(header ?? '')?.[1] ?? null;
}
