/** What our actions do to packets, to time and to mail: connections refused on the banned ports only, bans ended by the kernel, clean mails. */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../src/base/clock';
import { systemRunner, type ProcessRunner } from '../../src/base/process';
import { actionRig, JAIL, type ActionRig } from '../support/actions';
import { temporaryFolder } from '../support/folder';
import { networkNamespace, type NetworkNamespace } from '../support/network-namespace';
import { stockActions } from '../support/stock-actions';
import { stockFolder } from '../support/stock-server';
import { banTicket } from '../support/tickets';
import type { ActionConfig } from '../../src/model/jail-config';
import type { BanTicket } from '../../src/model/ticket';

const folder = temporaryFolder();
const mail = path.join(folder.path, 'mail');
const PLESK = 'protocol="tcp", chain="INPUT", blocktype="REJECT --reject-with icmp-port-unreachable"';
const JAILS: Readonly<Record<string, string>> = {
  nftables: 'nftables[type=multiport, port="7080:7081"]',
  'nft-all': 'nftables[type=allports]',
  multiport: `iptables-multiport[${PLESK}, port="http,https,7080,7081"]`,
  ipset: 'iptables-ipset[port="7080:7081"]',
  placeholder: `iptables-multiport[${PLESK}, name="default", port="default"]`,
  mail: `sendmail[dest="name@domain.com", sendername="Fail2Ban", sender="fail2ban", name="wp-login", mailcmd="cat >> ${mail}"]`,
};

const stock = stockFolder('effect');
let configs: Map<string, ActionConfig[]>;
let ns: NetworkNamespace;
const now = (): number => Date.now() / 1000;
const ticket = (id: string, bantime = 600, time = now()): BanTicket => banTicket(id, { bantime, time });
const rig = (jail: string, runner: ProcessRunner = ns.runner): ActionRig => actionRig(configs.get(jail)![0]!, runner, {}, { ...JAIL, name: jail });

beforeAll(() => {
  cpSync(path.resolve(__dirname, '../../config/action.d'), path.join(stock.config, 'action.d'), { recursive: true });
  const sections = Object.entries(JAILS).map(([jail, action]) => `[${jail}]\nenabled = true\nbackend = polling\nfilter =\naction = ${action}\n`);
  writeFileSync(path.join(stock.config, 'jail.conf'), sections.join(''));
  configs = stockActions(stock.config);
  ns = networkNamespace();
  for (const address of ['192.0.2.1', '192.0.2.7']) ns.sh(`ip addr add ${address}/32 dev lo`);
});
afterAll(() => {
  ns.remove();
  folder.remove();
  rmSync(stock.folder, { recursive: true, force: true });
});

/** Listens on a port of 192.0.2.1 and connects from an address of this machine. */
const CONNECT = `
import socket, sys
server = socket.create_server(("192.0.2.1", int(sys.argv[2])))
try:
    socket.create_connection(("192.0.2.1", int(sys.argv[2])), timeout=0.5, source_address=(sys.argv[1], 0)).close()
except OSError:
    sys.exit(1)
`;
const connects = (from: string, port: number): boolean => ns.succeeds(`/usr/bin/python3 -c '${CONNECT}' ${from} ${port}`);

describe('packets', () => {
  it.each(['nftables', 'multiport', 'ipset'])('%s: of a banned address do not reach the banned ports, all others do', async (jail) => {
    const { action } = rig(jail);
    await action.start();
    expect(connects('192.0.2.7', 7081)).toBe(true);
    await action.ban([ticket('192.0.2.7')]);
    expect(connects('192.0.2.7', 7081)).toBe(false);
    expect(connects('192.0.2.7', 7082)).toBe(true);
    expect(connects('192.0.2.1', 7081)).toBe(true);
    await action.unban([ticket('192.0.2.7')]);
    expect(connects('192.0.2.7', 7081)).toBe(true);
    await action.stop();
  });

  it('of a banned range are dropped on all ports', async () => {
    const { action } = rig('nft-all');
    await action.ban([ticket('192.0.2.4/30')]);
    expect(connects('192.0.2.7', 9999)).toBe(false);
    expect(connects('192.0.2.1', 9999)).toBe(true);
    await action.stop();
    expect(connects('192.0.2.7', 9999)).toBe(true);
  });
});

