/** A stand-alone app over a tiny server and a small history, with a clock that stands still, for tests of the pages. */
import path from 'node:path';
import type { Express } from 'express';
import request from 'supertest';
import { type Clock, systemClock } from '../../src/base/clock';
import { silentLogger } from '../../src/base/logger';
import type { BanReason } from '../../src/panel/control/bans/ban-board';
import type { HealthNotice } from '../../src/panel/control/health/health';
import type { Tester } from '../../src/panel/control/tester/tester';
import type { HistoryDatabase } from '../../src/panel/history/database';
import { DeadMansHandle } from '../../src/panel/control/handle/dead-mans-handle';
import { openHistoryDatabase } from '../../src/panel/history/open-history';
import type { Notebook } from '../../src/panel/history/notebook';
import { SqliteNotebook } from '../../src/panel/history/sqlite-notebook';
import { recordHeld } from '../../src/panel/web/acts/held';
import { createApp } from '../../src/panel/web/app';
import type { PageWorld } from '../../src/panel/web/page';
import { Login } from '../../src/panel/web/login';
import type { Credentials } from '../../src/panel/web/password';
import { createRenderer, type Renderer } from '../../src/panel/web/render';
import { sessionDoor } from '../../src/panel/web/session-door';
import { signedDoor } from '../../src/panel/web/signed-door';
import { readViews } from '../../src/panel/web/views';
import { TinyControl } from './control';
import { historyOf, type TestEvent } from './history';
import { TINY_GEO, TINY_LOGS, tinyBoard, type TinyConfig, tinyConfig, tinyDaemon, tinyDesk, tinyTester, tinyTrusted } from './panel';

const root = path.resolve(__dirname, '../..');
let made: Renderer | null = null;
/** One for all apps of this process: templates are compiled when they are first used. */
const renderer = (): Renderer => (made ??= createRenderer(readViews(path.join(root, 'views'))));
export const NOW = 1_795_000_000;
export const PANEL = { pages: '/modules/bailiff/index.php/ui', assets: '/modules/bailiff' };
export const TOKEN = 'the-one-time-token';

export interface TestWeb {
  readonly app: Express;
  readonly control: TinyControl;
  readonly notebook: Notebook;
  readonly config: TinyConfig;
  /** All rooms, as the pages have them. */
  readonly rooms: PageWorld;
  /** Every row of the notebook, by table. */
  readonly dump: () => Promise<Readonly<Record<string, readonly object[]>>>;
  /** Calls back whoever watches live pages. */
  readonly happen: (jails: readonly string[]) => void;
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
  readonly tester?: Tester;
  readonly reasons?: Readonly<Record<string, Partial<BanReason>>>;
  readonly health?: readonly HealthNotice[];
  /** Rooms that take the place of the tiny ones. */
  readonly rooms?: Partial<PageWorld>;
  /** Edits that could cut off their author wait in this file. */
  readonly held?: string;
  /** What the pages get in the place of all rooms. */
  readonly around?: (rooms: PageWorld) => PageWorld;
}

