import { randomBytes } from 'node:crypto';
import request from 'supertest';
import { bodyHash, Nonces, signatureOf } from '../../../src/panel/web/signature';
import { TinyControl } from '../../support/control';
import { formToken, SECRET, send } from '../../support/signed';
import { NOW, PANEL, testWeb, type TestWeb } from '../../support/web';

const BAN = { jail: 'sshd', id: '192.0.2.7', time: NOW - 10, bantime: 600 };

function panel(): TestWeb {
  return testWeb({ secret: SECRET, control: new TinyControl([{ name: 'sshd' }], [BAN]) });
}

interface Frame {
  readonly title: string;
  readonly tabs: readonly { readonly path: string; readonly title: string; readonly selected: boolean }[];
  readonly breadcrumbs: readonly { readonly path: string; readonly title: string }[];
}

function frameOf(answer: request.Response): Frame {
  return JSON.parse(Buffer.from(answer.get('X-Bailiff-Frame') ?? '', 'base64').toString()) as Frame;
}

describe('a signed request', () => {
  it('gets a fragment with links into the panel, and the frame as a header', async () => {
    const page = await send(panel().app, '/bans');
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/<html|<head|<body|<link|<script/);
    expect(page.text).toContain('192.0.2.7');
    expect(page.text).toContain(`action="${PANEL.pages}/bans/unban"`);
    const frame = frameOf(page);
    expect(frame.title).toBe('Banned IP Addresses');
    expect(frame.tabs.filter((tab) => tab.selected).map((tab) => tab.path)).toEqual(['/bans']);
  });

  it('is answered in the language that was signed', async () => {
    const page = await send(panel().app, '/bans', null, { signed: { language: 'de-DE' } });
    expect(page.text).toContain('lang="de-DE"');
    expect(frameOf(page).title).toBe('Gesperrte IP-Adressen');
  });

  it('writes with the token of its form, and shows the notice once, not to the script', async () => {
    const { app, control } = panel();
    const token = formToken((await send(app, '/bans')).text);
    const done = await send(app, '/bans/unban', new URLSearchParams({ _csrf: token, unban: '["sshd","192.0.2.7"]' }).toString());
    expect([done.status, done.get('Location')]).toEqual([303, '/bans']);
    expect(await control.banned()).toEqual([]);
    expect((await send(app, '/bans', null, { headers: { 'X-Bailiff-Live': '1' } })).text).not.toContain('is no longer banned');
    expect((await send(app, '/bans', null, { signed: { user: 'other' } })).text).not.toContain('is no longer banned');
    expect((await send(app, '/bans')).text).toContain('is no longer banned');
    expect((await send(app, '/bans')).text).not.toContain('is no longer banned');
  });

  it('writes nothing without the token, or with the token of another administrator', async () => {
    const { app, control } = panel();
    const foreign = formToken((await send(app, '/bans', null, { signed: { user: 'other' } })).text);
    for (const token of ['', foreign]) {
      const form = new URLSearchParams({ _csrf: token, unban: '["sshd","192.0.2.7"]' }).toString();
      expect((await send(app, '/bans/unban', form)).status).toBe(403);
    }
    expect(await control.banned()).toEqual([BAN]);
  });

  it('finds no log-in', async () => {
    expect((await send(panel().app, '/login')).status).toBe(404);
    expect((await send(panel().app, '/login', 'user=a&password=b')).status).toBe(404);
  });

  it('may name a user in any script', async () => {
    const page = await send(panel().app, '/bans', null, { signed: { user: encodeURIComponent('Jörg 管理') } });
    expect(page.status).toBe(200);
  });
});

