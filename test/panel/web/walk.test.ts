/** Walks every route as nobody, with forged tokens, from other sites and with the wrong method: nothing may change. */
import request from 'supertest';
import { ROUTES } from '../../../src/panel/web/routes';
import { TinyControl } from '../../support/control';
import { logIn, NOW, testWeb, type TestWeb } from '../../support/web';

const BAN = { jail: 'sshd', id: '198.51.100.7', time: NOW - 60, bantime: 3600 };

/** Whatever a write of ours could want, already confirmed: only the door stands between it and the deed. */
const EVERYTHING = {
  ...{ confirmed: 'yes', stamp: 'stamp-1', unban: '["sshd","198.51.100.7"]', prolong: '["sshd","198.51.100.7"]', duration: '-1' },
  ...{ trust: '["sshd","198.51.100.7"]', ids: '192.0.2.1', entries: '192.0.2.1', remove: '["192.0.2.1",null]', off: 'sshd', jail: 'sshd' },
  ...{ name: 'sshd2', bantime: '99', text: '[Definition]\nfailregex = y\n', days: '7', detection: 'off', engine: 'bailiff', token: '1' },
};

const pathOf = (path: string): string => path.replace(':name', 'sshd').replace(':id', '198.51.100.7');
const writes = ROUTES.filter((route) => route.method === 'post').map((route) => pathOf(route.path));
const guarded = ROUTES.filter((route) => route.method === 'post' && route.needsCsrf).map((route) => pathOf(route.path));
const reads = ROUTES.filter((route) => route.method === 'get').map((route) => pathOf(route.path));

function webWithBan(): TestWeb {
  return testWeb({ control: new TinyControl([{ name: 'sshd' }], [BAN]) });
}

describe('the walk over all routes', () => {
  it('has writes that do something when they are allowed, so that the walks below can fail', async () => {
    const web = webWithBan();
    const visitor = await logIn(web.app);
    expect((await visitor.post('/bans/unban', EVERYTHING)).status).toBe(303);
    expect(await web.control.banned()).toEqual([]);
  });

  it.each(writes.filter((path) => path !== '/login'))('POST %s as nobody changes nothing', async (path) => {
    const web = webWithBan();
    const answer = await request(web.app).post(path).type('form').send(EVERYTHING);
    expect(answer.status).toBe(403);
    expect(answer.get('Set-Cookie')).toBeUndefined();
    await expectUntouched(web);
  });

  it.each(guarded)('POST %s with a forged token changes nothing and keeps the session', async (path) => {
    const web = webWithBan();
    const { cookie, get } = await logIn(web.app);
    const other = /name="_csrf" value="([^"]+)"/.exec((await get('/')).text)?.[1] ?? '';
    const forged = `${other.startsWith('A') ? 'B' : 'A'}${other.slice(1)}`;
    const answer = await request(web.app)
      .post(path)
      .set('Cookie', cookie)
      .type('form')
      .send({ ...EVERYTHING, _csrf: forged });
    expect(answer.status).toBe(403);
    expect((await get('/')).status).toBe(200);
    await expectUntouched(web);
  });

  it.each(guarded)('POST %s from another site changes nothing, even with the right token', async (path) => {
    const web = webWithBan();
    const { cookie, get } = await logIn(web.app);
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await get('/')).text)?.[1] ?? '';
    for (const [header, value] of [
      ['Origin', 'http://evil.example'],
      ['Origin', 'null'],
      ['Sec-Fetch-Site', 'cross-site'],
    ] as const) {
      const answer = await request(web.app)
        .post(path)
        .set('Cookie', cookie)
        .set(header, value)
        .type('form')
        .send({ ...EVERYTHING, _csrf: csrf });
      expect([header, value, answer.status]).toEqual([header, value, 403]);
    }
    expect((await get('/')).status).toBe(200);
    await expectUntouched(web);
  });

  it.each(guarded)('GET %s with the whole form in its query changes nothing', async (path) => {
    const web = webWithBan();
    const { get } = await logIn(web.app);
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await get('/')).text)?.[1] ?? '';
    const answer = await get(path).query({ ...EVERYTHING, _csrf: csrf });
    expect([200, 404]).toContain(answer.status);
    expect((await get('/')).status).toBe(200);
    await expectUntouched(web);
  });

  it.each(reads.filter((path) => path !== '/login'))('GET %s leads nobody to the log-in and tells nothing', async (path) => {
    const answer = await request(webWithBan().app).get(path);
    expect([answer.status, answer.get('Location')]).toEqual([303, '/login']);
    expect(answer.text).not.toContain('sshd');
  });

  it.each(reads.filter((path) => !['/login', ...writes].includes(path)))('POST %s, which only reads, is no page', async (path) => {
    const web = webWithBan();
    const visitor = await logIn(web.app);
    expect((await visitor.post(path, EVERYTHING)).status).toBe(404);
  });
});

async function expectUntouched(web: TestWeb): Promise<void> {
  expect(await web.control.banned()).toEqual([BAN]);
  expect(await web.control.jails()).toEqual(['sshd']);
  expect(web.config.applied).toEqual([]);
  expect(await web.notebook.notes('198.51.100.7')).toEqual([]);
  expect(await web.notebook.tokens()).toEqual([]);
  expect(await web.notebook.setting('retention.days')).toBeNull();
  expect((await web.notebook.auditList({ limit: 100 })).entries).toEqual([]);
}
