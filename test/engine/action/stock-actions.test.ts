/** Debian's own firewall actions, unchanged: run by ours in one network namespace and by the stock server in another, they leave the same rules. */
import { SideBySide } from '../../support/side-by-side';

const JAILS: Readonly<Record<string, string>> = {
  nft: 'nftables[type=multiport, port="http,https,7080:7081", protocol="tcp,udp"]',
  nftmulti: 'nftables-multiport[port="ssh"]',
  nftall: 'nftables-allports[protocol=tcp]',
  one: 'iptables[port=ssh]',
  multi:
    'iptables-multiport[name="default", chain="INPUT", blocktype="REJECT --reject-with icmp-port-unreachable", port="http,https,7080,7081"]',
  all: 'iptables-allports[protocol=all, blocktype=DROP]',
  fresh: 'iptables-new[port=ssh]',
  logging: 'iptables-multiport-log[port=ssh]',
  setall: 'iptables-ipset-proto6-allports',
  setmulti: 'iptables-ipset-proto6[port="ssh,http"]',
  setold: 'iptables-ipset[port="ssh,http"]',
  route: 'route[blocktype=blackhole]',
};
const IDS = ['192.0.2.1', '2001:db8::1', '192.0.2.2', '198.51.100.0/28'];
const both = new SideBySide(JAILS, '/etc/fail2ban/action.d');

/** Our rules against theirs; gives theirs. */
function compare(): string {
  const stock = both.rules(both.theirs);
  expect(both.rules(both.ours)).toEqual(stock);
  return stock.join('\n');
}

beforeAll(() => both.start(), 60_000);
afterAll(() => both.remove());

test('after bans of addresses and ranges of both families the rules are the same', async () => {
  await both.ban(IDS);
  const places = compare()
    .split('\n')
    .filter((line) => line.includes('192.0.2.1'));
  expect(places.length).toBeGreaterThanOrEqual(Object.keys(JAILS).length);
});

test('after unbans they are the same', async () => {
  await both.unban(['192.0.2.1', '2001:db8::1']);
  expect(compare()).toContain('192.0.2.2');
});

test('after somebody flushed all rules the next ban brings them back, the same as there', async () => {
  for (const ns of [both.theirs, both.ours]) ns.sh('nft flush ruleset');
  await both.ban(['192.0.2.9']);
  expect(compare()).toContain('192.0.2.9');
});

test('after the stop they are the same', async () => {
  await both.stop();
  expect(compare()).not.toContain('192.0.2.');
});
