/** What is not well on a server: both real ones with files, disks and databases of the test; a silent server and a slow one. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { diskSpace } from '../../../../src/base/disk-space';
import { AppError } from '../../../../src/base/errors';
import { fileState, mayWrite } from '../../../../src/base/file-state';
import { formatLocalTime } from '../../../../src/base/local-time';
import { createEngineControl } from '../../../../src/panel/control/engine-control';
import { lookAtDisks, spaceNotice } from '../../../../src/panel/control/health/disk-notices';
import type { HealthNotice } from '../../../../src/panel/control/health/health';
import { serverHealth } from '../../../../src/panel/control/health/server-health';
import { TinyControl } from '../../../support/control';
import { ENGINES, startEither } from '../../../support/either-server';
import { temporaryFolder } from '../../../support/folder';
import { waitFor } from '../../../support/two-hosts';

const GB = 1_000_000_000;
const noDisks = (notices: readonly HealthNotice[]): readonly HealthNotice[] => notices.filter(({ kind }) => kind !== 'disk');

describe.each(ENGINES)('%s', (engine) => {
  it('tells the files of its jails that are gone or no files', async () => {
    const server = await startEither(engine, 'health');
    const control = createEngineControl({ socket: server.socket, conf: server.conf });
    try {
      const log = (name: string): string => path.join(server.folder, name);
      for (const name of ['b.log', 'c.log']) writeFileSync(log(name), '');
      const paths = ['a.log', 'b.log', 'c.log'].map(log).join('\n  ');
      server.write('jail.conf', `[door]\nenabled = true\nbackend = polling\nfilter = door\naction = note\nlogpath = ${paths}\n`);
      await control.reload();
      expect(noDisks(await serverHealth({ control, clock: systemClock }))).toEqual([]);
      rmSync(log('b.log'));
      rmSync(log('c.log'));
      mkdirSync(log('c.log'));
      const notices = noDisks(await serverHealth({ control, clock: systemClock, seconds: 60 }));
      expect(notices).toEqual([
        { kind: 'unreadable-log', severity: 'error', jail: 'door', detail: log('c.log'), since: null },
        { kind: 'unreadable-log', severity: 'warning', jail: 'door', detail: `${log('b.log')} is gone`, since: null },
      ]);
    } finally {
      control.close();
      await server.stop();
    }
  }, 120_000);
});

it('tells failed actions and dates to come of our engine, the worst first', async () => {
  const server = await startEither('bailiff', 'health');
  const control = createEngineControl({ socket: server.socket, conf: server.conf });
  try {
    server.write('action.d/broken.conf', '[Definition]\nactionban = echo no such door; false\n');
    const log = path.join(server.folder, 'a.log');
    server.write('jail.conf', `[door]\nenabled = true\nbackend = polling\nfilter = door\naction = broken\nlogpath = ${log}\n`);
    await control.reload();
    await control.ban('door', ['192.0.2.1']);
    writeFileSync(log, `${formatLocalTime(systemClock.now() + 2 * 86_400)} knock from 192.0.2.1\n`);
    let notices: readonly HealthNotice[] = [];
    await waitFor('both notices', () => {
      void serverHealth({ control, clock: systemClock, seconds: 20 }).then((found) => (notices = noDisks(found)));
      return notices.length === 2;
    });
    expect(notices.map(({ kind, jail, severity }) => [kind, jail, severity])).toEqual([
      ['action-error', 'door', 'error'],
      ['wrong-clock', 'door', 'error'],
    ]);
    expect(notices[0]?.detail).toContain('broken ban 192.0.2.1: ');
  } finally {
    control.close();
    await server.stop();
  }
}, 60_000);

it('has nothing to say of a silent server, and does not wait for a slow one', async () => {
  const control = new TinyControl([{ name: 'web', files: ['/nowhere/at/all.log'] }]);
  await expect(serverHealth({ control, clock: systemClock })).resolves.toMatchObject([{ detail: '/nowhere/at/all.log is gone' }]);
  const slow = new TinyControl([{ name: 'web', files: ['/nowhere/at/all.log'] }]);
  slow.jails = () => new Promise(() => undefined);
  await expect(serverHealth({ control: slow, clock: systemClock, seconds: 0.2 })).resolves.toEqual([]);
  control.failure = new AppError('SERVER_NOT_RUNNING', 'nobody is there');
  await expect(serverHealth({ control, clock: systemClock })).resolves.toEqual([]);
});

it.each([
  [{ total: 100 * GB, free: 6 * GB }, null],
  [{ total: 100 * GB, free: 4.9 * GB }, 'warning'],
  [{ total: 1 * GB, free: 0.19 * GB }, 'warning'],
  [{ total: 100 * GB, free: 0.4 * GB }, 'error'],
  [{ total: 1 * GB, free: 0 }, 'error'],
  [{ total: 0, free: 0 }, null],
])('judges a disk by what is left: %j', (disk, severity) => {
  const notice = spaceNotice('/var/log', { device: 1, ...disk });
  expect(notice?.severity ?? null).toBe(severity);
  if (notice !== null) expect(notice.detail).toBe(`/var/log: ${disk.free / 1_000_000} MB`);
});

it('looks at real disks, files and databases', async () => {
  const folder = temporaryFolder();
  try {
    const disk = await diskSpace(folder.path);
    expect(disk?.total).toBeGreaterThan(0);
    expect(disk?.free).toBeLessThanOrEqual(disk?.total ?? 0);
    await expect(diskSpace(path.join(folder.path, 'nothing'))).resolves.toBeNull();
    const file = path.join(folder.path, 'db.sqlite3');
    const settings = { loglevel: 'INFO', logtarget: 'SYSLOG', syslogsocket: null, dbfile: file, dbpurgeage: 1, dbmaxmatches: 1 };
    const look = async (): Promise<readonly HealthNotice[]> => {
      const found: HealthNotice[] = [];
      await lookAtDisks(settings, (notice) => found.push(notice));
      return noDisks(found);
    };
    await expect(look()).resolves.toEqual([{ kind: 'database', severity: 'error', jail: null, detail: file, since: null }]);
    writeFileSync(file, 'x');
    await expect(look()).resolves.toEqual([]);
    await expect(mayWrite(file)).resolves.toBe(true);
    await expect(fileState(file)).resolves.toMatchObject({ access: 'readable', size: 1 });
    await expect(fileState(folder.path)).resolves.toMatchObject({ access: 'unreadable' });
  } finally {
    folder.remove();
  }
});
