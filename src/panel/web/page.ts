/** What a page is: a function from a request as plain data to an answer as plain data; express and HTML stay outside. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { Control } from '../control/control';
import type { History } from '../history/history';
import type { Form } from './form';
import type { LoginDoor } from './login';
import type { MessageKey, MessageParams } from './messages';

/** A message shown once at the top of the next page. */
export interface Notice {
  readonly tone: 'success' | 'info' | 'warning' | 'danger';
  readonly text: MessageKey;
  readonly params?: MessageParams;
  /** One line for each item that was treated, where the items fared differently; shown as text. */
  readonly lines?: readonly string[];
}

export interface PageRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Form;
  /** Fields of the posted form; empty on GET. */
  readonly form: Form;
  /** The path and query that were asked for, below the pages' root. */
  readonly url: string;
  /** The address of whoever looks at the page: of the connection, or as the panel vouches for it; never a header's. */
  readonly client: string;
  /** Log-in name of whoever asks; '' for nobody. */
  readonly user: string;
  /** BCP 47. */
  readonly language: string;
  readonly loggedIn: boolean;
}

/** What pages may ask of the world. */
export interface PageWorld {
  readonly control: Control;
  readonly history: History;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly login: LoginDoor;
}

/** A page of HTML. */
export interface HtmlAnswer {
  readonly kind: 'page';
  readonly status?: number;
  /** Name of the template in views/pages. */
  readonly view: string;
  readonly title: MessageKey;
  /** Shown instead of the title's text where the page is about one thing: its name, as text. */
  readonly heading?: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Seconds, as Retry-After. */
  readonly retryAfter?: number;
}

/** After a write: 303 to a page of ours. */
export interface RedirectAnswer {
  readonly kind: 'redirect';
  readonly to: string;
  readonly notice?: Notice;
  readonly session?: { readonly begin: string } | 'end';
}

/** A file to be kept. */
export interface DownloadAnswer {
  readonly kind: 'download';
  readonly name: string;
  readonly type: 'text/csv; charset=utf-8' | 'application/json' | 'text/plain; charset=utf-8' | 'application/octet-stream';
  readonly body: AsyncIterable<string | Uint8Array>;
}

export type PageAnswer = HtmlAnswer | RedirectAnswer | DownloadAnswer;

export type Page = (request: PageRequest, world: PageWorld) => Promise<PageAnswer>;
