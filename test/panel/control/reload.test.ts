/** Reloading, starting and stopping jails over the control door: the command is fail2ban-client's own, and both servers run what the files then say. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSocketServer } from '../../../src/contracts/socket/server';
import type { Command } from '../../../src/model/command';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { planReload, type ReloadRequest } from '../../../src/panel/control/reload';
import { ENGINES, type EitherServer, startEither } from '../../support/either-server';
import { runProgramAsync } from '../../support/stock-server';

/** Two jails; the second is enabled, and bans for so many seconds, as the test wants. */
function jails(server: EitherServer, second: boolean, bantime = 77): string {
  const defaults = `[DEFAULT]\nfilter = door\naction = note\nbackend = polling\nlogpath = ${join(server.folder, 'a.log')}\nusedns = no\n`;
  return `${defaults}[first]\nenabled = true\n[second]\nenabled = ${String(second)}\nbantime = ${bantime}\nignoreip = 192.0.2.1\n`;
}

describe.each(ENGINES)('jails of %s', (engine) => {
  let server: EitherServer;
  let door: ReturnType<typeof createEngineControl>;
  beforeAll(async () => {
    server = await startEither(engine, 'reload');
    door = createEngineControl({ socket: server.socket, conf: server.conf });
  });
  afterAll(() => server.stop());
  const acts = (): string[] =>
    existsSync(join(server.folder, 'acts'))
      ? readFileSync(join(server.folder, 'acts'), 'utf8')
          .split('\n')
          .map((line) => line.trim())
      : [];

  it('run as the files say after a reload, and a jail that the files enable later is started alone', async () => {
    server.write('jail.conf', jails(server, false));
    await expect(door.reload()).resolves.toMatchObject({ done: true });
    await expect(door.jails()).resolves.toEqual(['first']);
    await expect(door.startJail('second')).resolves.toMatchObject({ done: false, problems: [{ jail: 'second', severity: 'error' }] });
    server.write('jail.conf', jails(server, true));
    // Only the stock server wants a jail to run before it is reloaded (docs/deviations.md).
    const reloading = door.reload({ jail: 'second' });
    if (engine === 'fail2ban') await expect(reloading).rejects.toMatchObject({ code: 'SERVER_REFUSED', message: 'second' });
    else await expect(reloading).resolves.toMatchObject({ done: true });
    await expect(door.startJail('second')).resolves.toMatchObject({ done: true });
    await expect(door.jails()).resolves.toEqual(['first', 'second']);
    await expect(door.get('second', 'bantime')).resolves.toBe(77);
  });

  it('take over changed settings and keep their bans, unless they are to be lifted', async () => {
    await door.ban('second', ['192.0.2.7']);
    server.write('jail.conf', jails(server, true, 88));
    await expect(door.reload({ jail: 'second' })).resolves.toMatchObject({ done: true });
    await expect(door.get('second', 'bantime')).resolves.toBe(88);
    await expect(door.isBanned('second', '192.0.2.7')).resolves.toBe(true);
    await expect(door.restartJail('first')).resolves.toMatchObject({ done: true });
    await expect(door.reload({ jail: 'second', unban: true })).resolves.toMatchObject({ done: true });
    await expect(door.isBanned('second', '192.0.2.7')).resolves.toBe(false);
    await door.reload({ restart: true });
    await expect(door.jails()).resolves.toEqual(['first', 'second']);
  });

  it('stop alone, with their bans', async () => {
    await door.ban('second', ['192.0.2.8']);
    for (let round = 0; round < 100 && !acts().includes('ban second 192.0.2.8'); round++) await new Promise((done) => setTimeout(done, 50));
    await expect(door.stopJail('second')).resolves.toBeUndefined();
    await expect(door.jails()).resolves.toEqual(['first']);
    expect(acts()).toContain('unban second 192.0.2.8');
    await expect(door.stopJail('second')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.stopJail('--all')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('are left alone when the files are wrong; the mistake is told with its file and line', async () => {
    server.write('fail2ban.local', '[Definition]\n\nloglevel = %(nosuch)s\n');
    const refused = await door.reload();
    expect(refused.done).toBe(false);
    expect(refused.problems).toContainEqual(
      expect.objectContaining({ severity: 'error', file: join(server.conf, 'fail2ban.local'), line: 3 }),
    );
    await expect(door.reload({ jail: 'third' })).resolves.toMatchObject({ done: false, problems: [{ severity: 'error' }] });
    await expect(door.jails()).resolves.toEqual(['first']);
    const nowhere = createEngineControl({ socket: server.socket, conf: join(server.folder, 'none') });
    await expect(nowhere.reload()).rejects.toMatchObject({ code: 'CONFIG_DIR_MISSING' });
  });

  it('go with the server when it is stopped', async () => {
    const stopped = acts().filter((line) => line === 'stop first').length;
    await expect(door.stop()).resolves.toBeUndefined();
    console.log(acts());
    expect(acts().filter((line) => line === 'stop first')).not.toHaveLength(stopped);
    for (let round = 0; round < 100 && existsSync(server.socket); round++) await new Promise((done) => setTimeout(done, 50));
    await expect(door.ping()).rejects.toMatchObject({ code: 'SERVER_NOT_RUNNING' });
  });
});

describe('the command of a reload', () => {
  let server: EitherServer;
  beforeAll(async () => {
    server = await startEither('bailiff', 'stream');
    server.write('jail.conf', jails(server, true));
    server.write('jail.d/more.conf', '[third]\nenabled = true\nmaxretry = 2\n[off]\nenabled = false\n');
    writeFileSync(join(server.folder, 'b.log'), '');
  });
  afterAll(() => server.stop());

  it.each<[string[], ReloadRequest]>([
    [['reload'], {}],
    [['reload', '--restart', '--unban'], { restart: true, unban: true }],
    [['reload', 'third'], { jail: 'third' }],
    [['reload', '--if-exists', 'off'], { jail: 'off', ifExists: true }],
    [['restart', '--unban', 'second'], { jail: 'second', restart: true, unban: true }],
  ])('is the one that the stock client sends for %p', async (words, request) => {
    const sent: Command[] = [];
    const listener = await createSocketServer({
      path: join(server.folder, 'listen.sock'),
      handle: (command) => {
        sent.push(command);
        return Promise.resolve({ result: command[0] === 'ping' ? 'pong' : 'OK' });
      },
    });
    await runProgramAsync('fail2ban-client', ['-c', server.conf, '-s', listener.path, ...words]);
    await listener.close();
    const overrides = { socket: listener.path };
    expect(planReload(server.conf, request, overrides).command).toEqual(sent.find(([verb]) => verb === 'reload'));
  });
});
