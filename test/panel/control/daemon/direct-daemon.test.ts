/** The daemon without systemd, with the real servers: started, stopped, switched with its bans, and taken back when the other one fails. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { pidInFile, startOfProcess } from '../../../../src/base/process-life';
import { systemRunner } from '../../../../src/base/process';
import type { Control } from '../../../../src/panel/control/control';
import type { Daemon, EngineName } from '../../../../src/panel/control/daemon/daemon';
import { directDaemon } from '../../../../src/panel/control/daemon/direct-daemon';
import { createEngineControl } from '../../../../src/panel/control/engine-control';
import { stockFolder } from '../../../support/stock-server';

const COMMANDS = {
  fail2ban: ['/usr/bin/fail2ban-server'],
  bailiff: [process.execPath, path.resolve(__dirname, '../../../../dist/bin/bailiff-server.js')],
};
const IDS = Array.from({ length: 20 }, (_, at) => (at % 4 === 0 ? `2001:db8::${at + 1}` : `192.0.2.${at + 1}`));
const BROKEN = ['/bin/sh', '-c', 'echo "no such engine" >&2; exit 1'];
jest.setTimeout(300_000);

const { folder, config } = stockFolder('daemon');
const at = (name: string): string => path.join(folder, name);
const socket = at('fail2ban.sock');
const pidFile = at('fail2ban.pid');
let control: Control;

function daemon(commands: Partial<Record<EngineName, readonly string[]>> = COMMANDS): Daemon {
  const common = { clock: systemClock, runner: systemRunner(systemClock), startSeconds: 100, stopSeconds: 60 };
  return directDaemon({ ...common, control, commands, conf: config, socket, pidFile, logtarget: at('fail2ban.log') });
}

async function idsOf(): Promise<readonly string[]> {
  return (await control.bannedIn('web')).map(({ id }) => id).sort();
}

beforeAll(() => {
  writeFileSync(path.join(config, 'filter.d/simple.conf'), '[Definition]\nfailregex = ^\\s*fail <HOST>$\n');
  const jail = {
    enabled: 'true',
    ignoreself: 'false',
    backend: 'polling',
    filter: 'simple',
    logpath: at('web.log'),
    bantime: '1d',
    action: '',
  };
  const lines = Object.entries(jail).map(([key, value]) => `${key} = ${value}\n`);
  writeFileSync(path.join(config, 'jail.d/web.conf'), `[web]\n${lines.join('')}`);
  writeFileSync(at('web.log'), '');
  control = createEngineControl({ socket, conf: config });
});

afterAll(async () => {
  await daemon().stop();
  control.close();
  rmSync(folder, { recursive: true, force: true });
});

it('says that nothing runs, and that nothing can be started where nothing is installed', async () => {
  await expect(daemon().state()).resolves.toEqual({
    engine: null,
    version: null,
    running: false,
    since: null,
    pid: null,
    canSwitch: true,
    canStart: true,
  });
  const bare = daemon({ bailiff: [process.execPath, at('nothing.js')], fail2ban: [] });
  await expect(bare.state()).resolves.toMatchObject({ canSwitch: false, canStart: false });
  await expect(bare.start()).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
  await expect(bare.stop()).resolves.toBeUndefined();
  await expect(bare.switchTo('bailiff')).resolves.toEqual({ ok: false, message: 'Bailiff is not installed here', bans: 0 });
  await expect(daemon({ bailiff: BROKEN }).start()).rejects.toMatchObject({
    code: 'SERVER_NOT_RUNNING',
    message: 'Bailiff does not come up: no such engine',
  });
});

it('hands 20 bans over to ours and back, and goes on with the first when the other one fails', async () => {
  const begun = Date.now() / 1000;
  const both = daemon();
  await daemon({ fail2ban: COMMANDS.fail2ban }).start();
  const stock = await both.state();
  expect(stock).toMatchObject({ engine: 'fail2ban', running: true, pid: pidInFile(pidFile), canSwitch: true });
  expect(stock.since).toBeGreaterThan(begun - 2);
  expect(stock.since).toBeLessThan(Date.now() / 1000 + 2);
  expect(await control.ban('web', IDS)).toBe(20);

  // Asked at once: one after the other.
  const [over, again, running] = await Promise.all([both.switchTo('bailiff'), both.switchTo('bailiff'), both.start()]);
  expect([over, again, running]).toEqual([{ ok: true, message: '', bans: 20 }, { ok: true, message: '', bans: 20 }, undefined]);
  await expect(both.state()).resolves.toMatchObject({ engine: 'bailiff', running: true, pid: pidInFile(pidFile) });
  expect(startOfProcess(stock.pid ?? 0)).toBeNull();
  expect(await idsOf()).toEqual([...IDS].sort());

  const failing = daemon({ ...COMMANDS, fail2ban: BROKEN });
  await expect(failing.switchTo('fail2ban')).resolves.toEqual({
    ok: false,
    message: 'fail2ban does not come up: no such engine; Bailiff runs again',
    bans: 20,
  });
  await expect(both.state()).resolves.toMatchObject({ engine: 'bailiff', running: true });

  await expect(both.switchTo('fail2ban')).resolves.toEqual({ ok: true, message: '', bans: 20 });
  await expect(both.state()).resolves.toMatchObject({ engine: 'fail2ban', version: stock.version, running: true });
  expect(await idsOf()).toEqual([...IDS].sort());
  // It was asked who it is once, not at every look.
  expect(readFileSync(at('fail2ban.log'), 'utf8').split('Invalid command').length - 1).toBeLessThan(12);

  await both.stop();
  await expect(both.state()).resolves.toMatchObject({ engine: null, running: false, pid: null, since: null });
  await both.start();
  await expect(both.state()).resolves.toMatchObject({ engine: 'fail2ban', running: true });
});

it('says it when the first one does not come up again either', async () => {
  const gone = daemon({ bailiff: BROKEN, fail2ban: BROKEN });
  await expect(gone.switchTo('bailiff')).resolves.toEqual({
    ok: false,
    message: 'Bailiff does not come up: no such engine; fail2ban does not come up again either: no such engine. No server runs',
    bans: 0,
  });
  await expect(gone.state()).resolves.toMatchObject({ running: false });
});
