/** Passwords, sessions, tokens, the panel's secret and secret options: none is written into a log, the notebook or an error page. */
import request from 'supertest';
import { createLogger } from '../../../src/base/logger';
import { applyEdits } from '../../../src/panel/web/acts/edits';
import { hashPassword } from '../../../src/panel/web/password';
import { send as call, tokenOf } from '../../support/api';
import { send, SECRET } from '../../support/signed';
import { logIn, testWeb, TOKEN, type TestWeb, type TestWebOptions } from '../../support/web';

const PASSWORD = 'correct horse battery';
const WRONG = 'nearly-the-password';
const KEY = 'Zk9-very-secret-17';

/** Pages whose bans cannot be read, so that errors are told, and all that is logged. */
function telling(options: TestWebOptions = {}): { readonly web: TestWeb; readonly log: string[] } {
  const log: string[] = [];
  const logger = createLogger(({ name, message }) => log.push(`${name} ${message}`));
  const control = testWeb().control;
  const failing = new Proxy(control, {
    get: (target, name) => {
      if (name === 'banned' || name === 'ban') return () => Promise.reject(new Error('the server said no'));
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
  return { web: testWeb({ ...options, control: failing, rooms: { logger } }), log };
}

async function written({ web, log }: ReturnType<typeof telling>): Promise<string> {
  return JSON.stringify([log, web.loginLog, await web.dump()]);
}

test('log-ins, sessions and tokens leave no secret behind', async () => {
  const told = telling({ credentials: { user: 'admin', hash: await hashPassword(PASSWORD) } });
  const { app } = told.web;
  const enter = (form: object): request.Test => request(app).post('/login').type('form').send(form);
  await enter({ user: 'admin', password: WRONG });
  await enter({ user: 'admin', password: PASSWORD });
  const { cookie, get, post } = await logIn(app);
  const session = cookie.split('=')[1] ?? '';
  const csrf = /name="_csrf" value="([^"]+)"/.exec((await get('/settings/tokens')).text)?.[1] ?? '';
  const made = (await post('/settings/tokens', { name: 'robot' })).text;
  const token = /bailiff_[\w-]{20,}|[\w-]{43}/.exec(made.replaceAll(csrf, '').replaceAll(session, ''))?.[0] ?? '';
  const bad = await post('/bans/new', { ids: '192.0.2.7', jail: 'sshd', duration: '1h', _csrf: 'x'.repeat(43) });
  const error = await post('/bans/new', { ids: '192.0.2.7', jail: 'sshd', duration: '1h' });
  const secret = await tokenOf(told.web, false);
  const banned = await call(told.web, { method: 'post', path: '/bans' }, { body: { ids: ['192.0.2.7'], jail: 'sshd' } }, secret);
  await call(told.web, { method: 'get', path: '/bans' }, {}, `${secret}x`);
  const all = await written(told);
  expect(all).toContain('the server said no');
  expect(all).toContain('failed log-in');
  const secrets = [PASSWORD, WRONG, TOKEN, session, csrf, token, secret];
  for (const one of secrets) {
    expect(one.length).toBeGreaterThan(15);
    expect(all).not.toContain(one);
  }
  for (const one of [PASSWORD, WRONG, TOKEN, session, secret]) expect(bad.text + error.text + banned.text).not.toContain(one);
});

test('the secret of the panel, and signatures made with it, are told to nobody', async () => {
  const told = telling({ secret: SECRET });
  const page = await send(told.web.app, '/bans/new', 'ids=192.0.2.7&jail=sshd&duration=1h');
  const refused = await send(told.web.app, '/', null, { secret: 'b'.repeat(64) });
  expect(refused.status).toBeGreaterThanOrEqual(400);
  const all = (await written(told)) + page.text + refused.text;
  expect(all).not.toContain(SECRET);
  expect(all).not.toContain('b'.repeat(64));
});

test('the audit log of an edit names a secret option, not its value', async () => {
  const told = telling();
  const { rooms } = told.web;
  const lines = [`action = abuseipdb[abuseipdb_apikey="${KEY}", abuseipdb_category=18]`, `mine_token = ${KEY}`];
  const diff = lines.map((text, at) => ({ kind: 'added' as const, text, before: null, after: at + 1 }));
  const changes = [{ file: 'jail.d/mine.local', before: null, after: lines.join('\n'), diff }];
  const applied = { ok: true, reloaded: true, changes, problems: [], message: null, state: null };
  const editor = { ...rooms.editor, apply: () => Promise.resolve(applied) };
  await applyEdits({ ...rooms, editor }, { who: 'admin', client: '127.0.0.1' }, [], { action: 'jail.edit', subject: 'sshd' });
  const [entry] = (await told.web.notebook.auditList({ limit: 1 })).entries;
  expect(entry?.after).toBe('jail.d/mine.local:\naction = abuseipdb[abuseipdb_apikey="***", abuseipdb_category=18]\nmine_token = ***');
  expect(await written(told)).not.toContain(KEY);
});
