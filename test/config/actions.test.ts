/** Our own action files, as the stock client reads them, run on the real firewall of a network namespace. */
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { formatCommands, readConfiguration } from '../../src/contracts/files/configuration';
import { actionRig, JAIL, type ActionRig } from '../support/actions';
import { networkNamespace, type NetworkNamespace } from '../support/network-namespace';
import { stockActions } from '../support/stock-actions';
import { runProgram, stockFolder } from '../support/stock-server';
import { temporaryFolder } from '../support/folder';
import { banTicket } from '../support/tickets';
import type { ActionConfig } from '../../src/model/jail-config';
import type { BanTicket } from '../../src/model/ticket';

const ACTIONS = path.resolve(__dirname, '../../config/action.d');
/** Jails and their actions, as an administrator types them. */
const JAILS: Readonly<Record<string, string>> = {
  'nft-multi': 'nftables[type=multiport, port="http,https,7080:7081", protocol="tcp,udp", chain="INPUT"]',
  'nft-one': 'nftables[type=oneport, port=ssh, blocktype="reject with icmpx type port-unreachable"]',
  'nft-all': 'nftables[type=allports, protocol=all]',
  'nft-tcp': 'nftables[type=allports, protocol=tcp, table=other]',
  'ipt-one': 'iptables[port=ssh, protocol=tcp]',
  plesk: 'iptables-multiport[protocol="tcp", name="default", chain="INPUT", blocktype="REJECT --reject-with icmp-port-unreachable", port="http,https,7080,7081"]',
  'plesk-raw': 'iptables-multiport[protocol="tcp", name="default", chain="INPUT", blocktype="REJECT --reject-with icmp-port-unreachable", port="default"]',
  'ipt-all': 'iptables-allports[protocol="tcp,udp", chain="INPUT,FORWARD", blocktype=DROP]',
  ipset: 'iptables-ipset[port="http,https"]',
  'ipset-all': 'iptables-ipset[type=allports, protocol=all]',
};

let configs: Map<string, ActionConfig[]>;
let ns: NetworkNamespace;
const stock = stockFolder('actions');
const now = (): number => Date.now() / 1000;
const ticket = (id: string, bantime = 600, time = now()): BanTicket => banTicket(id, { bantime, time });
const rig = (jail: string): ActionRig => actionRig(configs.get(jail)![0]!, ns.runner, {}, { ...JAIL, name: jail });

beforeAll(() => {
  cpSync(ACTIONS, path.join(stock.config, 'action.d'), { recursive: true });
  const sections = Object.entries(JAILS).map(([jail, action]) => `[${jail}]\nenabled = true\nbackend = polling\nfilter =\naction = ${action}\n`);
  writeFileSync(path.join(stock.config, 'jail.conf'), sections.join(''));
  writeFileSync(path.join(stock.config, 'fail2ban.local'), '[Definition]\nallowipv6 = yes\n');
  configs = stockActions(stock.config);
  ns = networkNamespace();
});
afterAll(() => {
  ns.remove();
  rmSync(stock.folder, { recursive: true, force: true });
});

