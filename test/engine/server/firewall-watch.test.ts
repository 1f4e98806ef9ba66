/** Bans survive others: whoever flushes the firewall, all bans are back within five seconds; and a restart leaves them where they stand. */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { TestServer } from '../../support/bailiff-server';
import { networkNamespace } from '../../support/network-namespace';
import { runProgram } from '../../support/stock-server';
import { waitFor } from '../../support/two-hosts';

/** Seconds within which bans must be back, and how much longer it may take for each second that a busy machine needs to start a program. */
const BACK = 5;
const BUSY = 150;
const CLIENT = path.resolve(__dirname, '../../../dist/bin/bailiff-client.js');
const ns = networkNamespace();
const server = new TestServer(ns);
const JAILS = {
  ours: 'ours-nftables[name=ours, type=allports, protocol=all]',
  oursix: 'ours-nftables[name=oursix, port=ssh]',
  stock: 'nftables-multiport[name=stock, port=ssh]',
  multi: 'iptables-multiport[name=multi, port=ssh]',
  setjail: 'iptables-ipset-proto6-allports[name=setjail]',
};
const IDS = [...Array.from({ length: 300 }, (_, at) => `10.9.${at >> 8}.${at & 255}`), '198.51.100.0/24', '198.51.100.64/26'];
const SIX = Array.from({ length: 20 }, (_, at) => `2001:db8::${(at + 1).toString(16)}`);

/** How many of the banned addresses stand in the firewall for a jail. */
const COUNTS: Readonly<Record<keyof typeof JAILS, string>> = {
  ours: 'nft -j list set inet bailiff ours-addresses-4',
  oursix: 'nft -j list set inet bailiff oursix-addresses-6',
  stock: 'nft -j list set inet f2b-table addr-set-stock',
  multi: 'iptables -S f2b-multi',
  setjail: 'ipset save f2b-setjail',
};
const PLACED = { ours: 300, oursix: 20, stock: 300, multi: 302, setjail: 300 };
const addressesIn = (text: string): number => (text.match(/10\.9\.\d+\.\d+|2001:db8::\w+|198\.51\.100\.\d+\/2[46]/g) ?? []).length;
const count = (jail: keyof typeof JAILS): number => addressesIn(ns.sh(`${COUNTS[jail]} 2>/dev/null || true`));
const missing = (): string[] => (Object.keys(JAILS) as (keyof typeof JAILS)[]).filter((jail) => count(jail) !== PLACED[jail]);

/** Waits until all bans stand; tells which do not. */
async function allStand(): Promise<void> {
  await waitFor('all bans', () => missing().length === 0, 30).catch(() =>
    expect(missing().map((jail) => `${jail}: ${count(jail as keyof typeof JAILS)}`)).toEqual([]),
  );
}

beforeAll(async () => {
  cpSync('/etc/fail2ban/action.d', server.path('config/action.d'), { recursive: true });
  const own = path.resolve(__dirname, '../../../config/action.d');
  cpSync(path.join(own, 'nftables.conf'), server.path('config/action.d/ours-nftables.conf'));
  mkdirSync(server.path('logs'));
  const sections = Object.entries(JAILS).map(
    ([jail, action]) => `[${jail}]\nlogpath = ${server.path('logs')}/${jail}.log\naction = ${action}\n`,
  );
  server.jails(`protocol = tcp\nchain = INPUT\n${sections.join('')}`);
  await server.start(...Object.keys(JAILS));
  for (const jail of Object.keys(JAILS)) {
    const ids = jail === 'oursix' ? SIX : jail === 'stock' || jail === 'setjail' ? IDS.slice(0, 300) : IDS;
    expect(server.client('set', jail, 'banip', ...ids).code).toBe(0);
  }
  await allStand();
}, 120_000);
afterAll(async () => {
  await server.remove();
  ns.remove();
});

