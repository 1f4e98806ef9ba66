/** What administrators type into Plesk's forms, on our own configuration: a filter, an action, ban periods, and the panel's own lines. */
import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfiguration } from '../../src/contracts/files/configuration';
import { TestServer } from '../support/bailiff-server';
import { waitFor } from '../support/two-hosts';

const config = path.resolve(__dirname, '../../config');
const ACTION =
  'iptables-multiport[protocol="tcp", name="default", chain="INPUT", blocktype="REJECT --reject-with icmp-port-unreachable", port="default"]';

let server: TestServer;

beforeEach(() => {
  server = new TestServer();
  const settings = server.read('config/fail2ban.conf');
  cpSync(config, server.path('config'), { recursive: true });
  server.write('config/fail2ban.conf', settings);
});

afterEach(() => server.remove());

const two = (value: number): string => String(value).padStart(2, '0');

/** `22/Nov/2026:09:00:01 +0000` of now. */
function accessDate(): string {
  const now = new Date();
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][now.getUTCMonth()];
  const time = `${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())}`;
  return `${two(now.getUTCDate())}/${month}/${now.getUTCFullYear()}:${time} +0000`;
}

test('three failed log-ins of the panel, dated by its epoch, make a ban with maxretry = 3', async () => {
  server.write('panel.log', '');
  server.write('config/jail.local', `[plesk-panel]\nenabled = true\nlogpath = ${server.path('panel.log')}\nmaxretry = 3\n`);
  await server.start('plesk-panel');
  const line = "[1970-01-01 00:00:01] ERR [panel] [Action Log] Failed login attempt with login 'admin' from IP 192.0.2.7\n";
  appendFileSync(server.path('panel.log'), line.repeat(2));
  await waitFor('two failures', () => server.log.split('Found 192.0.2.7').length === 3);
  expect(server.log).not.toContain('] Ban ');
  appendFileSync(server.path('panel.log'), line);
  await waitFor('the ban', () => server.log.includes('[plesk-panel] Ban 192.0.2.7'));
});

test.each([
  ['86400', / \+ 86400 = /],
  ['-1', / \+ -1 = 9999-12-31 23:59:59/],
])("an administrator's own WordPress filter with an empty ignoreregex, the menu's action and a ban period of %s", async (bantime, end) => {
  writeFileSync(
    server.path('config/filter.d/my-wordpress.conf'),
    '[Definition]\nfailregex = ^<HOST>.*].*POST .*/wp-login\\.php HTTP.*\nignoreregex =\n',
  );
  server.write('access_log', '');
  const jail = ['enabled = true', 'filter = my-wordpress', `action = ${ACTION}`, `logpath = ${server.path('access_log')}`];
  server.write('config/jail.local', ['[my-wordpress]', ...jail, 'maxretry = 2', `bantime = ${bantime}`, ''].join('\n'));
  expect(server.run('-c', server.path('config'), '-t')).toMatchObject({ code: 0 });
  await server.start('my-wordpress');
  const line = `192.0.2.7 - - [${accessDate()}] "POST /wp-login.php HTTP/1.1" 200 2305 "-" "Mozilla/5.0"\n`;
  appendFileSync(server.path('access_log'), line.repeat(2));
  await waitFor('the ban', () => server.log.includes('[my-wordpress] Ban 192.0.2.7'));
  expect(server.client('get', 'my-wordpress', 'banip', '--with-time').text).toMatch(end);
  expect(server.client('get', 'my-wordpress', 'actions').text).toContain('iptables-multiport-default');
});

test("the menu's action keeps its parameters as they were typed", () => {
  server.write('access_log', '');
  server.write('config/jail.local', `[plesk-wordpress]\nenabled = true\naction = ${ACTION}\nlogpath = ${server.path('access_log')}\n`);
  const { commands } = readConfiguration(server.path('config'));
  const given = commands.find((command) => command[0] === 'multi-set' && command[2] === 'action')?.[4] as readonly (readonly string[])[];
  const properties = new Map(given.map(([key = '', value = '']) => [key, value]));
  expect(properties.get('blocktype')).toBe('REJECT --reject-with icmp-port-unreachable');
  expect(properties.get('port')).toBe('default');
  expect(properties.get('name')).toBe('default');
  expect(properties.get('chain')).toBe('INPUT');
});

test('the sixteen jails of a Plesk server are there, each by its name', () => {
  const names = [
    ...['plesk-apache', 'plesk-apache-badbot', 'plesk-courierimap', 'plesk-dovecot', 'plesk-horde', 'plesk-roundcube', 'plesk-modsecurity'],
    ...['plesk-panel', 'plesk-postfix', 'plesk-qmail', 'plesk-proftpd', 'plesk-wordpress', 'ssh', 'recidive', 'plesk-one-week-ban'],
    'plesk-permanent-ban',
  ];
  server.write('config/jail.local', names.map((name) => `[${name}]\nenabled = true\n`).join('\n'));
  const configuration = readConfiguration(server.path('config'));
  expect([...configuration.jails].sort()).toEqual([...names].sort());
  expect(configuration.broken).toEqual([]);
});
