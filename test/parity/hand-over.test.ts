/** Bans handed over on the same files, from the stock server to ours and back: the same in database, status and firewall. Needs root. */
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { networkNamespace } from '../support/network-namespace';
import { ServerSide } from '../support/server-side';
import { runProgram } from '../support/stock-server';

const COUNT = 500;
const IDS = Array.from({ length: COUNT }, (_, at) =>
  at % 5 === 0 ? `2001:db8::${(at + 1).toString(16)}` : `10.${at % 3}.${at >> 7}.${(at % 125) + 1}`,
);
const DATES = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g;
const NFT = "nft -j list ruleset | grep -oE '(10[.][0-9.]+|2001:db8:[0-9a-f:]+)' | sort -u";

const namespace = networkNamespace();
const inside = ['ip', 'netns', 'exec', namespace.name] as const;
const jail = {
  'jail.d/web.conf':
    '[web]\nenabled = true\nbantime = 1d\nlogpath = FOLDER/web.log\naction = nftables[type=multiport, name=web, port="80,443"]\n',
};
const stock = new ServerSide('stock', jail, inside);
const ours = new ServerSide('ours', jail, inside, stock.folder);

afterAll(async () => {
  await ours.stop();
  await stock.remove();
  namespace.remove();
});

interface Picture {
  readonly status: string;
  readonly banned: readonly string[];
  readonly firewall: readonly string[];
  readonly rows: readonly string[];
}

async function picture(side: ServerSide): Promise<Picture> {
  return {
    status: await side.call('status web short'),
    // The database keeps whole seconds, rounded: the times themselves are compared in its rows.
    banned: (await side.call('get web banip --with-time')).slice(2).replace(DATES, 'DATE').trim().split('\n').sort(),
    firewall: namespace.sh(NFT).trim().split('\n'),
    rows: side.rows(0).filter((row) => row.includes('"bans"') || row.includes('"bips"')),
  };
}

/** Rounds without any change after which nothing more is expected. */
const STILL = 100;

/** The picture when everything has been restored: waited for as long as something changes, however busy the machine is. */
async function settled(side: ServerSide): Promise<Picture> {
  let before = '';
  for (let still = 0; still < STILL; still++) {
    const status = await side.call('status web short');
    const inFirewall = namespace.sh(NFT).trim().split('\n').length;
    if (status.includes(`Currently banned:\t${COUNT}`) && inFirewall === COUNT) break;
    const now = `${inFirewall} ${status}`;
    if (now !== before) still = 0;
    before = now;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return picture(side);
}

test('500 bans go from the stock server to ours and back', async () => {
  cpSync('/etc/fail2ban/action.d', path.join(stock.folder, 'config/action.d'), { recursive: true });
  writeFileSync(path.join(stock.folder, 'web.log'), '');
  await stock.start(1);
  for (let at = 0; at < COUNT; at += 100) await stock.call(`set web banip ${IDS.slice(at, at + 100).join(' ')}`);
  const before = await settled(stock);
  expect(before.firewall).toHaveLength(COUNT);
  expect(before.rows).toHaveLength(2 * COUNT);
  await stock.stop();
  expect(namespace.succeeds('nft list ruleset | grep -q 10.0.0')).toBe(false);

  await ours.start(1);
  const taken = await settled(ours);
  expect({ ...taken, status: '' }).toEqual({ ...before, status: '' });
  expect(taken.status).toContain(`Currently banned:\t${COUNT}`);
  await ours.call('set web unbanip 2001:db8::1');
  await ours.call('set web banip 2001:db8::1');
  await ours.stop();
  expect(namespace.succeeds('nft list ruleset | grep -q 10.0.0')).toBe(false);

  await stock.start(1);
  const back = await settled(stock);
  expect(back.firewall).toEqual(before.firewall);
  expect(back.status).toContain(`Currently banned:\t${COUNT}`);
  const others = (rows: readonly string[]): readonly string[] => rows.filter((row) => !row.includes('"2001:db8::1"'));
  expect(others(back.rows)).toEqual(others(before.rows));
  expect(back.rows).toHaveLength(2 * COUNT);
  expect(runProgram('grep', ['-c', 'Restore Ban', path.join(stock.folder, 'fail2ban.log')]).stdout).toBe(`${2 * COUNT}\n`);
}, 400_000);
