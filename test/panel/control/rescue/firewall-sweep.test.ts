/** All bans leave a real firewall at once, and nothing else does. */
import { chainPlan, setsIn, sweepFirewall, tablesIn } from '../../../../src/panel/control/rescue/firewall-sweep';
import { networkNamespace, type NetworkNamespace } from '../../../support/network-namespace';

let ns: NetworkNamespace;
beforeEach(() => {
  ns = networkNamespace();
});
afterEach(() => ns.remove());

/** All that stands, without counters and dates. */
const standing = (): string =>
  ns
    .sh('nft list ruleset; iptables-save; ip6tables-save; ipset save')
    .replace(/^#.*$/gm, '')
    .replace(/\[\d+:\d+\]/g, '');

const FOREIGN = `
nft add table inet site
nft 'add chain inet site input { type filter hook input priority 10; policy accept; }'
nft 'add set inet site f2b-table { type ipv4_addr; }'
nft 'add rule inet site input ip saddr @f2b-table drop'
iptables -N site
iptables -A INPUT -p tcp --dport 22 -m comment --comment "not for -j f2b-sshd here" -j site
iptables -A site -s 192.0.2.9 -j DROP
iptables -t nat -N other
ip6tables -A INPUT -s 2001:db8::9 -j DROP
for tool in iptables ip6tables; do $tool -A FORWARD -i lo -j ACCEPT; done
ipset create site hash:ip`;

const OURS = `
nft add table inet bailiff
nft 'add chain inet bailiff input { type filter hook input priority -1; policy accept; }'
nft 'add set inet bailiff sshd-addresses-4 { type ipv4_addr; flags timeout; }'
nft 'add element inet bailiff sshd-addresses-4 { 192.0.2.1 timeout 600s }'
nft 'add rule inet bailiff input ip saddr @sshd-addresses-4 drop'
nft add table ip f2b-table
for tool in iptables ip6tables; do
  $tool -N f2b-sshd
  $tool -A f2b-sshd -j RETURN
  $tool -I INPUT -p tcp -m multiport --dports 22,2222 -m comment --comment 'two words' -j f2b-sshd
  $tool -N f2b-web
  $tool -I INPUT -j f2b-web
  $tool -I FORWARD -g f2b-web
  $tool -I f2b-web -j f2b-sshd
done
iptables -I f2b-sshd 1 -s 192.0.2.1 -j REJECT
ipset create f2b-ssh hash:ip timeout 600
ipset add f2b-ssh 192.0.2.1
iptables -I INPUT -m set --match-set f2b-ssh src -j DROP`;

test('what is ours is gone, what is others’ stands as it was', async () => {
  ns.sh(FOREIGN);
  const before = standing();
  ns.sh(OURS);
  const swept = await sweepFirewall(ns.runner);
  expect(swept.filter(({ message }) => message !== null)).toEqual([]);
  expect(swept.map(({ what }) => what).sort()).toEqual([
    'chain f2b-sshd of ip6tables',
    'chain f2b-sshd of iptables',
    'chain f2b-web of ip6tables',
    'chain f2b-web of iptables',
    'set f2b-ssh',
    'table inet bailiff',
    'table ip f2b-table',
  ]);
  expect(standing()).toBe(before);
  expect(await sweepFirewall(ns.runner)).toEqual([]);
});

test('what cannot be taken out is told, and the rest goes', async () => {
  ns.sh(OURS);
  const runner: typeof ns.runner = {
    run: (request) =>
      request.command === 'ip6tables-restore'
        ? Promise.resolve({ code: 4, signal: null, stdout: '', stderr: 'Resource busy\n', timedOut: false, truncated: false })
        : ns.runner.run(request),
  };
  const swept = await sweepFirewall(runner);
  expect(swept.filter(({ message }) => message !== null)).toEqual([
    { what: 'chain f2b-sshd of ip6tables', message: 'Resource busy' },
    { what: 'chain f2b-web of ip6tables', message: 'Resource busy' },
  ]);
  expect(ns.succeeds('nft list table inet bailiff || iptables -S f2b-sshd || ipset list f2b-ssh')).toBe(false);
});

test('a machine without a firewall has nothing to take out', async () => {
  const none = { code: 127, signal: null, stdout: '', stderr: 'not found', timedOut: false, truncated: false };
  expect(await sweepFirewall({ run: () => Promise.resolve(none) })).toEqual([]);
});

test('names are taken as a whole: a name that only begins or ends as ours is somebody else’s', () => {
  expect(tablesIn('table inet bailiff2\ntable inet f2b-table-x\ntable bridge f2b-table\n')).toEqual(['bridge f2b-table']);
  expect(setsIn('my-f2b-x\nf2b-\nf2b-a b\nf2b-$(id)\nf2b-ok\n')).toEqual(['f2b-ok']);
  const saved =
    '*filter\n:INPUT ACCEPT [0:0]\n:af2b-x - [0:0]\n-A INPUT -j af2b-x\n-A INPUT -m comment --comment "-j f2b-x" -j ACCEPT\nCOMMIT\n';
  expect(chainPlan(saved)).toEqual({ chains: [], text: '' });
});
