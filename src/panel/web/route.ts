/** A row of the route table: a path, who may ask, and the page that answers. */
import type { Page } from './page';

export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Name of the module in pages/ and of the template in views/pages/. */
  readonly page: string;
  readonly needsLogin: boolean;
  /** The session's token must come with the form. All writes but the log-in itself, which has no session yet. */
  readonly needsCsrf: boolean;
  readonly run: Page;
}

/** A page to look at, for somebody who is logged in. */
export function get(path: string, page: string, run: Page): Route {
  return { method: 'get', path, page, run, needsLogin: true, needsCsrf: false };
}

/** A write, for somebody who is logged in and sends the session's token. */
export function post(path: string, page: string, run: Page): Route {
  return { method: 'post', path, page, run, needsLogin: true, needsCsrf: true };
}