test('every file opens with a comment that says what it does', () => {
  const files = readdirSync(ACTIONS).filter((file) => file.endsWith('.conf'));
  expect(files.length).toBeGreaterThanOrEqual(6);
  for (const file of files) expect(readFileSync(path.join(ACTIONS, file), 'utf8')).toMatch(/^# [A-Z].{20,}/);
});

test('our reader makes of them what the stock client makes', () => {
  const lines = runProgram('fail2ban-client', ['-c', stock.config, '-d']).stdout.split('\n');
  const ofActions = (text: readonly string[]): string[] => text.filter((line) => / 'action', /.test(line));
  expect(ofActions(lines)).toHaveLength(Object.keys(JAILS).length);
  expect(ofActions(formatCommands(readConfiguration(stock.config).commands).split('\n'))).toEqual(ofActions(lines));
});

const IDS = ['192.0.2.1', '2001:db8::1', '198.51.100.0/24', '2001:db8:1::/48'];

/** Where each kind of firewall shows its bans; what a set-up of it leaves behind is what `everything` prints. */
const KINDS = {
  nftables: { list: 'nft list ruleset inet', break: 'nft flush ruleset' },
  iptables: { list: 'iptables-save; ip6tables-save', break: 'iptables -F; iptables -X; ip6tables -F; ip6tables -X' },
  ipset: {
    list: 'ipset save; iptables-save; ip6tables-save',
    break: 'iptables -F; ip6tables -F; ipset destroy',
  },
};
const kindOf = (jail: string): (typeof KINDS)[keyof typeof KINDS] =>
  jail.startsWith('nft') ? KINDS.nftables : jail.startsWith('ipset') ? KINDS.ipset : KINDS.iptables;
const state = (jail: string): string =>
  ns
    .sh(kindOf(jail).list)
    .replace(/^#.*\n/gm, '')
    .replace(/^:(INPUT|FORWARD|OUTPUT) ACCEPT.*\n/gm, '')
    .replace(/^(\*filter|COMMIT)\n/gm, '')
    .trim();

describe.each(Object.keys(JAILS).filter((jail) => jail !== 'plesk-raw'))('%s', (jail) => {
  it('bans addresses and ranges of both families, unbans them, and leaves nothing behind', async () => {
    const { action, log } = rig(jail);
    await action.start();
    expect(await action.ban(IDS.map((id) => ticket(id)))).toEqual([null, null, null, null]);
    for (const id of IDS) expect(state(jail)).toContain(id);
    expect(await action.ban(IDS.map((id) => ticket(id)))).toEqual([null, null, null, null]);
    expect(await action.check()).toBe(false);
    expect(await action.unban([ticket('192.0.2.1'), ticket('2001:db8:1::/48')])).toEqual([null, null]);
    expect(state(jail)).not.toMatch(/192\.0\.2\.1|2001:db8:1::/);
    expect(await action.unban([ticket('192.0.2.1')])).toEqual([null]);
    for (const id of ['2001:db8::1', '198.51.100.0/24']) expect(state(jail)).toContain(id);
    await action.flush();
    expect(state(jail)).not.toMatch(/2001:db8|198\.51/);
    await action.ban([ticket('192.0.2.7'), ticket('2001:db8::7', -1)]);
    expect(state(jail)).toMatch(/192\.0\.2\.7[^]*2001:db8::7|2001:db8::7[^]*192\.0\.2\.7/);
    await action.stop();
    expect(state(jail)).toBe('');
    expect(log.filter((record) => record.level !== 'DEBUG')).toEqual([]);
  });
});

// One of each kind.
describe.each(['nft-multi', 'plesk', 'ipset'])('%s', (jail) => {
  it('is repaired after somebody flushed the rules, and says that bans were lost', async () => {
    const { action, log } = rig(jail);
    await action.start();
    await action.ban([ticket('192.0.2.1'), ticket('2001:db8::1')]);
    ns.sh(kindOf(jail).break);
    expect(state(jail)).toBe('');
    expect(await action.check()).toBe(true);
    expect(await action.reban([ticket('192.0.2.1'), ticket('2001:db8::1')])).toEqual([null, null]);
    expect(state(jail)).toContain('192.0.2.1');

    ns.sh(kindOf(jail).break);
    const epoch = action.banEpoch;
    expect(await action.ban([ticket('192.0.2.2')])).toEqual([null]);
    expect(action.banEpoch).toBeGreaterThan(epoch);
    expect(state(jail)).toContain('192.0.2.2');
    await action.stop();
    expect(state(jail)).toBe('');
    expect(log.some((record) => record.level === 'CRITICAL')).toBe(false);
  });

  it('keeps the bans of a run that was killed, when it starts again', async () => {
    const first = rig(jail).action;
    await first.start();
    await first.ban([ticket('192.0.2.1')]);
    const before = state(jail);
    const second = rig(jail).action;
    await second.start();
    await second.ban([ticket('192.0.2.1')]);
    const plain = (text: string): string => text.replace(/expires \S+|timeout \d+\S*|\[\d+:\d+\]|counter packets \d+ bytes \d+/g, '');
    expect(plain(state(jail))).toBe(plain(before));
    await second.stop();
    expect(state(jail)).toBe('');
  });

  it('bans nothing that is no address, whatever the id says', async () => {
    const folder = temporaryFolder();
    const canary = path.join(folder.path, 'canary');
    const { action } = rig(jail);
    await action.start();
    await action.ban([ticket('192.0.2.1')]);
    const hostile = [`$(touch ${canary})`, `1.2.3.4 } \n flush ruleset`, `1.2.3.4; touch ${canary}`, `-F`, `x\`touch ${canary}\``, `"'; touch ${canary} #`];
    for (const id of hostile) expect((await action.ban([ticket(id)]))[0]?.message).toContain('Error banning');
    expect(readdirSync(folder.path)).toEqual([]);
    folder.remove();
    expect(state(jail)).toContain('192.0.2.1');
    await action.stop();
  });
});
