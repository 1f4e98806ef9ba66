/** Whoever should not get in, on the stand-in host: other local users, requests without a good signature, and hostile ones of a logged-in browser. */
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { bodyHash, NO_BODY, signedHeaders, type SignedRequest } from '../../src/panel/web/signature';
import { isRoot, where } from '../support/where';
import { prepareDoor } from './host/door';
import { PANEL, StandInHost } from './host/host';
import { packages } from './host/packages';

const MINUTES = 60_000;
const SOCKET = '/run/bailiff/web.sock';
const ENGINE_SOCKETS = ['/run/fail2ban/fail2ban.sock', '/var/run/fail2ban/fail2ban.sock'];
const UI = `${PANEL}/modules/bailiff/index.php/ui`;
const FORM = 'application/x-www-form-urlencoded';
const MEGABYTE = 1 << 20;
const VICTIM = '192.0.2.40';
const MARK = '/tmp/taken';

jest.setTimeout(MINUTES);
const onHost = where(isRoot, describe);

onHost('an intruder', () => {
  let host: StandInHost;
  let secret: string;

  beforeAll(async () => {
    const { release } = packages();
    host = await StandInHost.start({ stock: false });
    prepareDoor(host, '/etc/bailiff/config');
    host.plesk('install', release);
    await host.startPanel();
    secret = host.read('/etc/bailiff/secret').trim();
    host.must('bailiff', 'ban', 'door', VICTIM);
  }, 12 * MINUTES);
  afterAll(() => host.stop(), MINUTES);
  afterEach(() => {
    expect(host.banned()).toEqual([VICTIM]);
    expect(host.exists(MARK)).toBe(false);
  });

  describe('among the local users', () => {
    it('is kept from the pages’ socket, the engine’s and the secret', () => {
      const at = (socket: string): number | null =>
        host.asUser('nobody', 'curl', '-s', '-o', '/dev/null', '--unix-socket', socket, 'http://bailiff/').code;
      // What curl ends with when it cannot connect.
      expect(at(SOCKET)).toBe(7);
      const engine = ENGINE_SOCKETS.filter((socket) => host.exists(socket));
      expect(engine).not.toEqual([]);
      expect(engine.map(at)).toEqual(engine.map(() => 7));
      for (const file of ['/etc/bailiff/secret', '/var/lib/bailiff'])
        expect(host.asUser('nobody', 'ls', '-l', `${file}/.`).code).not.toBe(0);
      expect(host.asUser('nobody', 'cat', '/etc/bailiff/secret')).toMatchObject({ out: '' });
    });

    it('finds the secret in no list of processes and in no journal', () => {
      expect(host.must('sh', '-c', 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null | tr "\\0" "\\n"')).not.toContain(secret);
      expect(host.must('journalctl', '--no-pager')).not.toContain(secret);
    });
  });

  describe('at the pages’ socket', () => {
    interface Sent {
      readonly signed?: Partial<SignedRequest>;
      readonly key?: string;
      readonly path?: string;
      readonly body?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }

    function signedBy(key: string, part: Partial<SignedRequest>): Record<string, string> {
      const request: SignedRequest = {
        method: 'GET',
        path: '/bans',
        body: NO_BODY,
        user: 'admin',
        client: '192.0.2.1',
        language: 'en-US',
        time: String(Math.floor(Date.now() / 1000)),
        nonce: randomBytes(16).toString('hex'),
        ...part,
      };
      return { ...signedHeaders(key, request) };
    }

    function send(method: string, path: string, headers: Readonly<Record<string, string>>, body = ''): Promise<number | string> {
      return new Promise((resolve) => {
        const request = http.request(
          { socketPath: host.path(SOCKET), method, path, headers: { host: 'bailiff', ...headers }, agent: false },
          (answer) => {
            answer.resume();
            answer.on('end', () => resolve(answer.statusCode ?? 0));
          },
        );
        request.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
        request.on('socket', (socket) => socket.on('error', () => undefined));
        request.end(body);
      });
    }
    const get = ({ key = secret, signed = {}, path = '/bans', headers = {} }: Sent): Promise<number | string> =>
      send('GET', path, { ...signedBy(key, signed), ...headers });

    it('gets in with a good signature, so what follows is worth something', async () => {
      expect(await get({})).toBe(200);
    });

    it.each<[string, Sent]>([
      ['another secret', { key: 'b'.repeat(64) }],
      ['another path than was signed', { path: '/settings' }],
      ['another query', { path: '/bans?page=2' }],
      ['another user', { headers: { 'x-bailiff-user': 'root' } }],
      ['another reader’s address', { headers: { 'x-bailiff-client': '192.0.2.2' } }],
      ['another method', { signed: { method: 'POST' } }],
      ['an old time', { signed: { time: String(Math.floor(Date.now() / 1000) - 3600) } }],
      ['a time to come', { signed: { time: String(Math.floor(Date.now() / 1000) + 3600) } }],
      ['a signature cut short', { headers: { 'x-bailiff-signature': 'ab' } }],
      ['no signature', { headers: { 'x-bailiff-signature': '' } }],
      ['a nonce of another form', { headers: { 'x-bailiff-nonce': '1' } }],
    ])('is refused with %s', async (_, sent) => expect(await get(sent)).toBe(403));

    it('is refused with what was sent before', async () => {
      const headers = signedBy(secret, {});
      expect([await send('GET', '/bans', headers), await send('GET', '/bans', headers)]).toEqual([200, 403]);
    });

    it('is refused with another body than was signed', async () => {
      const signed = signedBy(secret, { method: 'POST', path: '/bans/unban', body: bodyHash(Buffer.from('jail=door&id=192.0.2.99')) });
      expect(await send('POST', '/bans/unban', { ...signed, 'content-type': FORM }, `jail=door&id=${VICTIM}`)).toBe(403);
    });

    it('is refused with a huge body, signed or not', async () => {
      const body = `a=${'x'.repeat(8 * MEGABYTE)}`;
      const signed = signedBy(secret, { method: 'POST', path: '/bans/unban', body: bodyHash(Buffer.from(body)) });
      for (const headers of [{ ...signed, 'content-type': FORM }, { 'content-type': FORM }])
        expect([403, 413, 'EPIPE', 'ECONNRESET']).toContain(await send('POST', '/bans/unban', headers, body));
      expect(await get({})).toBe(200);
    });

    it.each(['/../secret', '/..%2fsecret', '/css/../../../etc/passwd', '/css/%2e%2e/%2e%2e/package.json', '//etc/passwd'])(
      'finds nothing at %s',
      async (path) => expect(await get({ path, signed: { path } })).toBe(404),
    );
  });

  describe('with an administrator’s browser', () => {
    let cookie: string;
    let token: string;

    const curl = (...words: readonly string[]): string =>
      host.must(
        'curl',
        '-s',
        '--path-as-is',
        '-o',
        '/tmp/answer',
        '-w',
        '%{http_code}',
        '-b',
        cookie,
        '-H',
        `X-Forgery-Protection-Token: ${token}`,
        ...words,
      );

    beforeAll(() => {
      const head = host.must('curl', '-si', '-d', 'login_name=admin&passwd=password of admin', `${PANEL}/login_up.php`);
      cookie = /PLESKSESSID=\w+/.exec(head)?.[0] ?? '';
      token = '';
      curl(`${PANEL}/admin/home`);
      token = /name="forgery_protection_token"[^>]*content="(\w+)"/.exec(host.read('/tmp/answer'))?.[1] ?? '';
    });

    it('sees the pages, so what follows is worth something', () => {
      expect(curl(`${UI}/bans`)).toBe('200');
      expect(host.read('/tmp/answer')).toContain(VICTIM);
    });

    it.each([
      '/../../../etc/passwd',
      '/%2e%2e/%2e%2e/secret',
      '/..%2f..%2fsecret',
      '/%252e%252e/x',
      '/bans%00',
      '/a%5c..%5cb',
      '/bans%0d%0aX-Evil:%201',
    ])('finds nothing at %s', (path) => {
      expect(curl(`${UI}${path}`)).toBe('404');
      expect(host.read('/tmp/answer')).not.toMatch(/root:|X-Evil/);
    });

    it('is nobody else by a forged header', () => {
      const forged = [
        'X-Bailiff-User: root',
        'X-Bailiff-Client: 203.0.113.9',
        'X-Bailiff-Signature: 00',
        'X-Forwarded-For: 203.0.113.9',
        'X-Bailiff-Frame: e30=',
      ];
      const words = forged.flatMap((header) => ['-H', header]);
      expect(curl(...words, `${UI}/bans`)).toBe('200');
      curl(...words, `${UI}/trusted/new`);
      const csrf = /name="_csrf" value="([^"]+)"/.exec(host.read('/tmp/answer'))?.[1] ?? '';
      expect(csrf).not.toBe('');
      const form = ['--data-urlencode', `_csrf=${csrf}`, '--data-urlencode', 'entries=203.0.113.8', '--data-urlencode', 'note=forged'];
      curl(...words, ...form, `${UI}/trusted/new`);
      const last = host.kept('action-log').at(-1);
      expect(last).toMatchObject({ user: 'admin', new: { User: 'admin', Subject: '203.0.113.8' } });
    });

    it('is refused with a body that is too large, of another kind, or by another method', () => {
      host.must('sh', '-c', `(printf 'a='; head -c ${5 * MEGABYTE} /dev/zero | tr '\\0' x) > /tmp/huge`);
      expect(curl('--data-binary', '@/tmp/huge', `${UI}/bans/unban`)).toBe('413');
      expect(curl('-H', 'Content-Type: application/json', '-d', `{"jail":"door","id":"${VICTIM}"}`, `${UI}/bans/unban`)).toBe('415');
      expect(curl('-F', 'jail=door', '-F', `id=${VICTIM}`, `${UI}/bans/unban`)).toBe('415');
      for (const method of ['PUT', 'DELETE', 'PATCH']) expect(curl('-X', method, `${UI}/bans/unban`)).toBe('404');
    });

    it.each([
      `192.0.2.41|touch\${IFS}${MARK}`,
      `$(touch\${IFS}${MARK})`,
      `\`touch\${IFS}${MARK}\``,
      `192.0.2.41%0a;touch`,
      '<script>alert(1)</script>',
      "'OR'1'='1",
    ])('bans nobody by %j', (text) => {
      expect(curl(`${UI}/bans/new`)).toBe('200');
      const csrf = /name="_csrf" value="([^"]+)"/.exec(host.read('/tmp/answer'))?.[1] ?? '';
      const form = { _csrf: csrf, ids: text, jail: 'door', duration: '1h' };
      const status = curl(...Object.entries(form).flatMap(([name, value]) => ['--data-urlencode', `${name}=${value}`]), `${UI}/bans/new`);
      expect(['200', '303', '400', '422']).toContain(status);
      expect(host.read('/tmp/answer')).not.toContain('<script>alert');
    });
  });
});
