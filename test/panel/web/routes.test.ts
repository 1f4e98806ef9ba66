import request from 'supertest';
import { ROUTES, TABS } from '../../../src/panel/web/routes';
import { logIn, testWeb } from '../../support/web';

describe('the route table', () => {
  it('is this one', () => {
    const words = (route: (typeof ROUTES)[number]): string =>
      [route.method, route.path, route.page, route.needsLogin ? 'log-in' : '-', route.needsCsrf ? 'token' : '-'].join(' ');
    expect(ROUTES.map(words)).toEqual([
      'get / overview log-in -',
      'get /bans bans log-in -',
      'get /bans/export.csv bans log-in -',
      'get /bans/export.json bans log-in -',
      'post /bans/unban bans log-in token',
      'post /bans/prolong bans log-in token',
      'post /bans/trust bans log-in token',
      'get /bans/new ban log-in -',
      'post /bans/new ban log-in token',
      'get /bans/reason reason log-in -',
      'get /address/:id address log-in -',
      'post /address/:id/notes address log-in token',
      'post /address/:id/notes/remove address log-in token',
      'get /trusted trusted log-in -',
      'get /trusted/new trusted log-in -',
      'get /trusted/export.txt trusted log-in -',
      'post /trusted/new trusted log-in token',
      'post /trusted/remove trusted log-in token',
      'get /jails jails log-in -',
      'post /jails/switch jails log-in token',
      'post /jails/remove jails log-in token',
      'get /jails/new jail log-in -',
      'post /jails/new jail log-in token',
      'get /jails/:name jail log-in -',
      'post /jails/:name jail log-in token',
      'get /jails/:name/raw jail log-in -',
      'post /jails/:name/raw jail log-in token',
      'get /filters filters log-in -',
      'get /filters/new filters log-in -',
      'post /filters/new filters log-in token',
      'post /filters/new/test filters log-in token',
      'get /filters/:name filters log-in -',
      'post /filters/:name filters log-in token',
      'post /filters/:name/test filters log-in token',
      'post /filters/:name/remove filters log-in token',
      'get /actions actions log-in -',
      'get /actions/new actions log-in -',
      'post /actions/new actions log-in token',
      'get /actions/:name actions log-in -',
      'post /actions/:name actions log-in token',
      'post /actions/:name/test actions log-in token',
      'post /actions/:name/remove actions log-in token',
      'get /logs logs log-in -',
      'get /logs/download logs log-in -',
      'get /settings settings log-in -',
      'post /settings settings log-in token',
      'post /settings/retention settings log-in token',
      'post /settings/detection settings log-in token',
      'post /settings/engine settings log-in token',
      'get /settings/states states log-in -',
      'get /settings/states/:id states log-in -',
      'post /settings/states/:id/restore states log-in token',
      'get /settings/export states log-in -',
      'get /settings/import states log-in -',
      'post /settings/import states log-in token',
      'get /settings/tokens tokens log-in -',
      'post /settings/tokens tokens log-in token',
      'post /settings/tokens/revoke tokens log-in token',
      'get /audit audit log-in -',
      'post /still-here overview log-in token',
      'get /login login - -',
      'post /login login - -',
      'post /logout login log-in token',
    ]);
  });

  it('lets only the log-in be written without a session and its token', () => {
    const open = ROUTES.filter((route) => route.method === 'post' && !(route.needsLogin && route.needsCsrf));
    expect(open.map((route) => route.path)).toEqual(['/login']);
  });

  it('has a page behind every tab', () => {
    const pages = ROUTES.filter((route) => route.method === 'get').map((route) => `${route.path} ${route.page}`);
    for (const tab of TABS) expect(pages).toContain(`${tab.path} ${tab.pages[0]}`);
  });
});

describe('who may ask', () => {
  const pages = ROUTES.filter((route) => route.method === 'get' && route.needsLogin).map((route) => route.path);
  const writes = ROUTES.filter((route) => route.method === 'post' && route.needsLogin).map((route) => route.path);

  it.each(pages)('%s sends a stranger to the log-in', async (path) => {
    const answer = await request(testWeb().app).get(path);
    expect([answer.status, answer.get('Location')]).toEqual([303, '/login']);
  });

  it.each(writes)('POST %s refuses a stranger', async (path) => {
    const answer = await request(testWeb().app).post(path).type('form').send({ jail: 'sshd', id: '192.0.2.1' });
    expect(answer.status).toBe(403);
  });

  it.each(writes)('POST %s refuses a session without its token, and with another one', async (path) => {
    const { app } = testWeb();
    const { cookie } = await logIn(app);
    for (const token of [undefined, '', 'x'.repeat(43)]) {
      const form = { jail: 'sshd', id: '192.0.2.1', ...(token === undefined ? {} : { _csrf: token }) };
      expect((await request(app).post(path).set('Cookie', cookie).type('form').send(form)).status).toBe(403);
    }
  });

  it.each([
    ['Origin', 'http://evil.example'],
    ['Origin', 'null'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
  ])('refuses writes of another site: %s %s', async (header, value) => {
    const { app } = testWeb();
    const answer = await request(app).post('/login').set(header, value).type('form').send({ token: 'the-one-time-token' });
    expect(answer.status).toBe(403);
  });

  it('takes writes from its own origin', async () => {
    const answer = await request(testWeb().app)
      .post('/login')
      .set('Host', '127.0.0.1:8787')
      .set('Origin', 'http://127.0.0.1:8787')
      .set('Sec-Fetch-Site', 'same-origin')
      .type('form')
      .send({ token: 'the-one-time-token' });
    expect(answer.status).toBe(303);
  });

  it('does not answer under a foreign host name', async () => {
    const answer = await request(testWeb().app).get('/login').set('Host', 'rebound.example');
    expect(answer.status).toBe(400);
  });
});
