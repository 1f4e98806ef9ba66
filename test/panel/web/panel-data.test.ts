import request from 'supertest';
import { AppError } from '../../../src/base/errors';
import type { News, Summary } from '../../../src/panel/web/panel-data';
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
