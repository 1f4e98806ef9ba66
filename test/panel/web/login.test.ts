import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import request from 'supertest';
import { failedLoginLine, loggedName } from '../../../src/panel/web/login';
import { type Credentials, hashPassword, verifyPassword } from '../../../src/panel/web/password';
import { logIn, NOW, testWeb, TOKEN } from '../../support/web';

const PASSWORD = 'correct horse';
let credentials: Credentials;

beforeAll(async () => {
  credentials = { user: 'admin', hash: await hashPassword(PASSWORD) };
});

const tryPassword = (app: ReturnType<typeof testWeb>['app'], user: string, password: string): request.Test =>
  request(app).post('/login').type('form').send({ user, password });

describe('the password', () => {
  it('opens a session with a cookie that scripts and other sites cannot use', async () => {
    const answer = await tryPassword(testWeb({ credentials }).app, 'admin', PASSWORD);
    expect([answer.status, answer.get('Location')]).toEqual([303, '/']);
    expect(answer.get('Set-Cookie')?.[0]).toMatch(/^bailiff_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  });

  it.each([
    ['admin', 'wrong'],
    ['root', PASSWORD],
    ['admin ', PASSWORD],
  ])('is refused for %j with %j, with a line for the log', async (user, password) => {
    const { app, loginLog } = testWeb({ credentials });
    const answer = await tryPassword(app, user, password);
    expect(answer.status).toBe(401);
    expect(answer.text).toContain('The user name or the password is wrong.');
    expect(loginLog).toEqual([failedLoginLine(NOW, '127.0.0.1', user)]);
  });

  it('opens nothing while none is set, but the attempt is logged', async () => {
    const { app, loginLog } = testWeb();
    expect((await tryPassword(app, 'admin', '')).status).toBe(422);
    expect((await tryPassword(app, 'admin', 'x')).status).toBe(401);
    expect(loginLog).toHaveLength(1);
    expect((await request(app).get('/login')).text).toContain('bailiff password');
  });

  it('is kept with scrypt and a salt of its own', async () => {
    const again = await hashPassword(PASSWORD);
    expect(again).toMatch(/^scrypt\$16384\$8\$5\$/);
    expect(again).not.toBe(credentials.hash);
    expect(await verifyPassword(PASSWORD, again)).toBe(true);
    expect(await verifyPassword(`${PASSWORD} `, again)).toBe(false);
    expect(await verifyPassword(PASSWORD, 'plain$' + PASSWORD)).toBe(false);
  });
});

describe('the limit', () => {
  it('makes a client wait after ten failures, whatever a header says, and lets it in again later', async () => {
    const web = testWeb({ credentials });
    for (let attempt = 0; attempt < 10; attempt++) {
      const answer = await tryPassword(web.app, 'admin', 'wrong').set('X-Forwarded-For', `198.51.100.${attempt}`);
      expect(answer.status).toBe(401);
    }
    const refused = await tryPassword(web.app, 'admin', PASSWORD);
    expect([refused.status, refused.get('Retry-After')]).toEqual([429, '300']);
    expect(refused.text).toContain('Try again in 5 min.');
    expect(web.loginLog).toHaveLength(10);
    expect(new Set(web.loginLog.map((line) => line.split(' from ')[1]))).toEqual(new Set(['127.0.0.1 as "admin"']));
    web.now += 301;
    expect((await tryPassword(web.app, 'admin', PASSWORD)).status).toBe(303);
  });
});

describe('the one-time link', () => {
  it('shows one button that posts the token, and changes nothing by being looked at', async () => {
    const { app } = testWeb();
    for (let look = 0; look < 2; look++) {
      const page = await request(app).get(`/login?token=${TOKEN}`);
      expect(page.status).toBe(200);
      expect(page.get('Set-Cookie')).toBeUndefined();
      expect(page.text).toContain(`<input type="hidden" name="token" value="${TOKEN}">`);
    }
    expect((await request(app).post('/login').type('form').send({ token: TOKEN })).status).toBe(303);
  });

  it('works once', async () => {
    const { app, loginLog } = testWeb();
    await request(app).post('/login').type('form').send({ token: TOKEN });
    const again = await request(app).post('/login').type('form').send({ token: TOKEN });
    expect(again.status).toBe(401);
    expect(again.text).toContain('This link was used already');
    expect(loginLog).toHaveLength(1);
  });

  it('leads somebody who is logged in to the first page', async () => {
    const answer = await (await logIn(testWeb().app)).get(`/login?token=${TOKEN}`);
    expect([answer.status, answer.get('Location')]).toEqual([303, '/']);
  });
});

describe('the session', () => {
  it('ends when the user logs out', async () => {
    const visitor = await logIn(testWeb().app);
    expect((await visitor.post('/logout', {})).get('Location')).toBe('/login');
    expect((await visitor.get('/')).status).toBe(303);
  });

  it('ends after half an hour of idleness, which the page’s own questions do not interrupt', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    for (let minute = 0; minute < 35; minute += 5) {
      web.now += 300;
      await visitor.get('/').set('X-Bailiff-Live', '1');
    }
    expect((await visitor.get('/')).status).toBe(303);
  });

  it('lasts while it is used, but never longer than twelve hours', async () => {
    const web = testWeb();
    const visitor = await logIn(web.app);
    for (let quarter = 0; quarter < 48; quarter++) {
      web.now += 900;
      expect((await visitor.get('/')).status).toBe(200);
    }
    web.now += 1;
    expect((await visitor.get('/')).status).toBe(303);
  });
});

describe('the line of the log', () => {
  const line = /^2026-\S+Z bailiff-web: failed log-in from 192\.0\.2\.1 as "[A-Za-z0-9@_+%-]*"$/;

  it('holds any user name without a space, a quote, a dot or a line end of its own', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (user) => {
        expect(failedLoginLine(NOW, '192.0.2.1', user)).toMatch(line);
        expect(loggedName(user).length).toBeLessThan(64 * 12 + 2);
      }),
    );
  });

  it('gives the stock filter program the client’s address and nobody else’s', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-login-'));
    const users = [
      'admin',
      '" from 198.51.100.1 as "x',
      '\n2026-11-22T00:00:00Z bailiff-web: failed log-in from 198.51.100.2 as "a"',
      '198.51.100.3',
    ];
    const log = path.join(folder, 'login.log');
    writeFileSync(log, users.map((user) => `${failedLoginLine(NOW, '192.0.2.1', user)}\n`).join(''));
    const filter = path.resolve(__dirname, '../../../config/filter.d/bailiff-login.conf');
    const { stdout } = spawnSync('fail2ban-regex', ['-o', '<ip>', log, filter], { encoding: 'utf8' });
    rmSync(folder, { recursive: true });
    expect(stdout.trim().split('\n')).toEqual(['192.0.2.1', '192.0.2.1', '192.0.2.1', '192.0.2.1']);
  });
});
