/** Under a real systemd: an engine and pages that hang are ended and started again, with the bans they had; those that are well are left alone. */
import { until } from '../support/two-servers';
import { isRoot, where } from '../support/where';
import { StandInHost } from './host/host';
import { packages } from './host/packages';

const MINUTES = 60_000;
/** Seconds within which systemd wants to hear of a service, in place of two minutes. */
const WITHIN = 6;
const UNITS = ['bailiff-server', 'bailiff-web'] as const;
let host: StandInHost;

const shown = (unit: string, property: string): string => host.must('systemctl', 'show', '--property', property, '--value', unit).trim();

where(isRoot, describe)('a service of ours below systemd', () => {
  beforeAll(async () => {
    const zips = packages();
    host = await StandInHost.start({ stock: false });
    host.write('/etc/bailiff/config/filter.d/door.conf', '[Definition]\nfailregex = ^refused <HOST>$\n');
    host.write(
      '/etc/bailiff/config/jail.local',
      '[door]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\nport = 22\nbanaction = nftables[type=multiport]\n',
    );
    host.write('/var/log/door.log', '');
    const { code, out } = host.plesk('install', zips.release);
    expect([code, out]).toEqual([0, expect.stringContaining('is installed')]);
    for (const unit of UNITS) host.write(`/etc/systemd/system/${unit}.service.d/sooner.conf`, `[Service]\nWatchdogSec=${WITHIN}\n`);
    host.must('systemctl', 'daemon-reload');
    host.must('systemctl', 'restart', ...UNITS.map((unit) => `${unit}.service`));
    host.must('bailiff', 'ban', 'door', '192.0.2.7', '2001:db8::7');
  }, 10 * MINUTES);
  afterAll(() => host.stop(), MINUTES);

  it('is asked for by the units, and says how it fares', () => {
    for (const unit of UNITS) expect([unit, shown(unit, 'Type'), shown(unit, 'NRestarts')]).toEqual([unit, 'notify', '0']);
    expect(shown('bailiff-server', 'StatusText')).toMatch(/^\d+ jails run$/);
  });

  it.each(UNITS)(
    '%s is left alone while it is well',
    async (unit) => {
      const pid = shown(unit, 'MainPID');
      const beat = (): number => Number(shown(unit, 'WatchdogTimestampMonotonic'));
      const first = beat();
      // Heard of for three times as long as systemd would have waited.
      await until('it has told for long', () => beat() - first > 3 * WITHIN * 1e6, 2 * 60);
      expect([shown(unit, 'MainPID'), shown(unit, 'NRestarts')]).toEqual([pid, '0']);
    },
    3 * MINUTES,
  );

  it(
    'bailiff-server is started again when it hangs, and all bans stand meanwhile and after',
    async () => {
      const pid = shown('bailiff-server', 'MainPID');
      host.must('kill', '-STOP', pid);
      expect(host.inFirewall('192.0.2.7')).toBe(true);
      await until('another process', () => !['0', pid].includes(shown('bailiff-server', 'MainPID')), 2 * 60);
      expect(host.inFirewall('192.0.2.7')).toBe(true);
      await until('it answers', () => host.banned().length > 0, 60);
      expect(host.banned()).toEqual(['192.0.2.7', '2001:db8::7']);
      expect(shown('bailiff-server', 'NRestarts')).toBe('1');
      expect(host.must('journalctl', '--unit', 'bailiff-server', '--no-pager')).toContain('Watchdog timeout');
    },
    5 * MINUTES,
  );

  it(
    'bailiff-web is started again when it hangs',
    async () => {
      const pid = shown('bailiff-web', 'MainPID');
      host.must('kill', '-STOP', pid);
      await until('another process', () => !['0', pid].includes(shown('bailiff-web', 'MainPID')), 2 * 60);
      await until('it is ready', () => host.systemctl('is-active', 'bailiff-web', '--quiet').code === 0, 60);
      expect(shown('bailiff-web', 'NRestarts')).toBe('1');
    },
    5 * MINUTES,
  );
});
