/** What the panel asks of the extension besides its pages, on the stand-in host: commands, services, notifications, domains, backup, search. */
import { until } from '../support/two-servers';
import { isRoot, where } from '../support/where';
import { DOOR_FILTER, prepareDoor } from './host/door';
import { StandInHost } from './host/host';
import type { Outcome } from './host/machine';
import { packages } from './host/packages';

const MINUTES = 60_000;
const CONFIG = '/etc/bailiff/config';
const SITES = '/var/www/vhosts/system';
/** A jail over the logs of all domains. */
const SITES_JAIL = `[sites]\nenabled = true\nfilter = door\nlogpath = ${SITES}/*/logs/access_log\nbanaction = nftables[type=multiport]\n`;
const BACKUP = '/tmp/backup';

jest.setTimeout(MINUTES);
const onHost = where(isRoot, describe);

onHost('the panel asks', () => {
  let host: StandInHost;

  const ext = (...words: readonly string[]): Outcome => host.plesk('ext', 'bailiff', ...words);
  const done = (...words: readonly string[]): string => {
    const { code, out, err } = ext(...words);
    // What takes long shows its progress.
    expect([words, code, err.replace(/^[^\n]* … \d+ s\n/gm, '')]).toEqual([words, 0, '']);
    return out;
  };
  const piped = (file: string, ...words: readonly string[]): string =>
    host.must('sh', '-c', 'file=$1; shift; plesk ext bailiff "$@" < "$file"', 'sh', file, ...words);
  const service = (id: string, asked: string): unknown => JSON.parse(host.plesk('service', id, asked).out);
  const told = (): unknown[] => host.kept('notifications');
  const watched = (): readonly string[] =>
    host
      .must('/opt/bailiff/current/bin/bailiff-client', '-c', CONFIG, 'get', 'sites', 'logpath')
      .split('\n')
      .flatMap((line) => /\S+access_log/.exec(line)?.[0] ?? []);

  beforeAll(async () => {
    const { release } = packages();
    host = await StandInHost.start({ stock: false });
    prepareDoor(host, CONFIG);
    host.write(`${CONFIG}/jail.d/sites.conf`, SITES_JAIL);
    host.must('mkdir', '-p', `${SITES}/first.example/logs`);
    host.write(`${SITES}/first.example/logs/access_log`, '');
    host.plesk('install', release);
  }, 12 * MINUTES);
  afterAll(() => host.stop(), MINUTES);
  afterEach(() => expect(host.kept('panel-log')).toEqual([]));

  describe('by `plesk ext bailiff`', () => {
    it('for help', () => {
      for (const word of ['--help', 'help']) expect(done(word)).toMatch(/^Usage: bailiff /);
    });

    it('for what `plesk bin ip_ban` knows', () => {
      expect(done('--jails')).toMatch(/^door +active$/m);
      done('--ban', '192.0.2.20,door;192.0.2.21,door');
      expect(done('--banned')).toBe('192.0.2.20 door\n192.0.2.21 door\n');
      expect(host.inFirewall('192.0.2.20')).toBe(true);
      done('--unban', '192.0.2.20,door');
      expect(done('-b')).toBe('192.0.2.21 door\n');
      done('--add-trusted', '203.0.113.4', '-description', 'The office in Graz');
      expect(done('--trusted')).toMatch(/^203\.0\.113\.4 +The office in Graz$/m);
      done('--remove-trusted', '203.0.113.4');
      expect(done('--trusted')).not.toContain('203.0.113.4');
      done('--update', '-ban_period', '7200', '-ban_time_window', '900', '-max_retries', '4');
      expect(done('--info')).toMatch(/7200[^]*900[^]*4/);
      done('--disable-jails', 'sites');
      expect(done('--jails')).toMatch(/^sites +inactive$/m);
      done('--enable-jails', 'sites');
      expect(done('--jails')).toMatch(/^sites +active$/m);
      done('--disable');
      expect(service('engine', 'isRunning')).toBe(false);
      done('--enable');
      expect(done('--banned')).toBe('192.0.2.21 door\n');
      done('--unban', '192.0.2.21');
    });

    it('for what that lacks', () => {
      expect(JSON.parse(done('status', '--json'))).toMatchObject({ engine: 'bailiff' });
      host.write('/tmp/lines', `${new Date().toISOString()} refused 192.0.2.22\n`);
      expect(piped('/tmp/lines', 'filter', 'test', '--failregex', 'refused <HOST>$', '--input', '-')).toContain('1 line: 1 matched');
      expect(done('history', '--kind', 'ban')).toContain('192.0.2.20');
      host.write('/tmp/export.json', done('export', '-'));
      piped('/tmp/export.json', 'import', '-');
    });

    it('for nonsense', () => {
      expect(ext('nonsense')).toMatchObject({ code: 2, out: '', err: expect.stringContaining('nonsense') as unknown });
    });

    const MARK = '/tmp/taken';
    it.each([
      ['ban', 'door', `192.0.2.23; touch ${MARK}`],
      ['ban', 'door', `$(touch ${MARK})`],
      ['ban', `\`touch ${MARK}\``, '192.0.2.23'],
      ['--ban', `192.0.2.23,door|touch ${MARK}`],
      ['ban', 'door', '192.0.2.23\ntouch', MARK],
      ['--conf', '/root', 'banned'],
      ['import', '/etc/shadow'],
      ['export', MARK],
      ['filter', 'test', '../../../etc/passwd'],
      ['jail', 'add', '../../../tmp/taken', 'filter=door'],
    ])('%s %s %s is refused', (...words) => {
      const before = host.banned();
      const { code, out, err } = ext(...words);
      expect(code).not.toBe(0);
      expect(err).not.toBe('');
      expect(out + err).not.toMatch(/root:/);
      expect(host.exists(MARK)).toBe(false);
      expect(host.banned()).toEqual(before);
    });
  });

  describe('its helper for root', () => {
    const CTL = '/usr/local/psa/admin/bin/modules/bailiff/bailiff-ctl';

    it.each([
      [[], 2],
      [['shell'], 2],
      [['cli', 'status'], 2],
      [['journal', 'web;id'], 2],
      [['start', 'ssh'], 2],
      [['install', '$(id)'], 2],
      [['install', '1', '2'], 2],
      [['uninstall', 'everything'], 2],
      [['backup', 'make', '/etc'], 2],
    ])('refuses %j', (words, code) => {
      expect(host.asUser('psaadm', CTL, ...words)).toMatchObject({ code, out: '' });
    });

    it('is nothing for other users', () => {
      expect(host.asUser('nobody', CTL, 'state', 'web').code).not.toBe(0);
    });
  });

  it('for services', () => {
    for (const id of ['engine', 'web']) {
      expect([service(id, 'isInstalled'), service(id, 'isConfigured'), service(id, 'isRunning')]).toEqual([true, true, true]);
      service(id, 'onStop');
      expect(service(id, 'isRunning')).toBe(false);
      service(id, 'onStart');
      expect(service(id, 'isRunning')).toBe(true);
    }
  });

  it('each minute for news: a ban without an end, a jail in trouble, an engine that stopped; each is told once', async () => {
    host.plesk('tasks');
    expect(told()).toEqual([]);
    host.must('bailiff', 'ban', 'door', '192.0.2.30', '--time', '-1');
    await until('the minute of the ban is over', () => {
      host.plesk('tasks');
      return told().length > 0;
    });
    host.plesk('tasks');
    const permanent = ['192.0.2.30 is banned permanently', 'The jail door has banned the IP address 192.0.2.30 without an end.'];
    expect(told()).toEqual([
      ['permanent', ...permanent],
      ['permanent-panel', ...permanent],
    ]);
    host.forget('notifications');

    service('engine', 'onStop');
    for (let minute = 0; minute < 4; minute++) host.plesk('tasks');
    expect(told().map((notice) => (notice as string[]).slice(0, 2))).toEqual([
      ['stopped', 'The engine of IP address banning does not answer'],
      ['stopped-panel', 'The engine of IP address banning does not answer'],
    ]);
    host.forget('notifications');
    service('engine', 'onStart');

    await until('the ban is back', () => host.banned().includes('192.0.2.30'));
    host.write(`${CONFIG}/jail.d/broken.conf`, '[broken]\nenabled = true\nfilter = none-such\nlogpath = /var/log/door.log\n');
    host.run('/opt/bailiff/current/bin/bailiff-client', '-c', CONFIG, 'reload');
    await until('it is told', () => {
      host.plesk('tasks');
      return told().length > 0;
    });
    host.plesk('tasks');
    expect(told()).toEqual([
      ['unhealthy', 'The jail broken does not work', expect.stringContaining('none-such')],
      ['unhealthy-panel', 'The jail broken does not work', expect.stringContaining('none-such')],
    ]);
    expect(host.banned()).toContain('192.0.2.30');
    host.must('rm', `${CONFIG}/jail.d/broken.conf`);
    host.must('bailiff', 'unban', 'door', '192.0.2.30');
  });

  it('each minute for what was changed elsewhere, which goes to its action log', () => {
    host.plesk('tasks');
    host.forget('action-log');
    host.must('bailiff', 'ban', 'door', '192.0.2.31');
    host.plesk('tasks');
    host.plesk('tasks');
    expect(host.kept('action-log')).toEqual([
      expect.objectContaining({ event: 'ext_bailiff_bans', new: expect.objectContaining({ Subject: '192.0.2.31 in door' }) as unknown }),
    ]);
    host.write('/usr/local/psa/admin/conf/panel.ini', '[ext-bailiff]\nactionLog = off\nnotifications = off\n');
    host.must('bailiff', 'unban', 'door', '192.0.2.31');
    host.plesk('tasks');
    expect(host.kept('action-log')).toHaveLength(1);
    host.must('rm', '/usr/local/psa/admin/conf/panel.ini');
  });

  it('to watch the logs of domains that come, are renamed and go', async () => {
    expect(watched()).toEqual([`${SITES}/first.example/logs/access_log`]);
    host.must('mkdir', '-p', `${SITES}/second.example/logs`);
    host.write(`${SITES}/second.example/logs/access_log`, '');
    expect(host.plesk('event', 'domain_create', 'second.example').code).toBe(0);
    await until('it is watched', () => watched().includes(`${SITES}/second.example/logs/access_log`));
    host.must('mv', `${SITES}/second.example`, `${SITES}/third.example`);
    host.plesk('event', 'domain_update', 'third.example');
    await until('the new name is watched', () => watched().includes(`${SITES}/third.example/logs/access_log`));
    host.must('rm', '-r', `${SITES}/third.example`);
    host.plesk('event', 'domain_delete', 'third.example');
    host.must('systemctl', 'stop', 'bailiff-web');
    // A domain is made whether or not its logs are watched.
    expect(host.plesk('event', 'domain_create', 'fourth.example').code).toBe(0);
    expect(host.kept('panel-log')).toEqual([['WARN', expect.stringContaining('could not be told of domain_create')]]);
    host.forget('panel-log');
    host.must('systemctl', 'start', 'bailiff-web');
  });

  it('for a backup, and to read it', async () => {
    await until('the pages answer', () => host.run('bailiff', 'status').code === 0 && service('web', 'isRunning') === true);
    host.write(`${CONFIG}/filter.d/mine.local`, DOOR_FILTER);
    host.must('bailiff', 'add-trusted', '203.0.113.5', '-description', 'The office in Linz');
    host.asUser('psaadm', 'mkdir', BACKUP);
    expect(host.plesk('backup', 'make', BACKUP)).toMatchObject({ code: 0, err: '' });
    expect(host.must('find', '/usr/local/psa/var/modules/bailiff', '-name', '*.tar.gz')).toBe('');
    host.must('rm', `${CONFIG}/filter.d/mine.local`);
    host.must('bailiff', 'remove-trusted', '203.0.113.5');
    expect(host.plesk('backup', 'restore', BACKUP)).toMatchObject({ code: 0, err: '' });
    expect(host.read(`${CONFIG}/filter.d/mine.local`)).toBe(DOOR_FILTER);
    expect(host.must('bailiff', 'trusted')).toMatch(/203\.0\.113\.5.*The office in Linz/);
    expect(host.run('bailiff', 'status').code).toBe(0);
  });

  it.each([
    ['a link', 'ln -s /etc/shadow backup/config/jail.local'],
    [
      'a name that climbs',
      'mkdir -p backup/config/jail.d; echo x > out; ln out backup/config/jail.d/x.local; tar --transform "s,backup/config/jail.d/x,backup/../../../../tmp/out,"',
    ],
  ])('to read a backup with %s: refused', (_, make) => {
    const archive = `${BACKUP}/backup/bailiff.tar.gz`;
    const before = host.read(`${CONFIG}/jail.local`);
    const pack = make.includes('tar ') ? make : `${make}; tar`;
    host.must('sh', '-c', `rm -rf /tmp/evil; mkdir -p /tmp/evil/backup/config; cd /tmp/evil; ${pack} -Pczf ${archive} backup`);
    const { code, err } = host.plesk('backup', 'restore', BACKUP);
    expect(code).not.toBe(0);
    expect(err).toContain('the backup holds');
    expect(host.read(`${CONFIG}/jail.local`)).toBe(before);
    expect(host.exists('/tmp/out.local')).toBe(false);
  });

  it('for its search: each page with its words, for the administrator alone', () => {
    const rows = host
      .plesk('search')
      .out.trim()
      .split('\n')
      .map((row) => JSON.parse(row) as [string, string, boolean]);
    expect(rows.map(([title]) => title)).toContain('Bailiff: Banned IP Addresses');
    expect(rows.every(([, link]) => /^\/modules\/bailiff\/index\.php\/ui(\/[a-z]+)?$/.test(link))).toBe(true);
    // Nobody is logged in here.
    expect(rows.some(([, , visible]) => visible)).toBe(false);
  });
});
