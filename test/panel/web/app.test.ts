import request from 'supertest';
import { AppError } from '../../../src/base/errors';
import { itemValue } from '../../../src/panel/web/items';
import { TinyControl } from '../../support/control';
import { logIn, NOW, testWeb } from '../../support/web';

const HOSTILE = `"><script>alert(1)</script>{{x}}'&`;
const ESCAPED = '&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;';

describe('the headers', () => {
  it('allow nothing inline and nothing foreign', async () => {
    const answer = await request(testWeb().app).get('/login');
    expect(answer.get('Content-Security-Policy')).toBe(
      "default-src 'none';style-src 'self';script-src 'self';img-src 'self' data:;font-src 'self';connect-src 'self';" +
        "form-action 'self';frame-ancestors 'none';base-uri 'none'",
    );
    expect(answer.get('X-Powered-By')).toBeUndefined();
    expect(answer.get('Referrer-Policy')).toBe('same-origin');
    expect(answer.get('X-Content-Type-Options')).toBe('nosniff');
    expect(answer.get('Cache-Control')).toBe('no-store');
  });

  it.each([
    '/',
    '/bans',
    '/bans/new',
    '/address/192.0.2.1',
    '/trusted',
    '/jails',
    '/jails/sshd',
    '/filters',
    '/filters/sshd',
    '/actions',
    '/logs',
    '/settings',
    '/audit',
    '/nowhere',
  ])('%s holds no inline script, style or handler', async (path) => {
    const page = await (await logIn(testWeb().app)).get(path);
    expect(page.text).not.toMatch(/<script(?![^>]* src=)|<style|\sstyle=|\son\w+=|javascript:/i);
  });
});

describe('hostile text', () => {
  const ban = { jail: HOSTILE, id: HOSTILE, time: NOW - 10, bantime: 600 };
  const problem = { severity: 'error' as const, message: HOSTILE };
  const control = (): TinyControl => new TinyControl([{ name: HOSTILE, files: [HOSTILE], problems: [problem] }], [ban]);

  it.each([
    '/',
    '/bans',
    '/jails',
    `/jails/${encodeURIComponent(HOSTILE)}`,
    `/jails/new?copy=${encodeURIComponent(HOSTILE)}`,
    '/bans/new',
    '/trusted/new',
  ])('shows as text on %s', async (path) => {
    const events = [{ time: NOW - 5, jail: HOSTILE, kind: 'ban' as const, id: HOSTILE }];
    const page = await (await logIn(testWeb({ control: control(), events }).app)).get(path);
    expect(page.status).toBe(200);
    expect(page.text).not.toContain('<script>alert');
    expect(page.text).toContain(ESCAPED);
  });

  it('shows as text in a notice and in an error', async () => {
    const visitor = await logIn(testWeb({ control: control() }).app);
    await visitor.post('/bans/unban', { unban: itemValue({ jail: HOSTILE, id: HOSTILE }) });
    expect((await visitor.get('/bans')).text).toContain(`${ESCAPED}{{x}}&#x27;&amp; is no longer banned`);
    const refused = await visitor.post('/bans/unban', { unban: itemValue({ jail: `${HOSTILE}!`, id: HOSTILE }) });
    expect(refused.text).not.toContain('<script>alert');
  });
});

describe('error pages', () => {
  it('say 404 for an unknown path, inside the frame for somebody logged in', async () => {
    const visitor = await logIn(testWeb().app);
    const page = await visitor.get('/nowhere');
    expect(page.status).toBe(404);
    expect(page.text).toContain('There is no page at this address.');
    expect(page.text).toContain('plesk.example');
  });

  it('tell a stranger nothing about the engine', async () => {
    const page = await request(testWeb().app).get('/nowhere');
    expect(page.status).toBe(404);
    expect(page.text).not.toContain('Bailiff engine');
  });

  it('refuse a body that is too large, and one in another form', async () => {
    const { app } = testWeb();
    const large = await request(app)
      .post('/login')
      .type('form')
      .send({ user: 'x'.repeat(70_000), password: 'x' });
    expect(large.status).toBe(413);
    const json = await request(app)
      .post('/login')
      .send({ user: ['a'], password: {} });
    expect(json.status).toBe(422);
  });

  it('say what is wrong when the engine is silent, and come back by themselves', async () => {
    const { app, control } = testWeb();
    const visitor = await logIn(app);
    control.failure = new AppError('SERVER_NOT_RUNNING', 'no server answers on /run/x.sock');
    const page = await visitor.get('/bans');
    expect(page.status).toBe(503);
    expect(page.text).toContain('The engine does not answer');
    expect(page.text).toContain('no server answers on /run/x.sock');
    control.failure = null;
    expect((await visitor.get('/bans')).status).toBe(200);
  });

  it('say what is wrong with a value that cannot be sent', async () => {
    const { app, control } = testWeb();
    const visitor = await logIn(app);
    control.failure = new AppError('BAD_ARGUMENT', "'--all' is neither a jail nor an address");
    const page = await visitor.post('/bans/new', { ids: '--all', jail: 'sshd', duration: '1h' });
    expect(page.status).toBe(422);
    expect(page.text).toContain('&#x27;--all&#x27; is neither a jail nor an address');
  });

  it('keep our own mistakes to the log', async () => {
    const { app, control } = testWeb();
    const visitor = await logIn(app);
    control.banned = () => Promise.reject(new Error('secret detail'));
    const page = await visitor.get('/bans');
    expect(page.status).toBe(500);
    expect(page.text).not.toContain('secret detail');
  });
});

describe('the name of the engine', () => {
  it('is asked for once while the engine answers, and again after it was silent', async () => {
    const web = testWeb();
    let asked = 0;
    const info = web.control.info.bind(web.control);
    web.control.info = () => {
      asked += 1;
      return info();
    };
    const visitor = await logIn(web.app);
    for (let look = 0; look < 3; look++) await visitor.get('/');
    expect(asked).toBe(1);
    web.control.failure = new AppError('SERVER_NOT_RUNNING', 'gone');
    expect((await visitor.get('/')).text).toContain('Engine does not answer');
    web.control.failure = null;
    expect((await visitor.get('/')).text).toContain('Bailiff engine 0.1.0');
    expect(asked).toBe(2);
  });
});

describe('static files', () => {
  it.each([
    ['/assets/css/bailiff.css', 'text/css'],
    ['/assets/js/bailiff.js', 'text/javascript'],
    ['/assets/images/icons.svg', 'image/svg+xml'],
    ['/ui/plesk-ui-library.css', 'text/css'],
    ['/ui/fonts/open-sans-600.woff2', 'font/woff2'],
  ])('%s is there', async (path, type) => {
    const answer = await request(testWeb().app).get(path);
    expect([answer.status, answer.get('Content-Type')]).toEqual([200, expect.stringContaining(type)]);
  });

  it.each(['/assets/../package.json', '/assets/%2e%2e/package.json', '/assets/..%2fpackage.json', '/assets/index.php', '/assets/'])(
    '%s is not',
    async (path) => {
      expect((await request(testWeb().app).get(path)).status).not.toBe(200);
    },
  );
});
