/** `bailiff rescue`, beside a real server and a real firewall: everybody who was banned gets through, whether the server answers or hangs. */
import { spawnSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import path from 'node:path';
import { TestServer } from '../support/bailiff-server';
import { networkNamespace } from '../support/network-namespace';
import { waitFor } from '../support/two-hosts';

const root = path.resolve(__dirname, '../..');
const ns = networkNamespace();
const server = new TestServer(ns);
const STANDING = 'nft list table inet bailiff 2>/dev/null; iptables -S f2b-multi 2>/dev/null; true';

function rescue(...words: readonly string[]): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const place = [
    '--conf',
    server.path('config'),
    '--socket',
    server.socket,
    '--pidfile',
    server.path('f2b.pid'),
    '--home',
    server.path('home'),
  ];
  const args = [path.join(root, 'dist/bin/bailiff.js'), 'rescue', ...place, '--daemon', 'direct', '--enforce', ...words];
  const { status, stdout, stderr } = spawnSync('ip', ['netns', 'exec', ns.name, process.execPath, ...args], { encoding: 'utf8' });
  return { code: status, stdout, stderr };
}

beforeEach(async () => {
  cpSync('/etc/fail2ban/action.d', server.path('config/action.d'), { recursive: true });
  cpSync(path.join(root, 'config/action.d/nftables.conf'), server.path('config/action.d/ours-nftables.conf'));
  server.write('a.log', '');
  const actions = { ours: 'ours-nftables[name=ours, type=allports, protocol=all]', multi: 'iptables-multiport[name=multi, port=ssh]' };
  const jails = Object.entries(actions).map(([name, action]) => `[${name}]\nlogpath = ${server.path('a.log')}\naction = ${action}\n`);
  server.jails(`protocol = tcp\nchain = INPUT\n${jails.join('')}`);
  await server.start('ours', 'multi');
  for (const jail of Object.keys(actions)) expect(server.client('set', jail, 'banip', '192.0.2.1', '192.0.2.2').code).toBe(0);
  await waitFor('the bans', () => (ns.sh(STANDING).match(/192\.0\.2\.[12]/g) ?? []).length === 4);
});
afterEach(() => server.end());
afterAll(async () => {
  await server.remove();
  ns.remove();
});

test('asks to be meant, then ends the server and clears the firewall; the database keeps the bans', async () => {
  const asked = rescue();
  expect([asked.code, asked.stderr]).toEqual([2, expect.stringContaining('rescue --yes')]);
  expect(server.client('ping').code).toBe(0);
  const done = rescue('--yes');
  expect(done).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('bailiff add-trusted') });
  expect(ns.sh(STANDING)).not.toContain('192.0.2.');
  expect(server.client('ping').code).not.toBe(0);
  await server.end();
  await server.start('ours', 'multi');
  await waitFor('the bans again', () => (ns.sh(STANDING).match(/192\.0\.2\.[12]/g) ?? []).length === 4);
}, 120_000);

test('a server that hangs is told with what ends it, and the firewall is clear all the same', async () => {
  process.kill(server.pid, 'SIGSTOP');
  try {
    const done = rescue('--yes');
    expect(done).toMatchObject({ code: 1, stderr: expect.stringMatching(/the server does not answer.*kill -9 \d+/) });
    expect(ns.sh(STANDING)).not.toContain('192.0.2.');
  } finally {
    process.kill(server.pid, 'SIGCONT');
  }
}, 180_000);
