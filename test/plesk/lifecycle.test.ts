/** The real zip on the stand-in host: installed, upgraded, failing, given back; beside the stock fail2ban and without it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { until } from '../support/two-servers';
import { isRoot, where } from '../support/where';
import { watchFirewall } from './host/firewall';
import { PANEL, StandInHost } from './host/host';
import { type Packages, packages } from './host/packages';
import { PanelBrowser } from './host/panel-browser';

const MINUTES = 60_000;
let zips: Packages;
let host: StandInHost;

const onHost = where(isRoot, describe);

/** Jails without logs on which bans by hand can be tried. */
const JAILS = `[DEFAULT]\nignoreip =\nignoreself = false\n\n[door]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\nport = 22\nbanaction = nftables[type=multiport]\n`;
const STOCK_JAILS = `[door]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\nport = 22\nbackend = polling\nbanaction = nftables-multiport\n`;
/** A jail over the logs of all domains: the stock server looks for them only when it is told to. */
const SITES = '/var/www/vhosts/system';
const SITES_JAIL = `[sites]\nenabled = true\nfilter = door\nlogpath = ${SITES}/*/logs/access_log\nbackend = polling\nbanaction = nftables-multiport\n`;
const FILTER = '[Definition]\nfailregex = ^refused <HOST>$\n';

/** The commands of README's section on Plesk, with the release that is installed. */
function readme(): readonly string[] {
  const text = readFileSync(path.join(__dirname, '../../README.md'), 'utf8').split('## On a Plesk server')[1]?.split('\n## ')[0] ?? '';
  const zip = path.basename(zips.release);
  const commands = [...text.matchAll(/(?:^|`)(plesk [^`\n]+)/gm)].map(([, command = '']) => command);
  return commands.map((command) => command.replace('bailiff-VERSION-RELEASE.zip', zip));
}

beforeAll(() => {
  if (isRoot) zips = packages();
}, 10 * MINUTES);

