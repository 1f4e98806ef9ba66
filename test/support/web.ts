/** A stand-alone app over a tiny server and a small history, with a clock that stands still, for tests of the pages. */
import path from 'node:path';
import type { Express } from 'express';
import request from 'supertest';
import type { Clock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import { createApp } from '../../src/panel/web/app';
import { Login } from '../../src/panel/web/login';
import type { Credentials } from '../../src/panel/web/password';
import { createRenderer } from '../../src/panel/web/render';
import { sessionDoor } from '../../src/panel/web/session-door';
import { signedDoor } from '../../src/panel/web/signed-door';
import { readViews } from '../../src/panel/web/views';
import { TinyControl } from './control';
import { historyOf, type TestEvent } from './history';

const root = path.resolve(__dirname, '../..');
export const NOW = 1_795_000_000;
export const PANEL = { pages: '/modules/bailiff/index.php/ui', assets: '/modules/bailiff' };
export const TOKEN = 'the-one-time-token';

export interface TestWeb {
  readonly app: Express;
  readonly control: TinyControl;
  readonly loginLog: string[];
  /** Seconds since the epoch; tests turn it. */
  now: number;
}

export interface TestWebOptions {
  readonly control?: TinyControl;
  readonly events?: readonly TestEvent[];
  readonly credentials?: Credentials;
  readonly startAt?: number;
  /** The pages inside the panel, signed with this secret, instead of stand-alone ones. */
  readonly secret?: string;
}

export function testWeb(options: TestWebOptions = {}): TestWeb {
  const control = options.control ?? new TinyControl([{ name: 'sshd', files: ['/var/log/auth.log'] }]);
  const loginLog: string[] = [];
  const web = { control, loginLog, now: options.startAt ?? NOW };
  const still = { cancel: () => undefined };
  const clock: Clock = { now: () => web.now, monotonic: () => web.now, after: () => still, every: () => still };
  const login = new Login({ credentials: () => options.credentials ?? null, token: TOKEN, clock, writeLog: (line) => loginLog.push(line) });
  const app = createApp({
    control,
    history: historyOf(options.events ?? []),
    clock,
    logger: silentLogger,
    login,
    door: options.secret === undefined ? sessionDoor(clock) : signedDoor(options.secret, clock),
    render: createRenderer(readViews(path.join(root, 'views'))),
    settings: {
      serverName: 'plesk.example',
      hosts: options.secret === undefined ? ['127.0.0.1', 'localhost'] : ['bailiff'],
      ...(options.secret === undefined ? {} : { panel: PANEL }),
      assets: path.join(root, 'htdocs'),
      uiLibrary: path.join(root, 'node_modules/@plesk/ui-library/dist'),
      language: 'en',
    },
  });
  return Object.assign(web, { app });
}

export interface Visitor {
  readonly cookie: string;
  get(path: string): request.Test;
  /** Posts a form with the session's token. */
  post(path: string, form: Readonly<Record<string, string>>): Promise<request.Response>;
}

/** Logs in with the one-time link. */
export async function logIn(app: Express): Promise<Visitor> {
  const answer = await request(app).post('/login').type('form').send({ token: TOKEN });
  const cookie = (answer.get('Set-Cookie') ?? [])[0]?.split(';')[0] ?? '';
  const get = (to: string): request.Test => request(app).get(to).set('Cookie', cookie);
  return {
    cookie,
    get,
    async post(to, form) {
      const page = await get('/');
      const csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
      return request(app)
        .post(to)
        .set('Cookie', cookie)
        .type('form')
        .send({ _csrf: csrf, ...form });
    },
  };
}
