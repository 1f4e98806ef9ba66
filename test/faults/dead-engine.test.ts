/** The engine is dead and nobody starts it again: the kernel itself ends the bans of our nftables action when their time is over, and no others. */
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { TestServer } from '../support/bailiff-server';
import { networkNamespace } from '../support/network-namespace';
import { waitFor } from '../support/two-hosts';

const ns = networkNamespace();
const server = new TestServer(ns);

afterAll(async () => {
  await server.remove();
  ns.remove();
});

/** Addresses and ranges that the firewall bans now, for the given jail. */
function banned(jail: string): readonly string[] {
  const text = ns.sh(`for set in addresses-4 ranges-4 addresses-6; do nft list set inet bailiff ${jail}-$set; done`);
  return Array.from(text.matchAll(/(\d+\.\d+\.\d+\.\d+(?:\/\d+)?|2001:db8::\d+)(?=[ ,])/g), ([, id = '']) => id).sort();
}

test('bans end in the kernel after a kill, each at its own time; permanent and longer ones stand', async () => {
  copyFileSync(path.resolve(__dirname, '../../config/action.d/nftables.conf'), server.path('config/action.d/ours-nftables.conf'));
  server.write('a.log', '');
  const jail = (name: string, bantime: string): string =>
    `[${name}]\nlogpath = ${server.path('a.log')}\nbantime = ${bantime}\naction = ours-nftables[name=${name}, type=allports, protocol=all]\n`;
  server.jails(jail('short', '12') + jail('long', '1d') + jail('ever', '-1'));
  await server.start('short', 'long', 'ever');
  const all = ['192.0.2.1', '192.0.2.2', '2001:db8::1'];
  for (const id of all) server.fail('a.log', id, 2);
  for (const name of ['short', 'long', 'ever']) {
    await waitFor(`the bans of ${name}`, () => server.log.split(`[${name}] Ban `).length - 1 === all.length);
  }
  expect(server.client('set', 'short', 'banip', '198.51.100.0/24').code).toBe(0);
  expect(banned('short')).toContain('198.51.100.0/24');
  await server.end('SIGKILL');
  const table = ns.sh('nft list ruleset');
  await waitFor('the end of the short bans', () => banned('short').length === 0, 60);
  for (const name of ['long', 'ever']) expect(banned(name)).toEqual(all);
  // Only the bans went: rules, chains and sets are as they were.
  const rules = (text: string): string =>
    text
      .replace(/elements = \{[^}]*\}\n?/g, '')
      .replace(/\d+ (packets|bytes)/g, '$1')
      .replace(/\s+/g, ' ');
  expect(rules(ns.sh('nft list ruleset'))).toBe(rules(table));
}, 120_000);
