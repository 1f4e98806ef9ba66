/** What others do to a firewall: each a name and a script for a shell. */

/** A ruleset of somebody else's, as it stands in a file of netfilter-persistent on a server with Docker. */
const FOREIGN = [
  '*filter',
  ':INPUT ACCEPT [0:0]',
  ':FORWARD DROP [0:0]',
  ':OUTPUT ACCEPT [0:0]',
  ':DOCKER - [0:0]',
  ':DOCKER-USER - [0:0]',
  '-A FORWARD -j DOCKER-USER',
  '-A FORWARD -j DOCKER',
  '-A DOCKER-USER -j RETURN',
  'COMMIT',
  '',
].join('\\n');

/** As Plesk's firewall module writes it: policies, everything out, its own rules in. */
const PANEL = [
  'iptables -P INPUT ACCEPT; iptables -P FORWARD ACCEPT; iptables -P OUTPUT ACCEPT',
  'iptables -F; iptables -X; iptables -Z',
  'iptables -A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT',
  'iptables -A INPUT -m state --state INVALID -j DROP',
  'iptables -A INPUT -i lo -j ACCEPT',
  'iptables -A INPUT -p tcp --dport 8443 -j ACCEPT',
].join('; ');

/** As firewalld begins anew: its rules of iptables out, its table of nftables made again. */
const FIREWALLD = [
  'for table in nat mangle raw filter; do iptables -t $table -F; iptables -t $table -X; iptables -t $table -Z; done',
  "printf 'table inet firewalld\\ndelete table inet firewalld\\ntable inet firewalld {\\nchain filter_INPUT { type filter hook input priority 10; }\\n}\\n' | nft -f -",
].join('; ');

export const FLUSHES: Readonly<Record<string, string>> = {
  'nft flush ruleset': 'nft flush ruleset',
  'iptables -F': 'iptables -F',
  'iptables -F and -X': 'iptables -F; iptables -X',
  'nft delete table': 'nft delete table inet bailiff',
  'sets and chains emptied': 'nft flush set inet bailiff ours-addresses-4; iptables -F f2b-stock',
  'iptables-restore of a foreign ruleset': `printf '${FOREIGN}' | iptables-restore`,
  'nft -f of a foreign ruleset':
    "printf 'flush ruleset\\ntable inet filter {\\nchain input { type filter hook input priority 0; }\\n}\\n' | nft -f -",
  'Plesk Firewall': PANEL,
  'firewalld restarted': FIREWALLD,
  'our rules alone taken out':
    'iptables -D INPUT -p tcp -m multiport --dports 22 -j f2b-stock; iptables -F f2b-stock; nft flush table inet bailiff',
};
