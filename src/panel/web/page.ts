/** What a page is: a function from a request as plain data to an answer as plain data; express and HTML stay outside. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { Control } from '../control/control';
import type { History } from '../history/history';
import type { LoginDoor } from './login';
import type { MessageKey, MessageParams } from './messages';

/** A message shown once at the top of the next page. */
export interface Notice {
  readonly tone: 'success' | 'info' | 'warning' | 'danger';
  readonly text: MessageKey;
  readonly params?: MessageParams;
}

export interface PageRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  /** Fields of the posted form; empty on GET. */
  readonly form: Readonly<Record<string, string>>;
  /** The socket's address of the client, never a header's. */
  readonly client: string;
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

export type PageAnswer =
  | {
      readonly kind: 'page';
      readonly status?: number;
      /** Name of the template in views/pages. */
      readonly view: string;
      readonly title: MessageKey;
      readonly data: Readonly<Record<string, unknown>>;
      /** Seconds, as Retry-After. */
      readonly retryAfter?: number;
    }
  | {
      /** After a write: 303 to a page of ours. */
      readonly kind: 'redirect';
      readonly to: string;
      readonly notice?: Notice;
      readonly session?: 'begin' | 'end';
    };

export type Page = (request: PageRequest, world: PageWorld) => Promise<PageAnswer>;
