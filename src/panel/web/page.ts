/** What a page is: a function from a request as plain data to an answer as plain data; express and HTML stay outside. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { BanBoard } from '../control/bans/ban-board';
import type { BanDesk } from '../control/bans/ban-desk';
import type { Control } from '../control/control';
import type { Configuration } from '../control/editor/configuration';
import type { Editor } from '../control/editor/editor';
import type { DeadMansHandle } from '../control/handle/dead-mans-handle';
import type { Geo } from '../control/geo/geo';
import type { Daemon } from '../control/daemon/daemon';
import type { HealthNotice } from '../control/health/health';
import type { Logs } from '../control/logs/logs';
import type { NewLogs } from '../control/logs/new-logs';
import type { Tester } from '../control/tester/tester';
import type { TrustedList } from '../control/trusted/trusted';
import type { History } from '../history/history';
import type { Notebook } from '../history/notebook';
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

/** Tells that something happened, so that whoever looks at a page sees it at once. */
export interface Live {
  /** Calls back after events of jails, at most a few times a second; returns what ends that. */
  subscribe(listener: (jails: readonly string[]) => void): () => void;
}

/** What pages may ask of the world. */
export interface PageWorld {
  readonly control: Control;
  readonly history: History;
  readonly notebook: Notebook;
  readonly live: Live;
  readonly geo: Geo;
  readonly board: BanBoard;
  readonly desk: BanDesk;
  readonly trusted: TrustedList;
  readonly configuration: Configuration;
  readonly editor: Editor;
  /** Takes back edits of people that could cut them off; left out where nobody can be. */
  readonly handle?: DeadMansHandle;
  readonly tester: Tester;
  readonly logs: Logs;
  readonly newLogs: NewLogs;
  readonly daemon: Daemon;
  /** The configuration folder. */
  readonly confdir: string;
  /** What is not well; worst first. */
  health(this: void): Promise<readonly HealthNotice[]>;
  /** The host name of an address, looked up within a short time; null when it has none. */
  hostName(this: void, id: string): Promise<string | null>;
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