test('behind a published port the port that was dialled is banned, and the rest of the container stays reachable', async () => {
  const client = networkNamespace();
  const container = networkNamespace();
  for (const [other, net] of [
    [client, '198.51.100'],
    [container, '203.0.113'],
  ] as const) {
    ns.sh(`ip link add ${other.name} type veth peer name veth0 netns ${other.name}; ip addr add ${net}.1/24 dev ${other.name}; ip link set ${other.name} up`);
    other.sh(`ip addr add ${net}.7/24 dev veth0; ip link set veth0 up; ip route add default via ${net}.1`);
  }
  ns.sh('sysctl -qw net.ipv4.ip_forward=1');
  ns.sh('nft add table ip docker; nft "add chain ip docker pre { type nat hook prerouting priority -100; }"');
  for (const port of [7081, 7082]) ns.sh(`nft "add rule ip docker pre tcp dport ${port} dnat to 203.0.113.7:80"`);
  const reaches = (port: number): boolean => {
    const listen = 'import socket; s = socket.create_server(("", 80)); s.settimeout(2); s.accept()';
    container.sh(`/usr/bin/python3 -c '${listen}' >/dev/null 2>&1 & sleep 0.4`);
    return client.succeeds(`/usr/bin/python3 -c 'import socket; socket.create_connection(("198.51.100.1", ${port}), timeout=0.7)'`);
  };
  const { action } = rig('nftables');
  await action.ban([ticket('198.51.100.7')]);
  try {
    expect(reaches(7082)).toBe(true);
    expect(reaches(7081)).toBe(false);
  } finally {
    await action.stop();
    client.remove();
    container.remove();
  }
});

describe('time', () => {
  it.each(['nftables', 'ipset'])('%s: the kernel ends a ban by itself, and the unban afterwards is no error', async (jail) => {
    const { action, log } = rig(jail);
    await action.start();
    await action.ban([ticket('192.0.2.7', 1), ticket('192.0.2.0/30', 1), ticket('192.0.2.8', -1), ticket('192.0.2.9', 600, now() - 599)]);
    const list = jail === 'ipset' ? 'ipset save' : 'nft list ruleset inet';
    expect(ns.sh(list)).toMatch(/192\.0\.2\.7 /);
    await wait(1600);
    expect(ns.sh(list)).not.toMatch(/192\.0\.2\.([079])\b/);
    expect(ns.sh(list)).toContain('192.0.2.8');
    expect(await action.unban([ticket('192.0.2.7'), ticket('192.0.2.0/30')])).toEqual([null, null]);
    await action.stop();
    expect(log.filter((record) => record.level === 'ERROR')).toEqual([]);
  });

  it.each(['nftables', 'ipset'])('%s: a prolonged ban lasts longer, also for ever, and for a time that the kernel cannot count', async (jail) => {
    const { action } = rig(jail);
    const seconds = (): number => {
      const said = ns.sh(jail === 'ipset' ? 'ipset save' : 'nft -j list set inet bailiff nftables-addresses-4');
      return Number((/192\.0\.2\.7 timeout (\d+)/.exec(said) ?? /"timeout": (\d+)/.exec(said))?.[1] ?? 0);
    };
    await action.start();
    await action.ban([ticket('192.0.2.7', 100)]);
    expect(seconds()).toBeGreaterThan(95);
    expect(seconds()).toBeLessThanOrEqual(100);
    await action.prolong([ticket('192.0.2.7', 5000)]);
    expect(seconds()).toBeGreaterThan(4990);
    await action.prolong([ticket('192.0.2.7', 40_000_000)]);
    expect([0, 39_999_999, 40_000_000]).toContain(seconds());
    await action.prolong([ticket('192.0.2.7', -1)]);
    expect(seconds()).toBe(0);
    expect(ns.sh(jail === 'ipset' ? 'ipset save' : 'nft list ruleset inet')).toContain('192.0.2.7');
    await action.stop();
  });
});

