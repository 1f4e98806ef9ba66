import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLogger } from '../../../../src/base/logger';
import { AppError } from '../../../../src/base/errors';
import type { Control } from '../../../../src/panel/control/control';
import { createNewLogs } from '../../../../src/panel/control/logs/new-logs';
import { manualClock } from '../../../support/clock';
import { temporaryFolder } from '../../../support/folder';

/** A server that follows the logs it was told of when it last read its files. */
function world(engine: 'bailiff' | 'fail2ban') {
  const folder = temporaryFolder();
  const at = (name: string): string => path.join(folder.path, name);
  for (const name of ['filter.d', 'action.d']) mkdirSync(at(name));
  writeFileSync(at('fail2ban.conf'), '[Definition]\n');
  writeFileSync(at('filter.d/web.conf'), '[Definition]\nfailregex = ^<HOST>$\n');
  writeFileSync(at('jail.conf'), `[web]\nenabled = true\nfilter = web\nbackend = polling\nlogpath = ${at('*.log')}\n`);
  writeFileSync(at('one.log'), '');
  const followed = { web: [at('one.log')] };
  const reloads: string[] = [];
  let silent = false;
  const control = {
    info: () => (silent ? Promise.reject(new AppError('SERVER_NOT_RUNNING', 'gone')) : Promise.resolve({ version: '1', engine })),
    jails: () => Promise.resolve(['web']),
    get: () => Promise.resolve(followed.web),
    reload: () => {
      reloads.push('reload');
      return Promise.resolve({ done: true, problems: [] });
    },
  } as unknown as Pick<Control, 'info' | 'jails' | 'get' | 'reload'>;
  const clock = manualClock();
  const logs = createNewLogs({ control, conf: folder.path, clock, logger: silentLogger });
  return { at, clock, logs, reloads, followed, fallSilent: () => (silent = true), remove: () => folder.remove() };
}

it('reloads the stock server once when a log came', async () => {
  const { at, clock, logs, reloads, followed, remove } = world('fail2ban');
  logs.look();
  await clock.advance(40);
  expect(reloads).toEqual([]);
  writeFileSync(at('two.log'), '');
  logs.look();
  await clock.advance(0);
  expect(reloads).toHaveLength(1);
  // It did not help, and does not help a second time either.
  await clock.advance(40);
  expect(reloads).toHaveLength(1);
  followed.web.push(at('two.log'));
  rmSync(at('one.log'));
  logs.look();
  await clock.advance(40);
  expect(reloads).toHaveLength(2);
  await logs.close();
  remove();
});

it('finds a log that is made some seconds after it was told', async () => {
  const { at, clock, logs, reloads, remove } = world('fail2ban');
  logs.look();
  await clock.advance(2);
  writeFileSync(at('two.log'), '');
  await clock.advance(4);
  expect(reloads).toHaveLength(1);
  await logs.close();
  remove();
});

it('leaves our engine alone, and one that is silent', async () => {
  for (const engine of ['bailiff', 'fail2ban'] as const) {
    const { at, clock, logs, reloads, fallSilent, remove } = world(engine);
    writeFileSync(at('two.log'), '');
    if (engine === 'fail2ban') fallSilent();
    logs.look();
    await clock.advance(40);
    expect(reloads).toEqual([]);
    await logs.close();
    expect(clock.waiting).toBe(0);
    remove();
  }
});

it('looks no more when it is closed', async () => {
  const { at, clock, logs, reloads, remove } = world('fail2ban');
  writeFileSync(at('two.log'), '');
  logs.look();
  await logs.close();
  await clock.advance(40);
  expect(reloads).toEqual([]);
  remove();
});
