import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { AppError } from '../../../../src/base/errors';
import { ENDPOINTS } from '../../../../src/panel/web/api/endpoints';
import type { Endpoint } from '../../../../src/panel/web/api/endpoint';
import { ProblemDetails } from '../../../../src/panel/web/api/problem';
import { EXAMPLES, send, tokenOf } from '../../../support/api';
import { TinyControl } from '../../../support/control';
import { deeds, HOSTILE } from '../../../support/page-text';
import { logIn, NOW, testWeb, type TestWeb } from '../../../support/web';

const nameOf = ({ method, path }: Pick<Endpoint, 'method' | 'path'>): string => `${method} ${path}`;
const all = ENDPOINTS.map((endpoint) => [nameOf(endpoint), endpoint] as const);
const writing = all.filter(([, endpoint]) => endpoint.writes);
const example = (endpoint: Endpoint): (typeof EXAMPLES)[string] => EXAMPLES[nameOf(endpoint)] ?? { good: {}, bad: [] };

/** A web in which every good example finds what it is about. */
async function webForAll(): Promise<TestWeb> {
  const ban = { jail: 'sshd', id: '198.51.100.7', time: NOW - 60, bantime: 3600 };
  const events = [{ time: NOW - 60, jail: 'sshd', kind: 'ban' as const, id: '198.51.100.7' }];
  const web = testWeb({ control: new TinyControl([{ name: 'broken' }, { name: 'sshd' }], [ban]), events });
  const by = { who: 'admin', client: '' };
  const text = '[Definition]\n';
  await web.config.editor.apply(
    [
      { kind: 'filter', name: 'mine', text },
      { kind: 'action', name: 'mine', text },
    ],
    by,
  );
  await web.notebook.addNote({ address: '198.51.100.7', time: NOW, who: 'admin', text: 'first' });
  web.config.applied.length = 0;
  return web;
}

/** All that a call could have changed. */
async function expectUntouched(web: TestWeb): Promise<void> {
  expect((await web.control.banned()).map(({ id, bantime }) => [id, bantime])).toEqual([['198.51.100.7', 3600]]);
  expect(web.config.applied).toEqual([]);
  expect(await web.notebook.notes('198.51.100.7')).toHaveLength(1);
  expect(await deeds(web)).toEqual([]);
}

function expectProblem(answer: request.Response, status: number): void {
  expect([answer.status, answer.get('Content-Type')]).toEqual([status, 'application/problem+json; charset=utf-8']);
  const problem = ProblemDetails.parse(JSON.parse(answer.text));
  expect(problem.status).toBe(status);
  expect(problem.detail).not.toBe('');
}

