/** Sessions of the stand-alone pages, in memory: a random token in the browser's cookie, its hash and the session's data here. */
import { createHash, randomBytes } from 'node:crypto';
import type { Notice } from './page';

export const SESSION_COOKIE = 'bailiff_session';
/** Without a request for so many seconds a session ends. */
const IDLE_END = 1800;
/** However busy, a session ends after so many seconds. */
const LAST_END = 12 * 3600;
/** More sessions than anybody needs; the one idle longest makes room. */
const MAX_SESSIONS = 200;

export interface Session {
  /** Log-in name. */
  readonly user: string;
  readonly csrfToken: string;
  readonly began: number;
  lastUsed: number;
  /** Shown once on the next page. */
  notice: Notice | null;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}

/** A token that cannot be guessed: 256 bits, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** The value of one cookie of a Cookie header; null when it is not there. */
export function cookieValue(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return null;
}

export class Sessions {
  private readonly byHash = new Map<string, Session>();

  /** Begins a session of a user and returns the token for the cookie. */
  begin(user: string, now: number): string {
    this.sweep(now);
    const token = newToken();
    this.byHash.set(hashOf(token), { user, csrfToken: newToken(), began: now, lastUsed: now, notice: null });
    return token;
  }

  /** The session of a token while it lasts. `touch` false is for requests that the page makes by itself: they keep nothing alive. */
  find(token: string | null, now: number, touch: boolean): Session | null {
    if (token === null) return null;
    const hash = hashOf(token);
    const session = this.byHash.get(hash);
    if (session === undefined) return null;
    if (ended(session, now)) {
      this.byHash.delete(hash);
      return null;
    }
    if (touch) {
      session.lastUsed = now;
      this.byHash.delete(hash);
      this.byHash.set(hash, session);
    }
    return session;
  }

  end(token: string | null): void {
    if (token !== null) this.byHash.delete(hashOf(token));
  }

  private sweep(now: number): void {
    for (const [hash, session] of this.byHash) {
      if (ended(session, now) || this.byHash.size >= MAX_SESSIONS) this.byHash.delete(hash);
      else if (this.byHash.size < MAX_SESSIONS) break;
    }
  }
}

function ended(session: Session, now: number): boolean {
  return now - session.lastUsed > IDLE_END || now - session.began > LAST_END;
}
