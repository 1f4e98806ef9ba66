/** Which commands are known to the last character, what they mean to the tool that is told, and which are left as they are. */
import { shapeOf, type Purpose } from '../../../../src/engine/action/bulk/shape';

const NOW = 1000;
const REJECT = '-j REJECT --reject-with icmp-port-unreachable';

/** What a tool would read for a ban of 192.0.2.7 that lasts until 1600. */
function told(command: string, purpose: Purpose = 'ban', bantime = 600): string | null {
  const shape = shapeOf(command, purpose, new Map());
  if (shape === null) return null;
  const change = shape.change({ element: '192.0.2.7', bantime, end: bantime === -1 ? null : NOW + bantime }, NOW);
  const { command: program, args, stdin } = shape.place.run([change], NOW);
  return `${[program, ...args].join(' ')}\n${stdin}`;
}

test.each<[string, Purpose, string]>([
  [
    'nft add element inet f2b-table addr-set-sshd \\{ <ip> \\}',
    'ban',
    'nft -f -\nadd element inet f2b-table addr-set-sshd { 192.0.2.7 }\n',
  ],
  ['/usr/sbin/nft delete element ip t s "{ <ip> }"', 'unban', '/usr/sbin/nft -f -\ndelete element ip t s { 192.0.2.7 }\n'],
  [
    `iptables -w -I f2b-sshd 1 -s <ip> ${REJECT}`,
    'ban',
    `iptables-restore --noflush -w\n*filter\n-I f2b-sshd 1 -s 192.0.2.7 ${REJECT}\nCOMMIT\n`,
  ],
  [
    'ip6tables -w 10 -D f2b-sshd -s <ip> -j DROP',
    'unban',
    'ip6tables-restore --noflush -w 10\n*filter\n-D f2b-sshd -s 192.0.2.7 -j DROP\nCOMMIT\n',
  ],
  ['iptables -t raw -A own -s <ip> -j DROP', 'ban', 'iptables-restore --noflush\n*raw\n-A own -s 192.0.2.7 -j DROP\nCOMMIT\n'],
  ['ipset -exist add f2b-x <ip> timeout 0', 'ban', 'ipset -exist restore\nadd f2b-x 192.0.2.7 timeout 0\n'],
  ['ipset -exist add f2b-x <ip> timeout <bantime>', 'prolong', 'ipset -exist restore\nadd f2b-x 192.0.2.7 timeout 600\n'],
  ['ipset -exist del f2b-x <ip>', 'unban', 'ipset -exist restore\ndel f2b-x 192.0.2.7\n'],
  ['ipset --test f2b-x <ip> ||  ipset --add f2b-x <ip>', 'ban', 'ipset -exist restore\nadd f2b-x 192.0.2.7\n'],
  [': bulk ipset ipset f2b-x\nwhatever', 'ban', 'ipset -exist restore\nadd f2b-x 192.0.2.7 timeout 600\n'],
  [': bulk nft nft inet bailiff a r\nwhatever', 'ban', 'nft -f -\nadd element inet bailiff a { 192.0.2.7 timeout 600s }\n'],
  [
    ': bulk nft nft inet bailiff a r\nwhatever',
    'unban',
    'nft -f -\nadd element inet bailiff a { 192.0.2.7 }\ndelete element inet bailiff a { 192.0.2.7 }\n',
  ],
  [
    ': bulk nft nft inet bailiff a r\nwhatever',
    'prolong',
    'nft -f -\nadd element inet bailiff a { 192.0.2.7 }\ndelete element inet bailiff a { 192.0.2.7 }\nadd element inet bailiff a { 192.0.2.7 timeout 600s }\n',
  ],
])('%s as %s', (command, purpose, expected) => {
  expect(told(command, purpose)).toBe(expected);
});

test('a time that is more than the set can count is written as the command would write it', () => {
  const command = 'ipset -exist add f2b-x <ip> timeout $([ "<bantime>" -le 2147483 ] && echo "<bantime>" || echo 0)';
  const seconds = (bantime: number): string | undefined => / timeout (\S+)/.exec(told(command, 'ban', bantime) ?? '')?.[1];
  expect([600, 2147483, 2147484, -1].map(seconds)).toEqual(['600', '2147483', '0', '-1']);
  const ours = (bantime: number): string | undefined => / timeout (\S+)/.exec(told(': bulk ipset ipset s\nx', 'ban', bantime) ?? '')?.[1];
  expect([600, 2147484, -1].map(ours)).toEqual(['600', '0', '0']);
});

test.each<[string, Purpose]>([
  ['nft add element inet t s \\{ <ip> \\}; mail -s ban root', 'ban'],
  ['nft add element inet t s \\{ <ip> \\} && logger banned', 'ban'],
  ['logger <ip>\nnft add element inet t s \\{ <ip> \\}', 'ban'],
  ['nft add element inet t s \\{ <ip> timeout 1h \\}', 'ban'],
  ['nft add element inet t s \\{ <ip> . 22 \\}', 'ban'],
  ['nft add element inet t s \\{ <fid> \\}', 'ban'],
  ['nft add element inet t s { <ip> }', 'ban'],
  ['nft add element inet $TABLE s \\{ <ip> \\}', 'ban'],
  ['nft add element inet t s \\{ <ip> \\}', 'unban'],
  ['nft delete element inet t s \\{ <ip> \\}', 'ban'],
  ['/home/me/nft add element inet t s \\{ <ip> \\}', 'ban'],
  ['sudo nft add element inet t s \\{ <ip> \\}', 'ban'],
  ['iptables -w -I f2b 1 -s <ip> -j LOG --log-prefix "a b"', 'ban'],
  ['iptables -w -I f2b 1 -s <ip> -j DROP > /dev/null', 'ban'],
  ['iptables -w -I f2b 1 -s <ip> -j <blocktype>', 'ban'],
  ['iptables -w -I f2b 2 -s <ip> -j DROP', 'ban'],
  ['iptables -w -I f2b 1 -s <ip>', 'ban'],
  ['iptables -w -I f2b 1 ! -s <ip> -j DROP', 'ban'],
  ['iptables -w -D f2b -s <ip> -j DROP', 'ban'],
  ['ipset add f2b <ip>', 'ban'],
  ['ipset -exist add f2b <ip> timeout $(cat /etc/time)', 'ban'],
  ['ipset --test a <ip> || ipset --add b <ip>', 'ban'],
  ['ipset --test a <ip> && ipset --del a <ip>', 'unban'],
  [': bulk nft nft inet bailiff a', 'ban'],
  [': bulk nft nft inet bailiff $(id) r\nx', 'ban'],
  [': bulk pf pf inet bailiff a r\nx', 'ban'],
  ['echo : bulk nft nft inet bailiff a r\nx', 'ban'],
  ['', 'ban'],
])('%j as %s is run as it stands', (command, purpose) => {
  expect(told(command, purpose)).toBeNull();
});

test('bans and unbans of the same place find the same place', () => {
  const known = new Map();
  const ban = shapeOf('iptables -w -I f2b-a 1 -s <ip> -j DROP', 'ban', known);
  const unban = shapeOf('iptables -w -D f2b-a -s <ip> -j DROP', 'unban', known);
  expect(unban?.place).toBe(ban?.place);
  expect(shapeOf('iptables -w -I f2b-b 1 -s <ip> -j DROP', 'ban', known)?.place).not.toBe(ban?.place);
});