onHost('a server without fail2ban', () => {
  let before: readonly string[];

  beforeAll(async () => {
    host = await StandInHost.start({ stock: false });
    before = host.files();
    host.write('/etc/bailiff/config/filter.d/door.conf', FILTER);
    host.write('/etc/bailiff/config/jail.local', JAILS);
    host.write('/var/log/door.log', '');
  }, MINUTES);
  afterAll(() => host.stop(), MINUTES);

  it(
    'gets an engine of its own, pages and a command',
    () => {
      const [install = ''] = readme();
      host.brought(zips.release);
      const { code, out } = host.run('sh', '-c', install);
      expect([code, out]).toEqual([0, expect.stringContaining('is installed')]);
      expect(host.systemctl('is-active', 'bailiff-server', '--quiet').code).toBe(0);
      expect(host.systemctl('is-enabled', 'bailiff-server', '--quiet').code).toBe(0);
      expect(host.run('bailiff', 'status').out).toMatch(/^Engine +bailiff /);
      expect(host.must('stat', '-c', '%U:%G %a', '/etc/bailiff/secret', '/run/bailiff/web.sock').trim().split('\n')).toEqual([
        'root:psaadm 640',
        'root:psaadm 660',
      ]);
      expect(host.kept('panel-log')).toEqual([]);
    },
    3 * MINUTES,
  );

  it('leaves nothing that root runs to the panel, or to anybody else', () => {
    const loose = host.must('find', '/opt/bailiff', '-not', '-type', 'l', '(', '-not', '-user', 'root', '-o', '-perm', '/022', ')');
    expect(loose).toBe('');
    for (const file of ['/etc/bailiff/secret', '/etc/bailiff/config/jail.conf'])
      expect(host.asUser('nobody', 'cat', file).code).not.toBe(0);
    expect(host.asUser('psaadm', 'sh', '-c', 'echo x >> /etc/bailiff/secret').code).not.toBe(0);
  });

  it('has units that systemd takes without a word and holds in their sandboxes', () => {
    const units = ['bailiff-server', 'bailiff-web'].map((name) => `/etc/systemd/system/${name}.service`);
    const verified = host.run('systemd-analyze', 'verify', ...units);
    expect([verified.code, verified.out, verified.err]).toEqual([0, '', '']);
    // Tenths of its points: below 2 is what systemd calls OK for a service without a network; the engine has the firewall to change.
    for (const [unit, most] of [
      ['bailiff-web', 20],
      ['bailiff-server', 40],
    ] as const) {
      const judged = host.run('systemd-analyze', 'security', '--offline=yes', `--threshold=${most}`, `/etc/systemd/system/${unit}.service`);
      expect([unit, judged.code]).toEqual([unit, 0]);
      const pid = host.must('systemctl', 'show', '--property', 'MainPID', '--value', unit).trim();
      const status = host.read(`/proc/${pid}/status`);
      expect(status).toMatch(/^NoNewPrivs:\t1$/m);
      expect(status).toMatch(/^Seccomp:\t2$/m);
      const network = (process: string): string => host.must('readlink', `/proc/${process}/ns/net`);
      expect(network(pid) === network('1')).toBe(unit === 'bailiff-server');
      expect(host.run('nsenter', '--target', pid, '--mount', 'touch', '/usr/written').err).toContain('Read-only file system');
    }
  });

  it('opens no port', () => {
    expect(host.must('ss', '-Hltnup').trim()).toBe('');
  });

  it('bans in its own table', () => {
    host.must('bailiff', 'ban', 'door', '192.0.2.7', '2001:db8::7');
    expect(host.banned()).toEqual(['192.0.2.7', '2001:db8::7']);
    expect(host.inFirewall('192.0.2.7')).toBe(true);
  });

  it('keeps them when the panel’s firewall is applied, which flushes what is not its own', () => {
    const watch = watchFirewall(host, '192.0.2.7');
    for (const program of ['iptables', 'ip6tables'])
      host.must(
        'sh',
        '-c',
        `${program} -F; ${program} -X; ${program} -P INPUT DROP; ${program} -A INPUT -i lo -j ACCEPT; ${program} -P INPUT ACCEPT`,
      );
    expect(watch.gaps()).toBe(0);
    expect(host.banned()).toEqual(['192.0.2.7', '2001:db8::7']);
    for (const family of ['ip', 'ip6']) host.must('nft', 'delete', 'table', family, 'filter');
  });

  it(
    'is upgraded without a moment in which a ban is not enforced',
    () => {
      const watch = watchFirewall(host, '192.0.2.7');
      const { code, out } = host.plesk('upgrade', zips.next);
      expect([code, out]).toEqual([0, expect.stringContaining('is installed')]);
      expect(watch.gaps()).toBe(0);
      expect(watch.looks()).toBeGreaterThan(20);
      expect(host.banned()).toEqual(['192.0.2.7', '2001:db8::7']);
      expect(host.run('nft', 'list', 'tables').out).not.toContain('bailiff_bridge');
      expect(host.must('readlink', '/opt/bailiff/current')).toMatch(/-2\n$/);
    },
    3 * MINUTES,
  );

  it(
    'goes back to the version before when asked',
    () => {
      const watch = watchFirewall(host, '192.0.2.7');
      expect(host.run('/usr/local/psa/admin/sbin/modules/bailiff/bailiff-ctl', 'rollback').code).toBe(0);
      expect(watch.gaps()).toBe(0);
      expect(host.must('readlink', '/opt/bailiff/current')).toMatch(/-1\n$/);
      expect(host.banned()).toEqual(['192.0.2.7', '2001:db8::7']);
    },
    MINUTES,
  );

  it.each(['broken', 'deaf'] as const)(
    'stays as it was when the upgrade is %s',
    (name) => {
      const watch = watchFirewall(host, '192.0.2.7');
      const { code, out } = host.plesk('upgrade', zips[name]);
      expect(code).toBe(1);
      expect(out).toContain('the version before is put back');
      expect(watch.gaps()).toBe(0);
      expect(host.must('readlink', '/opt/bailiff/current')).toMatch(/-1\n$/);
      expect(host.banned()).toEqual(['192.0.2.7', '2001:db8::7']);
      expect(host.systemctl('is-active', 'bailiff-web', '--quiet').code).toBe(0);
    },
    4 * MINUTES,
  );

  it(
    'installs nothing of a package that the panel has changed',
    () => {
      expect(host.plesk('install', zips.release).code).toBe(0);
      host.must('sh', '-c', 'echo evil >> /usr/local/psa/admin/plib/modules/bailiff/app/dist/bin/bailiff.js');
      const ctl = '/usr/local/psa/admin/bin/modules/bailiff/bailiff-ctl';
      const changed = host.asUser('psaadm', ctl, 'install');
      expect([changed.code, changed.err]).toEqual([1, expect.stringContaining('a file was changed, added or lost')]);
      host.must('ln', '-s', '/etc/shadow', '/usr/local/psa/admin/plib/modules/bailiff/app/dist/shadow.js');
      expect(host.asUser('psaadm', ctl, 'install').err).toContain('something that is no file');
      expect(host.must('cat', '/opt/bailiff/current/dist/bin/bailiff.js')).not.toContain('evil');
      expect(host.run('bailiff', 'status').code).toBe(0);
    },
    4 * MINUTES,
  );

  it(
    'is given back without a trace',
    () => {
      host.write('/usr/local/psa/admin/conf/panel.ini', '[ext-bailiff]\nkeepConfiguration = off\n');
      expect(host.plesk('uninstall').code).toBe(0);
      host.run('rm', '/usr/local/psa/admin/conf/panel.ini');
      expect(host.run('nft', 'list', 'tables').out.trim()).toBe('');
      expect(host.run('pgrep', '-f', '/opt/bailiff').out).toBe('');
      expect(host.files().filter((file) => !before.includes(file))).toEqual([]);
    },
    MINUTES,
  );

  it(
    'can be installed again',
    () => {
      expect(host.plesk('install', zips.next).code).toBe(0);
      expect(host.run('bailiff', 'status').code).toBe(0);
      const [, uninstall = ''] = readme();
      expect(host.run('sh', '-c', uninstall).code).toBe(0);
      expect(host.exists('/etc/bailiff/config/jail.conf')).toBe(true);
    },
    3 * MINUTES,
  );
});