/** A real notebook in memory, opened when it is first asked. */
function notebookInMemory(clock: Clock): { readonly notebook: Notebook; readonly dump: TestWeb['dump'] } {
  let opened: Promise<HistoryDatabase> | null = null;
  const database = (): Promise<HistoryDatabase> => (opened ??= openHistoryDatabase(':memory:', clock, silentLogger));
  const ready = async (): Promise<Notebook> => new SqliteNotebook(await database());
  const dump = async (): Promise<Readonly<Record<string, readonly object[]>>> =>
    (await database()).read(async (sql) => {
      const tables = await sql.all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name");
      const names = tables.map((row) => String(row['name']));
      return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await sql.all(`SELECT * FROM "${name}"`)] as const)));
    });
  const notebook: Notebook = {
    notes: async (address) => (await ready()).notes(address),
    addNote: async (note) => (await ready()).addNote(note),
    removeNote: async (id) => (await ready()).removeNote(id),
    audit: async (entry) => (await ready()).audit(entry),
    auditList: async (query) => (await ready()).auditList(query),
    auditAfter: async (id, limit) => (await ready()).auditAfter(id, limit),
    trusted: async () => (await ready()).trusted(),
    putTrusted: async (info) => (await ready()).putTrusted(info),
    removeTrusted: async (entry, jail) => (await ready()).removeTrusted(entry, jail),
    manualBans: async (ids) => (await ready()).manualBans(ids),
    putManualBan: async (ban) => (await ready()).putManualBan(ban),
    removeManualBan: async (jail, id) => (await ready()).removeManualBan(jail, id),
    tokens: async () => (await ready()).tokens(),
    addToken: async (token) => (await ready()).addToken(token),
    tokenByHash: async (hash, now) => (await ready()).tokenByHash(hash, now),
    revokeToken: async (id) => (await ready()).revokeToken(id),
    setting: async (key) => (await ready()).setting(key),
    putSetting: async (key, value) => (await ready()).putSetting(key, value),
  };
  return { notebook, dump };
}

export function testWeb(options: TestWebOptions = {}): TestWeb {
  const control = options.control ?? new TinyControl([{ name: 'sshd', files: ['/var/log/auth.log'] }]);
  const loginLog: string[] = [];
  const listeners = new Set<(jails: readonly string[]) => void>();
  const web = { control, loginLog, now: options.startAt ?? NOW };
  const still = { cancel: () => undefined };
  const clock: Clock = { now: () => web.now, monotonic: () => web.now, after: () => still, every: () => still };
  const login = new Login({ credentials: () => options.credentials ?? null, token: TOKEN, clock, writeLog: (line) => loginLog.push(line) });
  const { notebook, dump } = notebookInMemory(systemClock);
  const config = tinyConfig(control);
  const desk = tinyDesk(control);
  const handle =
    options.held === undefined
      ? {}
      : {
          handle: new DeadMansHandle({
            ...{ file: options.held, editor: config.editor, desk, notes: notebook, clock, logger: silentLogger },
            tell: (outcome) => recordHeld({ notebook, clock, logger: silentLogger }, outcome),
          }),
        };
  const rooms: PageWorld = {
    ...handle,
    control,
    notebook,
    live: {
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    geo: TINY_GEO,
    board: tinyBoard(control, options.reasons),
    desk,
    trusted: tinyTrusted(),
    configuration: config.configuration,
    editor: config.editor,
    tester: options.tester ?? tinyTester(),
    logs: TINY_LOGS,
    newLogs: { look: () => undefined, close: () => Promise.resolve() },
    daemon: tinyDaemon(),
    confdir: '/etc/fail2ban',
    health: () => Promise.resolve(options.health ?? []),
    hostName: () => Promise.resolve(null),
    history: historyOf(options.events ?? []),
    clock,
    logger: silentLogger,
    login,
    ...options.rooms,
  };
  const app = createApp({
    ...(options.around?.(rooms) ?? rooms),
    door: options.secret === undefined ? sessionDoor(clock) : signedDoor(options.secret, clock),
    render: renderer(),
    settings: {
      serverName: 'plesk.example',
      hosts: options.secret === undefined ? ['127.0.0.1', 'localhost'] : ['bailiff'],
      ...(options.secret === undefined ? {} : { panel: PANEL }),
      assets: path.join(root, 'htdocs'),
      uiLibrary: path.join(root, 'node_modules/@plesk/ui-library/dist'),
      language: 'en',
    },
  });
  const happen = (jails: readonly string[]): void => listeners.forEach((listener) => listener(jails));
  return Object.assign(web, { app, notebook, config, happen, rooms, dump });
}

export interface Visitor {
  readonly cookie: string;
  get(path: string): request.Test;
  /** Posts a form with the session's token. */
  post(path: string, form: Readonly<Record<string, string | readonly string[]>>): Promise<request.Response>;
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
