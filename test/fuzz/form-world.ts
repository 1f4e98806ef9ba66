/** A web over small rooms in memory that takes drawn requests in two ways: whole, through the app, or only what reads and does: the parser of the body, then the page or the endpoint. */
import express, { type NextFunction, type Request, type Response } from 'express';
import { createLogger } from '../../src/base/logger';
import { ProblemDetails, problemOfError } from '../../src/panel/web/api/problem';
import { hashOfSecret, newSecret } from '../../src/panel/web/api/token';
import { errorPage } from '../../src/panel/web/error-page';
import { formOf } from '../../src/panel/web/form';
import { formParser } from '../../src/panel/web/form-parser';
import { TinyControl } from '../support/control';
import { historyOf } from '../support/history';
import { NOW, testWeb, type TestWeb, TOKEN } from '../support/web';
import type { FormInput } from './form-inputs';
import { CLIENT, type Handler, inject, requestOf } from './injected';
import { MemoryNotebook } from './memory-notebook';

const BAN = { jail: 'sshd', id: '198.51.100.7', time: NOW - 60, bantime: 3600 };
/** One for all worlds: no request writes into it, and each is a database. */
const HISTORY = historyOf([]);
const HOST = { host: '127.0.0.1' };
const FORM_TYPE = 'application/x-www-form-urlencoded';
// As the app has them.
const parseForm = formParser({ limit: '4mb', parameterLimit: 20_000 });
const parseJson = express.json({ limit: '4mb', strict: true });

/** What became of a request: its status, and what is wrong with the answer or null. */
export interface Outcome {
  readonly status: number;
  readonly wrong: string | null;
}

type Parser = (req: Request, res: Response, next: NextFunction) => void;

/** The body as the parser of express gives it. */
function parsed(parse: Parser, input: FormInput, type: string): Promise<unknown> {
  const headers = { 'content-type': type, 'content-length': String(input.body.length) };
  const req = requestOf({ method: 'POST', url: '/', headers, body: input.body }) as Request;
  return new Promise((resolve, reject) => {
    parse(req, {} as Response, (error?: unknown) => (error === undefined ? resolve(req.body) : reject(error as Error)));
  });
}

/** The path of a request. */
function pathOf({ target, params, query }: FormInput): string {
  const fill = (text: string): string =>
    text.replace(/[:{](\w+)\}?/g, (_whole, name: string) => encodeURIComponent(Buffer.from(params[name] ?? '').toString()) || '%20');
  return 'route' in target ? fill(target.route.path) : `/api/v1${fill(target.endpoint.path)}${query === '' ? '' : `?${query}`}`;
}

export class FormWorld {
  /** What was logged as our own mistake. */
  readonly mistakes: string[] = [];
  private readonly secret = newSecret();
  private cookie = '';
  private csrf = '';

  private constructor(
    readonly web: TestWeb,
    private readonly notebook: MemoryNotebook,
  ) {}

  /** A web in which every route finds what it is about, and somebody who is logged in. */
  static async begin(): Promise<FormWorld> {
    const notebook = new MemoryNotebook();
    const mistakes: string[] = [];
    const logger = createLogger(({ level, message }) => void (level === 'ERROR' && mistakes.push(message)));
    const web = testWeb({
      control: new TinyControl([{ name: 'broken' }, { name: 'sshd' }], [BAN]),
      rooms: { notebook, logger, history: HISTORY },
    });
    const world = new FormWorld(web, notebook);
    Object.assign(world, { mistakes });
    const by = { who: 'admin', client: '' };
    for (const kind of ['filter', 'action'] as const) await web.config.editor.apply([{ kind, name: 'mine', text: '[Definition]\n' }], by);
    await notebook.addNote({ address: BAN.id, time: NOW, who: 'admin', text: 'first' });
    await web.rooms.trusted.add([{ entry: '192.0.2.1', note: '', end: null, jail: null }], 'admin', NOW);
    await notebook.addToken({ name: 'robot', readOnly: false, createdBy: 'admin', created: NOW, hash: hashOfSecret(world.secret) });
    const body = Buffer.from(`token=${TOKEN}`);
    const headers = { ...HOST, 'content-type': FORM_TYPE, 'content-length': String(body.length) };
    const answer = await inject(world.handler, { method: 'POST', url: '/login', headers, body });
    world.cookie = String([answer.headers['set-cookie']].flat()[0]).split(';')[0] ?? '';
    const page = await inject(world.handler, {
      method: 'GET',
      url: '/',
      headers: { ...HOST, cookie: world.cookie },
      body: Buffer.alloc(0),
    });
    world.csrf = /name="_csrf" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
    return world;
  }