describe('every endpoint', () => {
  it('has an example, and every example an endpoint', () => {
    expect(Object.keys(EXAMPLES).sort()).toEqual(all.map(([name]) => name).sort());
  });

  it.each(all)('%s answers a good call as it is described, and writes are written down', async (_name, endpoint) => {
    const web = await webForAll();
    const secret = await tokenOf(web, false);
    const answer = await send(web, endpoint, example(endpoint).good, secret);
    expect([answer.status, answer.get('Content-Type')]).toEqual([endpoint.status, 'application/json; charset=utf-8']);
    expect(endpoint.answer.safeParse(answer.body).error).toBeUndefined();
    expect(answer.get('Cache-Control')).toBe('no-store');
    const { entries } = await web.notebook.auditList({ limit: 10 });
    if (endpoint.writes) expect(entries.map(({ who }) => who)).toContain('token robot');
    else expect(entries).toEqual([]);
  });

  const bad = ENDPOINTS.flatMap((endpoint) =>
    example(endpoint).bad.map((call, index) => [`${nameOf(endpoint)} #${index}`, endpoint, call] as const),
  );
  it.each(bad)('%s refuses what it cannot take', async (_name, endpoint, call) => {
    const web = await webForAll();
    expectProblem(await send(web, endpoint, call, await tokenOf(web, false)), 422);
    await expectUntouched(web);
  });

  const unknown = ENDPOINTS.flatMap((endpoint) =>
    (example(endpoint).unknown ?? []).map((call, index) => [`${nameOf(endpoint)} #${index}`, endpoint, call] as const),
  );
  it.each(unknown)('%s knows no such thing', async (_name, endpoint, call) => {
    const web = await webForAll();
    expectProblem(await send(web, endpoint, call, await tokenOf(web, false)), 404);
    await expectUntouched(web);
  });

  it.each(all)('%s answers nobody', async (_name, endpoint) => {
    const web = await webForAll();
    expectProblem(await send(web, endpoint, example(endpoint).good, null), 401);
    await expectUntouched(web);
  });

  it.each(writing)('%s is not for a token that may only read', async (_name, endpoint) => {
    const web = await webForAll();
    expectProblem(await send(web, endpoint, example(endpoint).good, await tokenOf(web, true)), 403);
    await expectUntouched(web);
  });

  it.each(all.filter(([, endpoint]) => !endpoint.writes))('%s is for a token that may only read', async (_name, endpoint) => {
    const web = await webForAll();
    expect((await send(web, endpoint, example(endpoint).good, await tokenOf(web, true))).status).toBe(200);
    await expectUntouched(web);
  });

  it.each(all.filter(([, endpoint]) => endpoint.body !== null))('%s takes JSON only, and not too much of it', async (_name, endpoint) => {
    const web = await webForAll();
    const secret = await tokenOf(web, false);
    const path = (): request.Test => send(web, endpoint, { params: example(endpoint).good.params ?? {} }, secret);
    expectProblem(await path().type('form').send('a=b'), 415);
    expectProblem(await path().type('text').send('{}'), 415);
    expectProblem(await path().type('json').send('{"a":'), 400);
    expectProblem(
      await path()
        .type('json')
        .send(`{"a":"${'x'.repeat(4 * 1024 * 1024)}"}`),
      413,
    );
    await expectUntouched(web);
  });
});

test('text of a log comes as JSON that nobody takes for a page, and that steers no terminal', async () => {
  const id = '</script><img src=x onerror=alert(1)>\u001b[2J\u009b31m\u202e\u2066\u2028';
  const web = testWeb({ control: new TinyControl([{ name: 'sshd' }]) });
  await web.control.ban('sshd', [id]);
  const answer = await send(web, { method: 'get', path: '/bans' }, {}, await tokenOf(web, true));
  expect(answer.get('Content-Type')).toBe('application/json; charset=utf-8');
  expect(answer.get('X-Content-Type-Options')).toBe('nosniff');
  expect(answer.text).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
  expect(JSON.stringify(JSON.parse(answer.text))).toContain(JSON.stringify(id).slice(1, -1));
});

