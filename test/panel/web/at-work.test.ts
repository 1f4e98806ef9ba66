/** Whose address the engine is told to spare: of somebody who is logged in, and of nobody else. */
import request from 'supertest';
import { AppError } from '../../../src/base/errors';
import { TinyControl } from '../../support/control';
import { SECRET, send } from '../../support/signed';
import { logIn, testWeb } from '../../support/web';

test('the address of an administrator who is logged in is told, and again after a minute', async () => {
  const control = new TinyControl([{ name: 'sshd' }]);
  const web = testWeb({ control });
  const anna = await logIn(web.app);
  expect(control.spared).toEqual([]);
  await anna.get('/bans');
  await anna.get('/jails');
  expect(control.spared).toEqual([['127.0.0.1', 1800]]);
  web.now += 60;
  await anna.get('/jails');
  expect(control.spared).toHaveLength(2);
});

test('nobody is told of a stranger, of a forged cookie or header, of a write from another site, or of a program with a token', async () => {
  const control = new TinyControl([{ name: 'sshd' }]);
  const { app } = testWeb({ control });
  const { cookie } = await logIn(app);
  await request(app).get('/bans').set('X-Forwarded-For', '192.0.2.66');
  await request(app).get('/bans').set('Cookie', `${cookie}0`);
  await request(app).get('/login');
  await request(app).post('/login').type('form').send({ token: 'wrong' });
  await request(app).post('/bans/unban').set('Cookie', cookie).set('Origin', 'http://evil.example').type('form').send({ unban: '[]' });
  await request(app).get('/api/v1/bans').set('Authorization', 'Bearer bailiff_x');
  expect(control.spared).toEqual([]);
});

test('inside the panel it is the address that the panel signed; an altered one tells nothing', async () => {
  const control = new TinyControl([{ name: 'sshd' }]);
  const { app } = testWeb({ control, secret: SECRET });
  await send(app, '/bans', null, { secret: 'b'.repeat(64) });
  await send(app, '/bans', null, { headers: { 'X-Bailiff-Client': '192.0.2.66' } });
  await send(app, '/panel/summary');
  expect(control.spared).toEqual([]);
  await send(app, '/bans', null, { headers: { 'X-Forwarded-For': '192.0.2.66' } });
  expect(control.spared).toEqual([['192.0.2.10', 1800]]);
});

test('an engine that does not answer is told with the next page', async () => {
  const control = new TinyControl([{ name: 'sshd' }]);
  const anna = await logIn(testWeb({ control }).app);
  control.failure = new AppError('SERVER_NOT_RUNNING', 'no server answers');
  await anna.get('/bans');
  control.failure = null;
  await anna.get('/bans');
  expect(control.spared).toEqual([['127.0.0.1', 1800]]);
});
