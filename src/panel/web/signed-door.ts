/** The way in of the pages inside Plesk: the panel's PHP vouches for the administrator by signing each request; there is no log-in and no session. */
import { createHmac } from 'node:crypto';
import express, { type Request, type RequestHandler } from 'express';
import type { Clock } from '../../base/clock';
import { HttpError } from './error-page';
import { formParser } from './form-parser';
import type { Notice } from './page';
import { bodyHash, claimOf, isGenuine, NO_BODY, Nonces, type SignedRequest } from './signature';
import type { Door, Visitor } from './visitor';

/** The script asks for the page again: such a request shows no notice. */
const LIVE_HEADER = 'x-bailiff-live';
/** Notices that wait for their reader's next page; more than there are administrators. */
const MAX_NOTICES = 100;

interface Known {
  readonly signed: SignedRequest;
  readonly visitor: Visitor;
}

export interface SignedDoor extends Door {
  /** What each request passes before anything else looks at it: unsigned, altered, old or repeated ones end here. */
  readonly gate: readonly RequestHandler[];
}

function nameOf(user: string): string | null {
  try {
    return decodeURIComponent(user);
  } catch {
    return null;
  }
}

const LIMITS = { limit: '4mb', inflate: false } as const;

export function signedDoor(secret: string, clock: Clock): SignedDoor {
  const nonces = new Nonces();
  const notices = new Map<string, Notice>();
  const requests = new WeakMap<Request, Known | null>();
  const checkedBodies = new WeakSet<object>();

  function visitorOf(user: string, live: boolean): Visitor {
    return {
      user,
      // The panel keeps other sites away; this is a second lock, of our own key.
      csrfToken: createHmac('sha256', secret).update(`bailiff-form-1\n${user}`).digest('base64url'),
      takeNotice() {
        if (live) return null;
        const notice = notices.get(user) ?? null;
        notices.delete(user);
        return notice;
      },
      leaveNotice(notice) {
        notices.delete(user);
        const oldest = notices.keys().next();
        if (notices.size >= MAX_NOTICES && oldest.done !== true) notices.delete(oldest.value);
        notices.set(user, notice);
      },
    };
  }

  function judge(req: Request): Known | null {
    const claim = claimOf(req.method, req.originalUrl, req.headers);
    const now = clock.now();
    if (claim === null || !isGenuine(secret, claim, now) || !nonces.take(claim.request.nonce, now)) return null;
    const user = nameOf(claim.request.user);
    return user === null ? null : { signed: claim.request, visitor: visitorOf(user, req.headers[LIVE_HEADER] !== undefined) };
  }

  /** Judged once: a nonce serves one time. */
  function known(req: Request): Known | null {
    const before = requests.get(req);
    if (before !== undefined) return before;
    const found = judge(req);
    requests.set(req, found);
    return found;
  }

  function verify(req: object, body: Buffer): void {
    if (known(req as Request)?.signed.body !== bodyHash(body)) throw new HttpError(403, 'error.403');
    checkedBodies.add(req);
  }

  const signedOnly: RequestHandler = (req, _res, next) => next(known(req) === null ? new HttpError(403, 'error.403') : undefined);

  /** A body of another type was not read, so nobody can say that it is the one that was signed. */
  const wholeOnly: RequestHandler = (req, _res, next) => {
    const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
    const whole = checkedBodies.has(req) || (!hasBody && known(req)?.signed.body === NO_BODY);
    next(whole ? undefined : new HttpError(403, 'error.403'));
  };

  return {
    gate: [
      signedOnly,
      formParser({ ...LIMITS, parameterLimit: 20_000, verify }),
      express.json({ ...LIMITS, verify: (req, _res, body) => verify(req, body) }),
      wholeOnly,
    ],
    visitor: (req) => known(req)?.visitor ?? null,
    client: (req) => known(req)?.signed.client ?? '',
    turnAway: (res) => void res.status(403).type('text').send("This is the panel's door.\n"),
    begin() {
      throw new HttpError(404, 'error.404');
    },
    end() {
      throw new HttpError(404, 'error.404');
    },
  };
}
