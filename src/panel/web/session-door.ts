/** The way in of the stand-alone pages: a log-in that begins a session, whose token the browser keeps in a cookie. */
import type { Request, Response } from 'express';
import type { Clock } from '../../base/clock';
import { cookieValue, SESSION_COOKIE, type Session, Sessions } from './session';
import type { Door, Visitor } from './visitor';

/** Set by the script when it asks for the page again: such a request keeps no session alive and shows no notice. */
const LIVE_HEADER = 'x-bailiff-live';
const COOKIE = { httpOnly: true, sameSite: 'strict', path: '/' } as const;

function visitorOf(session: Session, live: boolean): Visitor {
  return {
    user: session.user,
    csrfToken: session.csrfToken,
    takeNotice() {
      if (live) return null;
      const { notice } = session;
      session.notice = null;
      return notice;
    },
    leaveNotice(notice) {
      session.notice = notice;
    },
  };
}

export function sessionDoor(clock: Clock): Door {
  const sessions = new Sessions();
  const tokenOf = (req: Request): string | null => cookieValue(req.headers.cookie, SESSION_COOKIE);
  return {
    visitor(req) {
      const live = req.headers[LIVE_HEADER] !== undefined;
      const session = sessions.find(tokenOf(req), clock.now(), !live);
      return session === null ? null : visitorOf(session, live);
    },
    // An IPv4 client of a dual-stack socket is an IPv4 client.
    client: (req) => (req.socket.remoteAddress ?? '').replace(/^::ffff:(?=[\d.]+$)/i, ''),
    turnAway: (res) => res.redirect(303, '/login'),
    begin(req: Request, res: Response, user: string) {
      sessions.end(tokenOf(req));
      res.cookie(SESSION_COOKIE, sessions.begin(user, clock.now()), COOKIE);
    },
    end(req, res) {
      sessions.end(tokenOf(req));
      res.clearCookie(SESSION_COOKIE, COOKIE);
    },
  };
}