const FLUSHES: Readonly<Record<string, string>> = {
  'nft flush ruleset': 'nft flush ruleset',
  'iptables -F': 'iptables -F; ip6tables -F',
  'a firewall script that deletes every rule of INPUT without f2b-': `iptables -S INPUT | grep '^-A' | grep -v f2b- | sed 's/^-A/iptables -D/' | sh; iptables -F f2b-multi`,
  'ipset flush': 'ipset flush',
  'the elements of sets':
    'nft flush set inet bailiff ours-addresses-4; nft flush set inet f2b-table addr-set-stock; nft flush set inet bailiff oursix-addresses-6',
  'one address of each':
    'nft delete element inet bailiff ours-addresses-4 "{ 10.9.0.7 }"; nft delete element inet f2b-table addr-set-stock "{ 10.9.0.7 }"; ipset del f2b-setjail 10.9.0.7',
};

test.each(Object.entries(FLUSHES))(
  '%s: all bans are back within five seconds, once each',
  async (_name, script) => {
    const told = (): number => server.log.split('taken out of the firewall').length;
    const [before, toldBefore] = [performance.now(), told()];
    ns.sh('true');
    const from = performance.now();
    // They may be back before a command has begun to look: then the server has told of it.
    const left = ns.sh([script, ...Object.values(COUNTS), 'true'].map((command) => `{ ${command}; } 2>/dev/null`).join('\n'));
    await allStand();
    expect(addressesIn(left) < Object.values(PLACED).reduce((sum, placed) => sum + placed) || told() > toldBefore).toBe(true);
    const seconds = (performance.now() - from) / 1000;
    expect(seconds).toBeLessThan(BACK + ((from - before) / 1000) * BUSY);
    expect(ns.sh('nft list set inet bailiff ours-ranges-4 2>/dev/null || true')).toContain('198.51.100.0/24');
  },
  60_000,
);

test('an unban of ours is no flush: nobody looks anew, nothing comes back', async () => {
  const before = server.log.split('taken out of the firewall').length;
  for (const jail of ['ours', 'stock', 'multi', 'setjail']) expect(server.client('set', jail, 'unbanip', '10.9.1.1').text).toContain('1');
  await wait(2500);
  expect(server.log.split('taken out of the firewall')).toHaveLength(before);
  for (const jail of ['ours', 'stock', 'multi', 'setjail'] as const) expect(count(jail)).toBe(PLACED[jail] - 1);
  for (const jail of ['ours', 'stock', 'multi', 'setjail']) server.client('set', jail, 'banip', '10.9.1.1');
}, 60_000);

test('after a kill all bans are back, once each, and none that ended or was lifted meanwhile', async () => {
  for (const jail of ['ours', 'stock', 'multi', 'setjail']) server.client('set', jail, 'banip', '10.9.7.7');
  await server.end('SIGKILL');
  expect(missing()).toEqual(['ours', 'stock', 'multi', 'setjail']);
  // Nobody knows of the last address any more: as if its ban had ended while no server ran.
  ns.sh(
    `/usr/bin/python3 -c "import sqlite3; c = sqlite3.connect('${server.path('db.sqlite3')}'); c.execute(\\"delete from bips where ip = '10.9.7.7'\\"); c.commit()"`,
  );
  await server.start(...Object.keys(JAILS));
  await allStand();
  expect(ns.sh('iptables -S f2b-multi').match(/10\.9\.0\.7\/32/g)).toHaveLength(1);
  expect(ns.sh('nft list ruleset; ipset save')).not.toContain('10.9.7.7');
}, 60_000);

test('a stop that keeps the bans leaves ours in place and takes out the others; the next start goes on; a plain stop takes out all', async () => {
  expect(runProgram(process.execPath, [CLIENT, '-c', server.path('config'), '-s', server.socket, 'stop', '--keep-bans']).code).toBe(0);
  expect(await server.exited()).toBe(0);
  expect([count('ours'), count('oursix'), count('stock'), count('multi'), count('setjail')]).toEqual([300, 20, 0, 0, 0]);
  await server.start(...Object.keys(JAILS));
  await allStand();
  expect(server.client('stop').code).toBe(0);
  await server.exited();
  expect(ns.sh('nft list ruleset; ipset save')).not.toMatch(/10\.9|2001:db8|f2b|bailiff/);
}, 60_000);