  private get handler(): Handler {
    return this.web.app as unknown as Handler;
  }

  /** All that a request may change, as a text; not the audit log, which tells of refused ones too. */
  async state(): Promise<string> {
    const { control, rooms, config } = this.web;
    const all = [control.banned(), control.jails(), rooms.trusted.list(), rooms.daemon.state()];
    const tokens = this.notebook.kept.tokens.map((token) => ({ ...token, lastUsed: null }));
    return JSON.stringify([...(await Promise.all(all)), config.applied.length, { ...this.notebook.kept, tokens }]);
  }

  /** Hands a request to the body's parser, and what comes of it to the page or the endpoint. */
  async ask(input: FormInput): Promise<Outcome> {
    const { target, params } = input;
    const { rooms } = this.web;
    if ('route' in target) {
      try {
        const form = formOf(await parsed(parseForm, input, FORM_TYPE));
        const asked = {
          params: { ...params },
          query: formOf({}),
          form,
          url: '/',
          client: CLIENT,
          user: 'admin',
          language: 'en',
          loggedIn: true,
        };
        const answer = await target.route.run(asked, rooms);
        if (answer.kind === 'redirect')
          return { status: 303, wrong: /^\/(?!\/)[\x21-\x7e]*$/.test(answer.to) ? null : `it leads to ${answer.to}` };
        return { status: answer.kind === 'page' ? (answer.status ?? 200) : 200, wrong: null };
      } catch (error) {
        return { status: errorPage(error, rooms.logger).status ?? 0, wrong: null };
      }
    }
    const { endpoint } = target;
    try {
      const query = Object.fromEntries(new URLSearchParams(input.query));
      const body = endpoint.body === null ? null : endpoint.body.parse(await parsed(parseJson, input, 'application/json'));
      const given = { params: endpoint.params.parse({ ...params }), query: endpoint.query.parse(query), body };
      const result = await endpoint.run(given, rooms, { who: 'token robot', client: CLIENT });
      const told = endpoint.answer.safeParse(result);
      return { status: endpoint.status, wrong: told.success ? null : `no such answer is promised: ${told.error.message}` };
    } catch (error) {
      return { status: ProblemDetails.parse(problemOfError(error, rooms.logger)).status, wrong: null };
    }
  }

  /** Sends a request through the whole app, with the session or the token that it needs. */
  async askWhole(input: FormInput, headers: Readonly<Record<string, string>>): Promise<Outcome> {
    const { target } = input;
    const isPage = 'route' in target;
    const body = isPage ? Buffer.concat([Buffer.from(`_csrf=${this.csrf}&`), input.body]) : input.body;
    const who = isPage ? { cookie: this.cookie } : { authorization: `Bearer ${this.secret}` };
    const type = { 'content-type': isPage ? FORM_TYPE : 'application/json', 'content-length': String(body.length) };
    const method = isPage ? 'POST' : target.endpoint.method.toUpperCase();
    const asked = { method, url: pathOf(input), headers: { ...HOST, ...who, ...(body.length > 0 ? type : {}), ...headers }, body };
    const { status, headers: told, text } = await inject(this.handler, asked);
    const kind = String(told['content-type']);
    if (status === 303)
      return { status, wrong: /^\/(?!\/)/.test(String(told['location'])) ? null : `it leads to ${String(told['location'])}` };
    if (isPage) {
      const whole = told['content-disposition'] !== undefined || (kind.startsWith('text/html') && text.trimEnd().endsWith('</html>'));
      return { status, wrong: whole ? null : `no page: ${kind} ${text.slice(-100)}` };
    }
    const refused = status >= 400;
    if (!kind.startsWith(refused ? 'application/problem+json' : 'application/json')) return { status, wrong: `no JSON: ${kind}` };
    const said: unknown = JSON.parse(text);
    const fits = refused ? ProblemDetails.safeParse(said) : target.endpoint.answer.safeParse(said);
    return { status, wrong: fits.success ? null : fits.error.message };
  }
}