test('a port that is none ("default", as the panel fills it in) fails at the ban, which says so', async () => {
  const { action, log } = rig('placeholder');
  const [result] = await action.ban([ticket('192.0.2.7')]);
  expect(result?.message).toMatch(/^Error starting action/);
  expect(log.map((record) => record.message).join('\n')).toContain("invalid port/service `default' specified");
  await action.stop();
});

describe('a mail', () => {
  const runner = systemRunner(systemClock);

  it('has the matched lines in its body, word for word, and headers that no text from a log can change', async () => {
    const canary = path.join(folder.path, 'canary');
    const lines = [`Failed password for $(touch ${canary}) from 192.0.2.7`, '.', 'Bcc: everybody@example.com', "it's \"quoted\" \\n %s `id` größer"];
    const hostile = 'x\nBcc: victim@example.com\r\n\r\nbody';
    const { action, log } = rig('mail', runner);
    await action.start();
    expect(action.norestored).toBe(true);
    expect(await action.ban([banTicket('192.0.2.7', { data: { failures: 5, matches: lines } }), banTicket(hostile, { bantime: -1 })])).toEqual([null, null]);
    const text = readFileSync(mail, 'utf8');
    const [first = '', second = ''] = text.split(/^(?=Subject: )/m);
    const [head = '', ...body] = first.split('\n\n');
    expect(head.split('\n')).toEqual([
      'Subject: [Fail2Ban] wp-login: banned 192.0.2.7 from host.example.com',
      expect.stringMatching(/^Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$/),
      'From: "Fail2Ban" <fail2ban>',
      'To: name@domain.com',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset=utf-8',
      'Content-Transfer-Encoding: 8bit',
      'Auto-Submitted: auto-generated',
    ]);
    expect(body.join('\n\n')).toContain(`\n\n${lines.join('\n')}\n`);
    expect(body[0]).toBe('192.0.2.7 was banned after 5 attempts against wp-login.\nThe ban ends after 600 seconds.');
    expect(second.split('\n')[0]).toBe('Subject: [Fail2Ban] wp-login: banned xBcc: victim@example.combody from host.example.com');
    expect(second.split('\n\n')[0]).not.toMatch(/^Bcc:/m);
    expect(second).toContain('The ban does not end by itself.');
    expect(() => readFileSync(canary)).toThrow('ENOENT');
    expect(log.filter((record) => record.level === 'ERROR')).toEqual([]);
  });

  it('shows an id that would be read as another subject, or steer who reads it, as it is and in one line', async () => {
    const word = `=?utf-8?B?${Buffer.from('All is well').toString('base64')}?=`;
    const steering = '\u001b]0;t\u0007\u009b31m\u202etxt.\u2066\u200f\u2028';
    const { action } = rig('mail', runner);
    await action.ban([banTicket(`${word} =\r\n?utf-8?Q?x?= größer ${steering}`, { data: { failures: 1, matches: [`a\tb ${steering} größer`] } })]);
    const text = readFileSync(mail, 'utf8').split(/^(?=Subject: )/m).at(-1) ?? '';
    const [head = '', ...body] = text.split('\n\n');
    const subject = head.split('\n')[0] ?? '';
    expect(subject).toMatch(/^Subject: \[Fail2Ban\] wp-login: banned = \?utf-8\?B\?\S+ \?= = \?utf-8\?Q\?x\?= gr\?\?\?\?er /);
    expect(head).not.toContain('=?');
    expect(head).toMatch(/^[\n -~]*$/);
    expect(body.join('\n\n')).toContain('a\tb ?]0;t??31m?txt.??? größer\n');
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/);
  });
});
