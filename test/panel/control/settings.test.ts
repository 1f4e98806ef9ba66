/** Settings over the control door, from the stock server and from ours: told with their types, and the ignore list changed while a jail runs. */
import { join } from 'node:path';
import { createEngineControl } from '../../../src/panel/control/engine-control';
import { JAIL_SETTING_READERS, type JailSettings } from '../../../src/panel/control/settings';
import { ENGINES, type EitherServer, startEither } from '../../support/either-server';

describe.each(ENGINES)('settings of %s', (engine) => {
  let server: EitherServer;
  let door: ReturnType<typeof createEngineControl>;
  beforeAll(async () => {
    server = await startEither(engine, 'settings');
    const log = join(server.folder, 'a.log');
    const plain = ['[plain]', 'enabled = true', 'filter = door', 'action = note', 'backend = polling', `logpath = ${log}`];
    const rich = [
      '[rich]',
      'enabled = true',
      'filter = door',
      'action = note\n  note[actname=other]',
      'backend = polling',
      `logpath = ${log}`,
    ];
    const more = ['bantime = -1', 'findtime = 1h', 'maxretry = 3', 'maxmatches = 2', 'ignoreip = 192.0.2.0/24 host.example 198.51.100.1'];
    const rest = [
      'usedns = raw',
      'datepattern = ^%%Y-%%m-%%d',
      'ignorecommand = /bin/false <ip>',
      'logencoding = ascii',
      'logtimezone = UTC',
    ];
    const increment = ['bantime.increment = yes', 'bantime.factor = 2', 'bantime.multipliers = 1 5 30', 'ignoreself = no', 'maxlines = 4'];
    server.write('jail.conf', [...plain, ...rich, ...more, ...rest, ...increment, ''].join('\n'));
    door = createEngineControl({ socket: server.socket, conf: server.conf });
    const { done, problems } = await door.reload();
    if (!done) throw new Error(JSON.stringify(problems));
  });
  afterAll(() => server.stop());

  const all = async (jail: string): Promise<Record<string, unknown>> => {
    const names = Object.keys(JAIL_SETTING_READERS) as (keyof JailSettings)[];
    const values = await Promise.all(names.map((name) => door.get(jail, name)));
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  };

  it('of a jail that names none are the defaults', async () => {
    expect(await all('plain')).toEqual({
      bantime: 600,
      findtime: 600,
      maxretry: 3,
      maxmatches: 5,
      maxlines: 1,
      ignoreip: [],
      ignoreself: true,
      ignorecommand: null,
      logpath: [join(server.folder, 'a.log')],
      logencoding: expect.any(String) as string,
      logtimezone: null,
      journalmatch: [],
      usedns: 'warn',
      datepattern: null,
      prefregex: null,
      failregex: [expect.stringMatching(/^\^knock from .+\$$/), expect.stringMatching(/^\^kick from .+\$$/)],
      ignoreregex: [],
      actions: ['note'],
      'bantime.increment': false,
      'bantime.overalljails': false,
      'bantime.factor': null,
      'bantime.formula': null,
      'bantime.multipliers': null,
    });
  });

  it('of a jail that names them are as named', async () => {
    expect(await all('rich')).toMatchObject({
      bantime: -1,
      findtime: 3600,
      maxretry: 3,
      maxmatches: 2,
      maxlines: 4,
      ignoreip: ['192.0.2.0/24', 'host.example', '198.51.100.1'],
      ignoreself: false,
      ignorecommand: '/bin/false <ip>',
      logencoding: 'ascii',
      logtimezone: 'UTC',
      usedns: 'raw',
      datepattern: '^%Y-%m-%d',
      actions: ['note', 'other'],
      'bantime.increment': true,
      'bantime.factor': '2',
      'bantime.multipliers': '1 5 30',
    });
  });

  it('of an unknown jail are refused', async () => {
    await expect(door.get('nosuch', 'bantime')).rejects.toMatchObject({ code: 'SERVER_REFUSED', message: 'nosuch' });
    await expect(door.get('--all', 'bantime')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('of the server itself are told', async () => {
    const database = engine === 'fail2ban' ? join(server.folder, 'fail2ban.sqlite3') : null;
    expect(await door.serverSettings()).toEqual({
      loglevel: 'INFO',
      logtarget: engine === 'fail2ban' ? join(server.folder, 'fail2ban.log') : 'STDERR',
      syslogsocket: 'auto',
      dbfile: database,
      dbpurgeage: database === null ? null : 86400,
      dbmaxmatches: database === null ? null : 10,
    });
  });

  it('change while the jail runs: who is trusted', async () => {
    await expect(door.addIgnoreIp('plain', ['203.0.113.7', '10.0.0.0/8', 'a.example'])).resolves.toEqual([
      '10.0.0.0/8',
      'a.example',
      '203.0.113.7',
    ]);
    await expect(door.delIgnoreIp('plain', ['10.0.0.0/8', '192.0.2.99', 'b.example'])).resolves.toEqual(['a.example', '203.0.113.7']);
    await expect(door.get('plain', 'ignoreip')).resolves.toEqual(['a.example', '203.0.113.7']);
    await expect(door.addIgnoreIp('plain', ['--all'])).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await expect(door.addIgnoreIp('nosuch', ['203.0.113.8'])).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
  });

  it('tell whether somebody is banned, in one jail or in any', async () => {
    await door.ban('plain', ['192.0.2.1', '2001:db8::1']);
    const asked = [
      await door.isBanned('plain', '192.0.2.1'),
      await door.isBanned('rich', '192.0.2.1'),
      await door.isBanned(null, '2001:db8::1'),
      await door.isBanned(null, '192.0.2.2'),
    ];
    expect(asked).toEqual([true, false, true, false]);
    await expect(door.isBanned('nosuch', '192.0.2.1')).rejects.toMatchObject({ code: 'SERVER_REFUSED' });
    await expect(door.isBanned(null, '-x')).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });
});
