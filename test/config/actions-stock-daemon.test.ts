/** Our own actions under the stock server: what they leave there is what they leave under ours, and nothing when they stop. */
import path from 'node:path';
import { SideBySide } from '../support/side-by-side';

const JAILS: Readonly<Record<string, string>> = {
  nft: 'nftables[type=multiport, port="http,https,7080:7081", protocol="tcp,udp"]',
  nftall: 'nftables[type=allports, protocol=all]',
  multi: 'iptables-multiport[name="default", chain="INPUT", blocktype="REJECT --reject-with icmp-port-unreachable", port="http,https,7080,7081"]',
  all: 'iptables-allports[blocktype=DROP]',
  set: 'iptables-ipset[port="ssh,http"]',
};
const IDS = ['192.0.2.1', '2001:db8::1', '198.51.100.0/28'];
const both = new SideBySide(JAILS, path.resolve(__dirname, '../../config/action.d'));
const places = (rules: readonly string[], text: string): number => rules.filter((line) => line.includes(text)).length;

beforeAll(() => both.start(), 60_000);
afterAll(() => both.remove());

test('bans, unbans, a flush by somebody and the next ban come out the same under both', async () => {
  await both.ban(IDS);
  const first = both.rules(both.theirs);
  for (const id of IDS) expect(places(first, id)).toBeGreaterThanOrEqual(Object.keys(JAILS).length);
  expect(both.rules(both.ours)).toEqual(first);

  await both.unban(['192.0.2.1', '198.51.100.0/28']);
  const second = both.rules(both.theirs);
  expect(places(second, '192.0.2.1') + places(second, '198.51.100.0')).toBe(0);
  expect(both.rules(both.ours)).toEqual(second);

  for (const ns of [both.theirs, both.ours]) ns.sh('nft flush ruleset');
  await both.ban(['192.0.2.9']);
  const third = both.rules(both.theirs);
  expect(places(third, '192.0.2.9')).toBeGreaterThanOrEqual(Object.keys(JAILS).length);
  expect(both.rules(both.ours)).toEqual(third);
});

test('the stop leaves nothing behind under either', async () => {
  await both.stop();
  for (const ns of [both.theirs, both.ours]) {
    expect(ns.sh('nft list ruleset inet; ipset save')).toBe('');
    expect(ns.sh('iptables-save; ip6tables-save')).not.toMatch(/f2b|192\.0\.2|2001:db8/);
  }
});
