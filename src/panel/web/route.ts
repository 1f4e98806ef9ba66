/** A row of the route table: a path, who may ask, and the page that answers. */
import type { EditingWorld, Page } from './page';

interface RouteHead {
  readonly method: 'get' | 'post';
  readonly path: string;
  /** Name of the module in pages/ and of the template in views/pages/. */
  readonly page: string;
  readonly needsLogin: boolean;
  /** The session's token must come with the form. All writes but the log-in itself, which has no session yet. */
  readonly needsCsrf: boolean;
}

export interface Route extends RouteHead {
  readonly run: Page;
}

/** A page that is only there where the configuration may be changed. */
export interface EditingRoute extends RouteHead {
  readonly run: Page<EditingWorld>;
}

/** A page to look at, for somebody who is logged in. */
export function get<Run>(path: string, page: string, run: Run): RouteHead & { readonly run: Run } {
  return { method: 'get', path, page, run, needsLogin: true, needsCsrf: false };
}

/** A write, for somebody who is logged in and sends the session's token. */
export function post<Run>(path: string, page: string, run: Run): RouteHead & { readonly run: Run } {
  return { method: 'post', path, page, run, needsLogin: true, needsCsrf: true };
}
