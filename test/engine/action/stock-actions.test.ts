/** Debian's own firewall actions, unchanged: run by ours in one network namespace and by the stock server in another, they leave the same rules. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { actionRig, JAIL } from '../../support/actions';
import { networkNamespace, type NetworkNamespace } from '../../support/network-namespace';
import { stockActions } from '../../support/stock-actions';
import { runProgram, stockFolder } from '../../support/stock-server';
import { banTicket } from '../../support/tickets';
import type { JailAction } from '../../../src/engine/action/jail-action';

const ACTIONS: Readonly<Record<string, string>> = {
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
const UNBANNED = ['192.0.2.1', '2001:db8::1'];

const { folder, config } = stockFolder('rules');
const socket = path.join(folder, 'fail2ban.sock');
let theirs: NetworkNamespace;
let ours: NetworkNamespace;
let server: ChildProcess;
let ended: Promise<void>;
const actions = new Map<string, JailAction>();

/** Everything that a firewall action may leave in a namespace, without counters and clocks. */
function rules(ns: NetworkNamespace): string[] {
  return ns
    .sh('nft list ruleset; iptables-save; ip6tables-save; ipset save | sort; ip route; ip -6 route')
    .replace(/^#.*\n/gm, '')
    .replace(/ ?\[\d+:\d+\]|counter packets \d+ bytes \d+|initval \S+|(timeout|expires) \d\S*/g, '')
    .split('\n');
}

function tell(commands: readonly string[]): void {
  const said = runProgram('fail2ban-client', ['-i', '-c', config, '-s', socket], `${commands.join('\n')}\nexit\n`);
  if (said.code !== 0) throw new Error(`${said.stdout}${said.stderr}`);
}

beforeAll(async () => {
  for (const part of ['action.d']) cpSync(path.join('/etc/fail2ban', part), path.join(config, part), { recursive: true });
  const jails = Object.entries(ACTIONS).map(
    ([jail, action]) => `[${jail}]\nenabled = true\nbackend = polling\nfilter =\naction = ${action}\n`,
  );
  writeFileSync(path.join(config, 'jail.conf'), `[DEFAULT]\nprotocol = tcp\nchain = <known/chain>\n${jails.join('')}`);
  writeFileSync(path.join(config, 'fail2ban.local'), '[Definition]\nallowipv6 = yes\n');
  theirs = networkNamespace();
  ours = networkNamespace();
  const pidFile = path.join(folder, 'fail2ban.pid');
  const options = ['-f', '-c', config, '-s', socket, '-p', pidFile, 'start'];
  server = spawn('ip', ['netns', 'exec', theirs.name, 'fail2ban-server', ...options], { stdio: 'ignore' });
  ended = new Promise((resolve) => server.once('exit', () => resolve()));
  const configs = stockActions(config);
  for (const [jail, [action]] of configs) actions.set(jail, actionRig(action!, ours.runner, {}, { ...JAIL, name: jail }).action);
  for (let round = 0; !existsSync(socket) && round < 200; round++) await wait(50);
}, 60_000);
afterAll(async () => {
  server.kill('SIGTERM');
  await ended;
  theirs.remove();
  ours.remove();
  rmSync(folder, { recursive: true, force: true });
});

test('all actions are there', () => {
  expect([...actions.keys()].sort()).toEqual(Object.keys(ACTIONS).sort());
});

test('after bans of addresses and ranges of both families the rules are the same', async () => {
  tell(Object.keys(ACTIONS).map((jail) => `set ${jail} banip ${IDS.join(' ')}`));
  for (const jail of Object.keys(ACTIONS)) {
    const action = actions.get(jail)!;
    await action.start();
    await action.ban(IDS.map((id) => banTicket(id, { time: Date.now() / 1000 })));
  }
  const stock = rules(theirs);
  expect(stock.filter((line) => line.includes('192.0.2.1')).length).toBeGreaterThanOrEqual(Object.keys(ACTIONS).length);
  expect(rules(ours)).toEqual(stock);
});

test('after unbans they are the same', async () => {
  tell(Object.keys(ACTIONS).map((jail) => `set ${jail} unbanip ${UNBANNED.join(' ')}`));
  for (const jail of Object.keys(ACTIONS)) await actions.get(jail)!.unban(UNBANNED.map((id) => banTicket(id)));
  const stock = rules(theirs);
  expect(stock.join('\n')).toContain('192.0.2.2');
  expect(rules(ours)).toEqual(stock);
});

test('after somebody flushed all rules the next ban brings them back, the same as there', async () => {
  const flush = 'nft flush ruleset';
  for (const ns of [theirs, ours]) ns.sh(flush);
  tell(Object.keys(ACTIONS).map((jail) => `set ${jail} banip 192.0.2.9`));
  for (const jail of Object.keys(ACTIONS)) await actions.get(jail)!.ban([banTicket('192.0.2.9', { time: Date.now() / 1000 })]);
  const stock = rules(theirs);
  expect(stock.join('\n')).toContain('192.0.2.9');
  expect(rules(ours)).toEqual(stock);
});

test('after the stop they are the same', async () => {
  server.kill('SIGTERM');
  await ended;
  const left = IDS.filter((id) => !UNBANNED.includes(id));
  for (const jail of Object.keys(ACTIONS)) {
    const action = actions.get(jail)!;
    if (action.canFlush) await action.flush().catch(() => undefined);
    else await action.unban([...left, '192.0.2.9'].map((id) => banTicket(id)));
    await action.stop().catch(() => undefined);
  }
  const stock = rules(theirs);
  expect(stock.join('\n')).not.toContain('192.0.2.');
  expect(rules(ours)).toEqual(stock);
});