onHost('a server with the stock fail2ban', () => {
  beforeAll(async () => {
    host = await StandInHost.start({ stock: true });
    host.write('/etc/fail2ban/filter.d/door.conf', FILTER);
    host.write('/etc/fail2ban/jail.d/defaults-debian.conf', STOCK_JAILS + SITES_JAIL);
    host.must('mkdir', '-p', `${SITES}/first.example/logs`);
    host.write(`${SITES}/first.example/logs/access_log`, '');
    host.write('/var/log/door.log', '');
    host.must('mkdir', '-p', '/var/lib/fail2ban', '/run/fail2ban');
    host.must('systemctl', 'enable', '--now', 'fail2ban');
    for (let tries = 0; host.run('fail2ban-client', 'ping').code !== 0 && tries < 50; tries++) host.run('sleep', '0.2');
    host.must('fail2ban-client', 'set', 'door', 'banip', '192.0.2.9');
  }, MINUTES);
  afterAll(() => host.stop(), MINUTES);

  it(
    'keeps its daemon and its configuration',
    () => {
      const config = host.must('sh', '-c', 'cd /etc/fail2ban && find . -type f | sort | xargs sha256sum');
      const { code, out } = host.plesk('install', zips.release);
      expect([code, out]).toEqual([0, expect.stringContaining('its daemon stay')]);
      expect(host.systemctl('is-active', 'fail2ban', '--quiet').code).toBe(0);
      expect(host.systemctl('is-active', 'bailiff-server', '--quiet').code).not.toBe(0);
      expect(host.run('bailiff', 'status').out).toMatch(/^Engine +fail2ban /);
      expect(host.must('sh', '-c', 'cd /etc/fail2ban && find . -type f | sort | xargs sha256sum')).toBe(config);
      expect(host.plesk('service', 'engine', 'isConfigured').out).toBe('false\n');
    },
    3 * MINUTES,
  );

  it(
    'has its daemon watch the logs of a new domain',
    async () => {
      host.must('mkdir', '-p', `${SITES}/second.example/logs`);
      host.write(`${SITES}/second.example/logs/access_log`, '');
      expect(host.plesk('event', 'domain_create', 'second.example').code).toBe(0);
      await until('it is watched', () => host.must('fail2ban-client', 'get', 'sites', 'logpath').includes('second.example'));
      expect(host.must('fail2ban-client', 'status', 'door')).toContain('192.0.2.9');
    },
    MINUTES,
  );

  it(
    'changes over to our engine, with its bans, when the administrator says so on the page',
    async () => {
      await host.startPanel();
      const browser = await PanelBrowser.start(host);
      try {
        const page = await browser.logIn();
        await page.goto(`${PANEL}/modules/bailiff/index.php/ui/settings`);
        await page.getByRole('button', { name: 'Switch to the Bailiff engine', exact: true }).click();
        await page.getByRole('button', { name: 'Yes, go on', exact: true }).click();
        await page.waitForURL(/settings$/);
        expect(await page.locator('[role=status]').first().innerText()).toContain('The engine was switched');
        expect(browser.complained()).toEqual([]);
      } finally {
        await browser.stop();
      }
      expect(host.systemctl('is-enabled', 'bailiff-server', '--quiet').code).toBe(0);
      expect(host.systemctl('is-enabled', 'fail2ban', '--quiet').code).not.toBe(0);
      for (let tries = 0; host.banned().length === 0 && tries < 50; tries++) host.run('sleep', '0.2');
      expect(host.systemctl('is-active', 'fail2ban', '--quiet').code).not.toBe(0);
      expect(host.run('bailiff', 'status').out).toMatch(/^Engine +bailiff /);
      expect(host.banned()).toEqual(['192.0.2.9']);
      host.must('bailiff', 'ban', 'door', '192.0.2.10');
      expect(host.plesk('service', 'engine', 'isRunning').out).toBe('true\n');
    },
    MINUTES,
  );

  it(
    'gets the stock daemon back with its jails and the bans of now',
    () => {
      const watch = watchFirewall(host, '192.0.2.10');
      expect(host.plesk('uninstall').code).toBe(0);
      expect(watch.gaps()).toBe(0);
      expect(host.systemctl('is-active', 'fail2ban', '--quiet').code).toBe(0);
      expect(host.systemctl('is-enabled', 'fail2ban', '--quiet').code).toBe(0);
      expect(host.must('fail2ban-client', 'status', 'door')).toMatch(/192\.0\.2\.9 192\.0\.2\.10|192\.0\.2\.10 192\.0\.2\.9/);
      expect(host.run('nft', 'list', 'tables').out).not.toContain('bailiff');
    },
    MINUTES,
  );
});