describe('the OpenAPI document', () => {
  interface Operation {
    readonly operationId: string;
    readonly summary: string;
    readonly parameters: readonly { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: object }[];
    readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, { readonly schema: object }>> };
    readonly responses: Readonly<
      Record<string, { readonly description: string; readonly content: Readonly<Record<string, { readonly schema: object }>> }>
    >;
    readonly 'x-read-only'?: true;
  }
  interface Document {
    readonly openapi: string;
    readonly info: { readonly title: string; readonly version: string };
    readonly servers: readonly { readonly url: string }[];
    readonly security: readonly Readonly<Record<string, readonly string[]>>[];
    readonly tags: readonly { readonly name: string }[];
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation & { readonly tags: readonly string[] }>>>>;
    readonly components: { readonly securitySchemes: Readonly<Record<string, object>>; readonly schemas: Readonly<Record<string, object>> };
  }

  async function read(): Promise<Document> {
    const web = testWeb();
    const answer = await request(web.app)
      .get('/api/v1/openapi.json')
      .set('Authorization', `Bearer ${await tokenOf(web, true)}`);
    expect(answer.status).toBe(200);
    return answer.body as Document;
  }

  it('describes all endpoints and nothing else', async () => {
    const { paths } = await read();
    const described = Object.entries(paths).flatMap(([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`));
    expect(described.sort()).toEqual(all.map(([name]) => name).sort());
  });

  it('describes of each its parameters, its body, its answer and who may call it', async () => {
    const { paths } = await read();
    for (const [name, endpoint] of all) {
      const operation = paths[endpoint.path]?.[endpoint.method];
      const inPath = [...endpoint.path.matchAll(/\{(\w+)\}/g)].map(([, word]) => word);
      const parameters = operation?.parameters ?? [];
      expect([name, parameters.filter((one) => one.in === 'path').map((one) => one.name)]).toEqual([name, inPath]);
      expect(parameters.filter((one) => one.in === 'path').every((one) => one.required)).toBe(true);
      for (const query of Object.keys(example(endpoint).good.query ?? {}))
        expect(parameters.filter((one) => one.in === 'query').map((one) => one.name)).toContain(query);
      expect([name, operation?.requestBody?.content['application/json']?.schema === undefined]).toEqual([name, endpoint.body === null]);
      expect(Object.keys(operation?.responses ?? {}).sort()).toEqual([String(endpoint.status), 'default']);
      expect(operation?.responses[endpoint.status]?.content['application/json']?.schema).toMatchObject({ type: 'object' });
      expect([name, operation?.['x-read-only'] === true]).toEqual([name, !endpoint.writes]);
    }
  });

  it('has the shape of OpenAPI 3.1: unique operations, known tags, references that lead somewhere, no foreign keys', async () => {
    const document = await read();
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(Object.keys(document).sort()).toEqual(['components', 'info', 'openapi', 'paths', 'security', 'servers', 'tags']);
    expect(document.info.version).toMatch(/^\d+\.\d+\.\d+/);
    expect(document.servers).toEqual([{ url: '/api/v1' }]);
    const operations = Object.values(document.paths).flatMap((path) => Object.values(path));
    const ids = operations.map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const tags = document.tags.map(({ name }) => name);
    for (const operation of operations) {
      expect(operation.summary).not.toBe('');
      expect(tags).toEqual(expect.arrayContaining([...operation.tags]));
      for (const answer of Object.values(operation.responses)) expect(answer.description).not.toBe('');
    }
    const text = JSON.stringify(document);
    const references = new Set([...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, to]) => to));
    expect([...references]).toEqual(['#/components/schemas/ProblemDetails']);
    expect(document.components.schemas['ProblemDetails']).toMatchObject({
      type: 'object',
      required: expect.arrayContaining(['status']) as unknown,
    });
    for (const scheme of document.security) expect(Object.keys(document.components.securitySchemes)).toEqual(Object.keys(scheme));
    expect(text).not.toMatch(/"\$schema"|"~standard"|"nullable"/);
  });

  it('is for those who may read only', async () => {
    expectProblem(await request(testWeb().app).get('/api/v1/openapi.json'), 401);
  });
});

describe('who calls', () => {
  const status = (web: TestWeb, header: string): request.Test => request(web.app).get('/api/v1/status').set('Authorization', header);

  it.each([
    'Bearer',
    'Bearer x',
    `Bearer bailiff_${'A'.repeat(43)}`,
    `Basic ${Buffer.from('admin:admin').toString('base64')}`,
    `Bearer bailiff_${'A'.repeat(5000)}`,
    HOSTILE,
  ])('a wrong token is refused, and told to the log that a jail reads: %#', async (header) => {
    const web = testWeb();
    expectProblem(await status(web, header), 401);
    expect(web.loginLog).toHaveLength(1);
    expect(web.loginLog[0]).toMatch(/failed log-in from 127\.0\.0\.1 as "api-token"$/);
  });

  it('wrong tokens are counted: after ten the right one has to wait too, and is not forgotten', async () => {
    const web = testWeb();
    const secret = await tokenOf(web, true);
    for (let wrong = 0; wrong < 10; wrong++) expect((await status(web, 'Bearer x')).status).toBe(401);
    expectProblem(await status(web, `Bearer ${secret}`), 429);
    expect(web.loginLog).toHaveLength(10);
    web.now += 301;
    expect((await status(web, `Bearer ${secret}`)).status).toBe(200);
  });

  it('a revoked token is refused', async () => {
    const web = testWeb();
    const secret = await tokenOf(web, false);
    expect((await status(web, `Bearer ${secret}`)).status).toBe(200);
    const [token] = await web.notebook.tokens();
    await web.notebook.revokeToken(token?.id ?? 0);
    expectProblem(await status(web, `Bearer ${secret}`), 401);
  });

  it('a wrong token is not mended by a session', async () => {
    const web = testWeb();
    const { get } = await logIn(web.app);
    expectProblem(await get('/api/v1/status').set('Authorization', 'Bearer x'), 401);
  });

  it('a session reads, and writes only with its secret and from our own pages', async () => {
    const web = await webForAll();
    const { get, cookie } = await logIn(web.app);
    expect((await get('/api/v1/status')).status).toBe(200);
    const csrf = /name="_csrf" value="([^"]+)"/.exec((await get('/')).text)?.[1] ?? '';
    const note = (headers: Readonly<Record<string, string>>): request.Test =>
      request(web.app).post('/api/v1/addresses/198.51.100.7/notes').set('Cookie', cookie).set(headers).send({ text: 'n' });
    expectProblem(await note({}), 403);
    expectProblem(await note({ 'X-Bailiff-Csrf': 'A'.repeat(43) }), 403);
    expectProblem(await note({ 'X-Bailiff-Csrf': csrf, Origin: 'http://evil.example' }), 403);
    expectProblem(await note({ 'X-Bailiff-Csrf': csrf, 'Sec-Fetch-Site': 'cross-site' }), 403);
    await expectUntouched(web);
    expect((await note({ 'X-Bailiff-Csrf': csrf })).status).toBe(201);
    expect((await web.notebook.auditList({ limit: 1 })).entries).toMatchObject([{ who: 'admin', action: 'notes.add' }]);
  });
});

describe('refusals', () => {
  it.each(['/api/v1', '/api/v1/', '/api/v1/nowhere', '/api/v1/bans/unban/x', '/api/v1/jails/%E0%A4%A'])(
    '%s is no endpoint',
    async (path) => {
      const web = testWeb();
      const answer = await request(web.app)
        .get(path)
        .set('Authorization', `Bearer ${await tokenOf(web, true)}`);
      expectProblem(answer, path.includes('%') ? 400 : 404);
    },
  );

  it('a method that an endpoint has not is none', async () => {
    const web = testWeb();
    const answer = await request(web.app)
      .delete('/api/v1/bans')
      .set('Authorization', `Bearer ${await tokenOf(web, false)}`);
    expectProblem(answer, 404);
  });

  it('tell the problems of an edit one by one', async () => {
    const web = await webForAll();
    web.config.refusal = {
      message: 'not taken',
      problems: [{ severity: 'error', message: HOSTILE, option: 'bantime', line: 3, file: 'jail.local' }],
    };
    const answer = await send(
      web,
      { method: 'patch', path: '/jails/{name}' },
      { params: { name: 'sshd' }, body: { options: { bantime: 'x' } } },
      await tokenOf(web, false),
    );
    expectProblem(answer, 422);
    expect(JSON.parse(answer.text)).toMatchObject({ detail: 'not taken', problems: [{ message: HOSTILE, option: 'bantime', line: 3 }] });
    expect(await deeds(web)).toEqual([['jail.edit', 'sshd', false]]);
  });

  it.each([
    [new AppError('SERVER_NOT_RUNNING', 'gone'), 503],
    [new AppError('SERVER_REFUSED', 'no'), 502],
    [new AppError('PROTOCOL', 'not understood'), 502],
  ])('say that the engine does not answer or refuses: %s', async (failure, status) => {
    const web = testWeb();
    const secret = await tokenOf(web, true);
    web.control.failure = failure;
    const answer = await send(web, { method: 'get', path: '/status' }, {}, secret);
    expectProblem(answer, status);
    expect(JSON.parse(answer.text)).toMatchObject({ code: failure.code });
  });

  it('keep our own mistakes to the log', async () => {
    const web = testWeb();
    web.control.info = () => Promise.reject(new Error('secret detail'));
    const answer = await send(web, { method: 'get', path: '/status' }, {}, await tokenOf(web, true));
    expectProblem(answer, 500);
    expect(answer.text).not.toContain('secret detail');
  });

  it('do not touch what is shipped or in use', async () => {
    const web = await webForAll();
    const answer = await send(web, { method: 'delete', path: '/filters/{name}' }, { params: { name: 'sshd' } }, await tokenOf(web, false));
    expectProblem(answer, 409);
    const twice = await send(
      web,
      { method: 'post', path: '/jails' },
      { body: { name: 'sshd', options: {} } },
      await tokenOf(web, false, 'two'),
    );
    expectProblem(twice, 409);
    await expectUntouched(web);
  });

  it('never ban the address that calls', async () => {
    const web = await webForAll();
    const answer = await send(
      web,
      { method: 'post', path: '/bans' },
      { body: { ids: ['127.0.0.1'], jail: 'sshd' } },
      await tokenOf(web, false),
    );
    expect(answer.body).toEqual({ results: [{ jail: 'sshd', id: '127.0.0.1', ok: false, message: 'is your own address' }] });
    expect((await web.control.banned()).map(({ id }) => id)).toEqual(['198.51.100.7']);
  });
});

describe('the metrics', () => {
  const metrics = async (web: TestWeb): Promise<request.Response> =>
    request(web.app)
      .get('/metrics')
      .set('Authorization', `Bearer ${await tokenOf(web, true)}`);

  it('are for those who may read', async () => {
    expectProblem(await request(testWeb().app).get('/metrics'), 401);
  });

  it('are in Prometheus’ text format: each metric with help and type, each line a sample, hostile names quoted', async () => {
    const jails = [{ name: 'sshd', files: ['/a', '/b'], failed: 2 }, { name: 'a"b\\c\nd' }];
    const answer = await metrics(testWeb({ control: new TinyControl(jails, [{ jail: 'sshd', id: '192.0.2.1', time: NOW, bantime: 60 }]) }));
    expect([answer.status, answer.get('Content-Type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
    expect(answer.text.endsWith('\n')).toBe(true);
    const told = new Set<string>();
    for (const line of answer.text.trimEnd().split('\n')) {
      const about = /^# (HELP|TYPE) (\w+) (.+)$/.exec(line);
      if (about !== null) told.add(`${about[1] ?? ''} ${about[2] ?? ''}`);
      else {
        const sample = /^([a-z_]+)(?:\{(?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)+\})? (-?\d+(?:\.\d+)?)$/.exec(line);
        expect([line, sample?.[1] !== undefined]).toEqual([line, true]);
        expect([...told]).toEqual(expect.arrayContaining([`HELP ${sample?.[1] ?? ''}`, `TYPE ${sample?.[1] ?? ''}`]));
      }
    }
    const lines = answer.text.split('\n');
    expect(lines).toContain('bailiff_up 1');
    expect(lines).toContain('bailiff_jail_banned_current{jail="sshd"} 1');
    expect(lines).toContain('bailiff_jail_files{jail="sshd"} 2');
    expect(lines).toContain('bailiff_jail_failed_total{jail="a\\"b\\\\c\\nd"} 0');
  });

  it('say that the server is down', async () => {
    const web = testWeb();
    web.control.failure = new AppError('SERVER_NOT_RUNNING', 'gone');
    const answer = await metrics(web);
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('bailiff_up 0\n');
    expect(answer.text).not.toContain('bailiff_jail');
  });
});

describe('the event stream', () => {
  it('is for those who may read', async () => {
    expectProblem(await request(testWeb().app).get('/api/v1/stream'), 401);
  });

  it('tells which jails changed, and forgets a reader that has left', async () => {
    const listeners = new Set<(jails: readonly string[]) => void>();
    let left: () => void = () => undefined;
    const forgotten = new Promise<void>((resolve) => (left = resolve));
    const subscribe = (listener: (jails: readonly string[]) => void): (() => void) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
        left();
      };
    };
    const web = testWeb({ rooms: { live: { subscribe } } });
    const server = web.app.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const headers = { Authorization: `Bearer ${await tokenOf(web, true)}` };
      const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/api/v1/stream`, { headers });
      expect([response.status, response.headers.get('Content-Type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      expect(response.headers.get('Cache-Control')).toBe('no-store');
      listeners.forEach((listener) => listener(['sshd', HOSTILE]));
      const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
      let text = '';
      while (!text.includes('data: ') || !text.endsWith('\n\n')) text += (await reader.read()).value ?? '';
      expect(text).toMatch(/^retry: 3000\n\nevent: change\ndata: .*\n\n$/);
      expect(JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? '')).toEqual({ jails: ['sshd', HOSTILE] });
      await reader.cancel();
      await forgotten;
      expect(listeners.size).toBe(0);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  });
});
