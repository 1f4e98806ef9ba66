/** Python's \d takes digits of every script, so an offender may be named in full-width ones. As the original, a server bans that text; no firewall takes it, nobody else is hit, and nothing is tried for ever. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { TestServer } from '../../support/bailiff-server';
import { networkNamespace } from '../../support/network-namespace';
import { waitFor } from '../../support/two-hosts';

/** 203.0.113.66 in digits of two other scripts. */
const FOREIGN = ['２０３.０.１１３.６６', '٢٠٣.٠.١١٣.٦٦'];
/** Milliseconds without an error after which nothing is tried any more: a try takes a hundredth of that. */
const QUIET = 3000;
const PLAIN = ['203.0.113.7', '2001:db8::7'];
const ns = networkNamespace();
const server = new TestServer(ns);
const JAILS = {
  ours: 'ours-nftables[name=ours, type=allports, protocol=all]',
  stock: 'nftables-multiport[name=stock, port=ssh]',
  multi: 'iptables-multiport[name=multi, port=ssh]',
  setjail: 'iptables-ipset-proto6-allports[name=setjail]',
};
const NAMES = Object.keys(JAILS) as (keyof typeof JAILS)[];

function ruleset(): string {
  return ns.sh('{ nft list ruleset; iptables-save; ip6tables-save; ipset save; } 2>/dev/null || true');
}
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const errors = (): number => (server.log.match(/ (?:ERROR|CRITICAL) /g) ?? []).length;

beforeAll(async () => {
  cpSync('/etc/fail2ban/action.d', server.path('config/action.d'), { recursive: true });
  cpSync(path.resolve(__dirname, '../../../config/action.d/nftables.conf'), server.path('config/action.d/ours-nftables.conf'));
  mkdirSync(server.path('logs'));
  for (const jail of NAMES) writeFileSync(server.path(`logs/${jail}.log`), '');
  const sections = NAMES.map((jail) => `[${jail}]\nlogpath = ${server.path('logs')}/${jail}.log\naction = ${JAILS[jail]}\n`);
  server.jails(`protocol = tcp\nchain = INPUT\n${sections.join('')}`);
  await server.start(...NAMES);
}, 120_000);
afterAll(async () => {
  await server.remove();
  ns.remove();
});

const banned = (jail: string): string => server.client('get', jail, 'banip').text;
/** How often each plain address stands in the firewall. */
const standing = (): number =>
  PLAIN.reduce((sum, id) => sum + ruleset().split(new RegExp(`\\b${id.replaceAll('.', '\\.')}\\b`)).length - 1, 0);

it('bans the others, and each foreign one as the text that it is', async () => {
  for (const jail of NAMES) for (const id of [...FOREIGN, ...PLAIN]) server.fail(`logs/${jail}.log`, id, 2);
  for (const jail of NAMES) await waitFor(`bans of ${jail}`, () => [...FOREIGN, ...PLAIN].every((id) => banned(jail).includes(id)), 60);
  await waitFor('the firewall', () => standing() >= PLAIN.length * NAMES.length, 60);
  const text = ruleset();
  for (const wrong of ['203.0.113.66', ...FOREIGN]) expect(text).not.toContain(wrong);
}, 180_000);

it('tries no firewall for ever', async () => {
  const another = async (id: string): Promise<void> => {
    for (const jail of NAMES) expect(server.client('set', jail, 'banip', id).code).toBe(0);
    await waitFor('the next bans', () => ruleset().split(id).length > NAMES.length, 60);
  };
  // Others that go well have them tried again twice, which is over when no error comes any more.
  for (const last of [10, 11, 12, 13]) await another(`203.0.113.${last}`);
  let [before, since] = [errors(), performance.now()];
  const isOver = (): boolean => {
    if (errors() !== before) [before, since] = [errors(), performance.now()];
    return performance.now() - since > QUIET;
  };
  await waitFor('the end of the tries', isOver, 60);
  expect(before).toBeGreaterThan(0);
  for (const last of [14, 15]) await another(`203.0.113.${last}`);
  await wait(QUIET);
  expect(errors()).toBe(before);
}, 180_000);

it('puts the others back after a flush, and ends the foreign ones by their own text', async () => {
  ns.sh('nft flush ruleset; iptables -F; ip6tables -F; ipset flush');
  await waitFor('the bans again', () => standing() >= PLAIN.length * NAMES.length, 60);
  for (const jail of NAMES) {
    expect(server.client('set', jail, 'unbanip', ...FOREIGN).code).toBe(0);
    expect(banned(jail)).toContain(PLAIN[0]);
    for (const id of FOREIGN) expect(banned(jail)).not.toContain(id);
  }
  expect(standing()).toBeGreaterThanOrEqual(PLAIN.length * NAMES.length);
}, 180_000);
