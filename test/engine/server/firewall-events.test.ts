/** What nftables tells of changes by others. */
import { firewallEvent } from '../../../src/engine/server/firewall-events';

test.each([
  ['delete table inet f2b-table', 'inet f2b-table', null],
  ['delete rule ip filter INPUT handle 3', 'ip filter', null],
  ['delete element inet t a { 10.1.0.2 timeout 1m40s expires 1m37s472ms }', 'inet t', '10.1.0.2'],
  ['delete element inet t a { 2001:DB8::1 }', 'inet t', '2001:db8::1'],
  ['destroy chain ip6 filter f2b-x', 'ip6 filter', null],
])('%s is heard', (line, within, element) => {
  expect(firewallEvent(line)).toEqual({ within, element });
});

test.each(['add element inet t a { 10.1.0.2 }', '# new generation 17 by process 1 (nft)', '', 'delete'])('%j tells nothing', (line) => {
  expect(firewallEvent(line)).toBeNull();
});
