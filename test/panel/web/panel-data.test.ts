import request from 'supertest';
import { AppError } from '../../../src/base/errors';
import type { Changes, News, Summary } from '../../../src/panel/web/panel-data';
import { TinyControl } from '../../support/control';
import { SECRET, send } from '../../support/signed';
import { logIn, NOW, testWeb } from '../../support/web';

const ban = (id: string, time: number, bantime: number): { jail: string; id: string; time: number; bantime: number } => ({
  jail: 'sshd',
  id,
  time,
  bantime,
});

describe('the summary', () => {
  it('counts bans of the last 24 hours and who is banned', async () => {
    const control = new TinyControl(
      [{ name: 'sshd' }, { name: 'web', problems: [{ severity: 'error', message: 'no' }] }],
      [ban('192.0.2.7', NOW, 600)],
    );
    const events = [NOW - 60, NOW - 90_000].map((time) => ({ time, jail: 'sshd', kind: 'ban' as const, id: '192.0.2.7' }));
    const answer = await send(testWeb({ secret: SECRET, control, events }).app, '/panel/summary');
    const body = answer.body as Summary;
    expect(body).toMatchObject({ engine: { name: 'bailiff', version: '0.1.0' }, banned: 1, broken: 1 });
    expect(body.hours).toHaveLength(24);
    expect(body.hours.reduce((sum, hour) => sum + hour.bans, 0)).toBe(1);
  });

  it('says that the engine is silent', async () => {
    const web = testWeb({ secret: SECRET });
    web.control.failure = new AppError('SERVER_NOT_RUNNING', 'gone');
    expect(((await send(web.app, '/panel/summary')).body as Summary).engine).toBeNull();
  });
});

describe('the news', () => {
  it('are bans without an end since the last time, and jails with an error', async () => {
    const control = new TinyControl(
      [
        { name: 'sshd', problems: [{ severity: 'error', message: 'no log', jail: 'sshd' }] },
        { name: 'web', problems: [{ severity: 'warning', message: 'hm' }] },
      ],
      [ban('192.0.2.1', NOW - 5, -1), ban('192.0.2.2', NOW - 500, -1), ban('192.0.2.3', NOW - 5, 600)],
    );
    const body = (await send(testWeb({ secret: SECRET, control }).app, `/panel/news?since=${NOW - 60}`)).body as News;
    expect(body).toEqual({
      now: NOW,
      answers: true,
      permanent: [{ jail: 'sshd', id: '192.0.2.1' }],
      unhealthy: [{ jail: 'sshd', reason: 'no log' }],
    });
  });
});

describe('the changes', () => {
  const deed = { time: NOW, who: 'admin', client: '192.0.2.10', subject: '192.0.2.7', before: null, after: null, ok: true, message: null };
  const ask = async (web: ReturnType<typeof testWeb>, query = ''): Promise<Changes> =>
    (await send(web.app, `/panel/audit${query}`)).body as Changes;

  it('are those after the last that the panel has, oldest first', async () => {
    const web = testWeb({ secret: SECRET });
    expect(await ask(web)).toEqual({ last: 0, entries: [] });
    for (const action of ['bans.ban', 'bans.unban', 'trusted.add']) await web.notebook.audit({ ...deed, action });
    const { last, entries } = await ask(web);
    expect([last, entries]).toEqual([3, []]);
    const after = await ask(web, '?after=1');
    expect([after.last, after.entries.map(({ action }) => action)]).toEqual([3, ['bans.unban', 'trusted.add']]);
    expect(await ask(web, '?after=3')).toEqual({ last: 3, entries: [] });
  });

  it('come in parts when there are many', async () => {
    const web = testWeb({ secret: SECRET });
    for (let count = 0; count < 510; count++) await web.notebook.audit({ ...deed, action: 'bans.ban' });
    const first = await ask(web, '?after=0');
    expect([first.last, first.entries.length]).toEqual([500, 500]);
    expect((await ask(web, '?after=500')).entries).toHaveLength(10);
  });

  it('are asked for by a number', async () => {
    expect((await send(testWeb({ secret: SECRET }).app, '/panel/audit?after=x')).status).toBe(400);
  });
});

it('has new logs looked for', async () => {
  let looks = 0;
  const newLogs = { look: () => void looks++, close: () => Promise.resolve() };
  const { status } = await send(testWeb({ secret: SECRET, rooms: { newLogs } }).app, '/panel/logs', '');
  expect([status, looks]).toEqual([202, 1]);
});

it('is there for the panel only', async () => {
  expect(
    (
      await request(testWeb({ secret: SECRET }).app)
        .get('/panel/summary')
        .set('Host', 'bailiff')
    ).status,
  ).toBe(403);
  expect((await (await logIn(testWeb().app)).get('/panel/summary')).status).toBe(404);
});
