/** Who asks for a page, and how the pages find it out: by a session's cookie when they stand alone, by the panel's signature inside Plesk. */
import type { Request, RequestHandler, Response } from 'express';
import type { Notice } from './page';

export interface Visitor {
  /** Log-in name. */
  readonly user: string;
  /** The secret that every form of this visitor must bring along. */
  readonly csrfToken: string;
  /** The notice kept for the next page, which is then forgotten; null when there is none, or the page was asked for by a script. */
  takeNotice(): Notice | null;
  leaveNotice(notice: Notice): void;
}

/** The way in. */
export interface Door {
  /** What each request passes before anything else looks at it. */
  readonly gate?: readonly RequestHandler[];
  /** Null for nobody. */
  visitor(req: Request): Visitor | null;
  /** The address of whoever looks at the page. */
  client(req: Request): string;
  /** Sends nobody to where one becomes somebody. */
  turnAway(res: Response): void;
  /** Begins a session for a user; replaces the one of the request. */
  begin(req: Request, res: Response, user: string): void;
  end(req: Request, res: Response): void;
}