describe('refused is', () => {
  const unban = async (web: TestWeb): Promise<string> =>
    new URLSearchParams({ _csrf: formToken((await send(web.app, '/bans')).text), jail: 'sshd', id: '192.0.2.7' }).toString();

  it.each(['/', '/bans', '/nowhere', '/assets/css/bailiff.css'])('an unsigned request for %s', async (path) => {
    const answer = await request(panel().app).get(path).set('Host', 'bailiff');
    expect(answer.status).toBe(403);
    expect(answer.text).not.toContain('192.0.2.7');
  });

  it('another secret', async () => {
    expect((await send(panel().app, '/bans', null, { secret: 'b'.repeat(64) })).status).toBe(403);
  });

  it.each([
    ['path', { path: '/jails' }],
    ['query', { path: '/bans?page=2' }],
    ['user', { headers: { 'x-bailiff-user': 'root' } }],
    ['client', { headers: { 'x-bailiff-client': '198.51.100.1' } }],
    ['language', { headers: { 'accept-language': 'de' } }],
    ['time', { headers: { 'x-bailiff-time': String(NOW + 1) } }],
    ['nonce', { headers: { 'x-bailiff-nonce': 'f'.repeat(32) } }],
    ['signature', { headers: { 'x-bailiff-signature': '0'.repeat(64) } }],
    ['shape of the signature', { headers: { 'x-bailiff-signature': '' } }],
    ['method', { signed: { method: 'HEAD' } }],
  ])('an altered %s', async (_what, bent) => {
    expect((await send(panel().app, '/bans', null, bent)).status).toBe(403);
  });

  it('an altered body, a body of another type, and one that was not signed', async () => {
    const web = panel();
    const form = await unban(web);
    expect((await send(web.app, '/bans/unban', form, { body: form.replace('192.0.2.7', '192.0.2.8') })).status).not.toBe(303);
    expect((await send(web.app, '/bans/unban', form, { type: 'text/plain' })).status).toBe(403);
    expect((await send(web.app, '/bans/unban', form, { signed: { body: bodyHash(Buffer.from('')) } })).status).not.toBe(303);
    expect(await web.control.banned()).toEqual([BAN]);
  });

  it('a body that is too large', async () => {
    expect((await send(panel().app, '/bans/unban', `id=${'x'.repeat(5_000_000)}`)).status).toBe(413);
  });

  it('a signature that is older than 30 seconds, or as far in the future', async () => {
    for (const seconds of [-31, 31]) {
      const answer = await send(panel().app, '/bans', null, { signed: { time: String(NOW + seconds) } });
      expect(answer.status).toBe(403);
    }
    for (const seconds of [-30, 30])
      expect((await send(panel().app, '/bans', null, { signed: { time: String(NOW + seconds) } })).status).toBe(200);
  });

  it('the same request again, also at the end of its time', async () => {
    const web = panel();
    const nonce = randomBytes(16).toString('hex');
    const time = String(NOW + 30);
    expect((await send(web.app, '/bans', null, { signed: { nonce, time } })).status).toBe(200);
    for (const later of [0, 30, 60]) {
      web.now = NOW + later;
      expect((await send(web.app, '/bans', null, { signed: { nonce, time } })).status).toBe(403);
    }
  });

  it('a user that is no text', async () => {
    expect((await send(panel().app, '/bans', null, { signed: { user: '%ff' } })).status).toBe(403);
  });
});

test('nonces are forgotten when their signatures are too old anyway', () => {
  const nonces = new Nonces();
  expect(nonces.take('a', 0)).toBe(true);
  expect(nonces.take('a', 60)).toBe(false);
  expect(nonces.take('b', 61)).toBe(true);
  expect(nonces.take('a', 61)).toBe(true);
});

test('the signature is what another language computes from the documented text', () => {
  const parts = {
    method: 'GET',
    path: '/',
    body: bodyHash(Buffer.from('')),
    user: 'admin',
    client: '::1',
    language: 'en-US',
    time: '1',
    nonce: '0'.repeat(32),
  };
  expect(signatureOf('secret', parts)).toBe('ec9527922d7b775282cf8a1b9fc4999a4712ff1c1bfa8c228308cdcceaeeda98');
});
