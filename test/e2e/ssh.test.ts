/** Two hosts, a real sshd, a real ssh client with wrong passwords: from the log line to the ban in the firewall, and out again. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CLIENT_ADDRESS, TwoHosts, waitFor } from '../support/two-hosts';

const root = path.resolve(__dirname, '../..');
const BANTIME = 6;

interface Setting {
  /** The folder of the configuration, copied unchanged. */
  readonly config: string;
  readonly jail: string;
  /** The firewall as text, and what it says while the address is banned. */
  readonly firewall: readonly [command: string, ...args: string[]];
}

const SETTINGS: Readonly<Record<string, Setting>> = {
  'our configuration with our nftables action': { config: path.join(root, 'config'), jail: 'ssh', firewall: ['nft', 'list', 'ruleset'] },
  "the Debian package's configuration with its iptables action": { config: '/etc/fail2ban', jail: 'sshd', firewall: ['iptables-save'] },
};

describe.each(Object.entries(SETTINGS))('with %s', (_name, setting) => {
  const hosts = new TwoHosts();
  const log = (): string => hosts.read('fail2ban.log');
  const count = (text: RegExp): number => (log().match(text) ?? []).length;
  const firewall = (): string => hosts.askServer(...setting.firewall);

  beforeAll(async () => {
    await hosts.start();
    const config = path.join(hosts.folder, 'config');
    cpSync(setting.config, config, { recursive: true });
    rmSync(path.join(config, 'jail.d', 'defaults-debian.conf'), { force: true });
    mkdirSync(path.join(config, 'jail.d'), { recursive: true });
    writeFileSync(
      path.join(config, 'jail.local'),
      `[${setting.jail}]\nenabled = true\nlogpath = ${hosts.authLog}\nmaxretry = 3\nbantime = ${BANTIME}\n`,
    );
    writeFileSync(path.join(config, 'fail2ban.local'), `[Definition]\ndbfile = ${hosts.folder}/fail2ban.sqlite3\n`);
    const files = ['-s', `${hosts.folder}/f2b.sock`, '-p', `${hosts.folder}/f2b.pid`, '--logtarget', `${hosts.folder}/fail2ban.log`];
    hosts.onServer(process.execPath, path.join(root, 'dist/bin/bailiff-server.js'), '-c', config, ...files, '-f', 'start');
    await waitFor('the jail has started', () => log().includes(`Jail '${setting.jail}' started`));
  }, 60_000);

  afterAll(() => hosts.stop(), 30_000);

  test('three failed log-ins are found and banned in the firewall', async () => {
    for (const user of ['root', 'root', 'nobody']) expect(hosts.login(user)).toBe('refused');
    await waitFor('the ban', () => count(/ Ban 192\.0\.2\.7$/gm) === 1);
    expect(count(/ Found 192\.0\.2\.7 - /g)).toBeGreaterThanOrEqual(3);
    await waitFor('the address in the firewall', () => firewall().includes(CLIENT_ADDRESS), 5);
  });

  test('the next connection is refused', () => {
    expect(hosts.login('root')).toBe('no answer');
  });

  test('the stock client sees the ban', () => {
    const status = hosts.askServer('fail2ban-client', '-s', `${hosts.folder}/f2b.sock`, 'status', setting.jail);
    expect(status).toMatch(/Currently banned:\t1\n(.*\n)?.*Banned IP list:\t192\.0\.2\.7/);
  });

  test('after bantime the ban is lifted and the host answers again', async () => {
    await waitFor('the unban', () => count(/ Unban 192\.0\.2\.7$/gm) === 1, BANTIME + 10);
    await waitFor('the address gone from the firewall', () => !firewall().includes(CLIENT_ADDRESS), 5);
    expect(hosts.login('root')).toBe('refused');
  });
});
