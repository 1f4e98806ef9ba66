// Bans: from a line to the command, thousands at once into nftables, and a restart with all of them, in a network namespace of its own.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median, percentile95 } from '../figures.mjs';
import { startServer, until } from '../servers.mjs';

const { SocketClient } = createRequire(import.meta.url)('../../../dist/contracts/socket/client.js');
const root = path.resolve(import.meta.dirname, '../../..');
const MANY = Number(process.env.BENCH_BANS ?? 10_000);
/** Through our own action, and over a restart. */
const MOST = MANY * 5;
/** The original is given so many, and its time is multiplied: it takes longer for each the more there are. */
const THEIRS = Math.min(MANY, 500);
const LINES = 40;
/** Addresses in one command. */
const AT_ONCE = 10_000;

const addresses = (count) => Array.from({ length: count }, (_, at) => `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);

/** A namespace with a folder of configuration; the jails are `stock`, `ours`, `line`. */
function world() {
  const folder = mkdtempSync(path.join(tmpdir(), 'bailiff-bench-'));
  const name = `bailiff-bench-${process.pid}`;
  const ip = (...args) => spawnSync('ip', args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  ip('netns', 'add', name);
  ip('netns', 'exec', name, 'ip', 'link', 'set', 'lo', 'up');
  const config = path.join(folder, 'config');
  spawnSync('cp', ['-r', '/etc/fail2ban', config]);
  spawnSync('rm', ['-rf', path.join(config, 'jail.d')]);
  mkdirSync(path.join(config, 'jail.d'));
  spawnSync('cp', [path.join(root, 'config/action.d/nftables.conf'), path.join(config, 'action.d/ours.conf')]);
  // In a folder of its own, as logs and databases of servers are.
  const log = path.join(folder, 'logs/line.log');
  const acts = path.join(folder, 'acts');
  mkdirSync(path.dirname(log));
  writeFileSync(log, '');
  writeFileSync(acts, '');
  writeFileSync(path.join(folder, 'none.log'), '');
  writeFileSync(path.join(config, 'filter.d/line.conf'), '[Definition]\nfailregex = ^\\s*fail from <HOST>$\n');
  writeFileSync(path.join(config, 'action.d/clock.conf'), `[Definition]\nactionban = date '+<ip> %%s%%N' >> ${acts}\n`);
  writeFileSync(
    path.join(config, 'fail2ban.local'),
    `[Definition]\ndbfile = ${path.join(folder, 'db.sqlite3')}\nlogtarget = ${path.join(folder, 'server.log')}\n`,
  );
  const jail = (title, file, action) =>
    `[${title}]\nenabled = true\nfilter = line\nlogpath = ${file}\nmaxretry = 1\nbantime = 1d\nbackend = auto\naction = ${action}\n`;
  return {
    folder,
    config,
    log,
    acts,
    name,
    jails(which) {
      const none = path.join(folder, 'none.log');
      const texts = {
        stock: jail('stock', none, 'nftables-multiport[name=stock, port="ssh,http"]'),
        ours: jail('ours', none, 'ours[name=ours, type=allports, protocol=all]'),
        line: jail('line', log, 'clock'),
      };
      writeFileSync(path.join(config, 'jail.local'), texts[which]);
    },
    /** Whether an address stands in the set of a jail. */
    holds: (set, address) => ip('netns', 'exec', name, 'nft', 'get', 'element', ...set, `{ ${address} }`).status === 0,
    count: (set) => (ip('netns', 'exec', name, 'nft', 'list', 'set', ...set).stdout.match(/\d+\.\d+\.\d+\.\d+/g) ?? []).length,
    remove() {
      ip('netns', 'del', name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const STOCK_SET = ['inet', 'f2b-table', 'addr-set-stock'];
const OUR_SET = ['inet', 'bailiff', 'ours-addresses-4'];
const seconds = (from) => (performance.now() - from) / 1000;

/** A server whose jail runs. */
async function started(which, place, jail) {
  const server = await startServer(which, place.config, place.folder, place.name);
  await until(() => server.ask('status', jail).includes('Total failed'), 30);
  return server;
}

/** Told over the socket itself: the start of a client program is nothing that a server can help. */
async function ban(server, place, jail, set, list) {
  const client = new SocketClient({ path: server.socket, timeout: 600 });
  const from = performance.now();
  for (let at = 0; at < list.length; at += AT_ONCE) await client.send(['set', jail, 'banip', ...list.slice(at, at + AT_ONCE)]);
  await until(() => place.holds(set, list.at(-1)), 600, 50);
  const took = seconds(from);
  const stands = place.count(set);
  if (stands !== list.length) throw new Error(`${stands} of ${list.length} bans stand in ${set.join(' ')}`);
  return took;
}

async function banMany(which, jail, set, list) {
  const place = world();
  try {
    place.jails(jail);
    const server = await started(which, place, jail);
    const took = await ban(server, place, jail, set, list);
    const plain = await restart(which, place, server, set, list, []);
    const kept =
      which === 'bailiff' && jail === 'ours' ? await restart(which, place, plain.server, set, list, ['stop', '--keep-bans']) : plain;
    await kept.server.stop();
    return { took, plain, kept };
  } finally {
    place.remove();
  }
}

/** Stops and starts again: seconds from the start until all bans stand, and the fewest that stood meanwhile. */
async function restart(which, place, running, set, list, words) {
  await running.stop(...words);
  const left = place.count(set);
  const from = performance.now();
  const server = await startServer(which, place.config, place.folder, place.name);
  await until(() => place.holds(set, list.at(-1)) && place.holds(set, list[0]), 600, 50);
  const took = seconds(from);
  await until(() => place.count(set) === list.length, 600, 100);
  return { server, took: Math.max(took, 0), fewest: left };
}

/** Milliseconds from the line to the command, of many lines one after the other. */
async function latencies(which, lines) {
  const place = world();
  try {
    place.jails('line');
    const server = await started(which, place, 'line');
    const told = () =>
      readFileSync(place.acts, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => line !== '');
    const took = [];
    const log = openSync(place.log, 'a');
    const now = () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1e6));
    for (let at = 0; at < lines + 2; at++) {
      const line = `${new Date().toISOString().slice(0, 19)}Z fail from 192.0.2.${at + 1}\n`;
      const before = now();
      writeSync(log, line);
      await until(() => told().length > at, 30, 5);
      took.push(Number(BigInt(told()[at].split(' ')[1]) - before) / 1e6);
      await new Promise((resolve) => setTimeout(resolve, 30 + ((at * 37) % 200)));
    }
    closeSync(log);
    await server.stop();
    return took.slice(2);
  } finally {
    place.remove();
  }
}

const row = (key, title, unit, atMost, peer = 'fail2ban-server') => ({
  key,
  title,
  unit,
  peer,
  better: 'less',
  bars: [{ of: 'ours', atMost }],
});

export const measure = {
  name: 'bans',
  order: 30,
  rows: [
    row('median', 'line to ban command, median', 'ms', 10),
    row('late', 'line to ban command, 95th of 100', 'ms', 20),
    row('stock', `${MANY} bans through nftables-multiport`, 's', 2),
    row('ours', `${MOST} bans through our nftables (peer: multiport)`, 's', 2),
    row('restart', `restart with ${MOST} bans, all back`, 's', 3),
    row('without', 'bans not in the firewall while it restarts with ours', 'bans', 0, null),
  ],
  async sample() {
    const [ourLines, theirLines] = [await latencies('bailiff', LINES), await latencies('fail2ban', LINES / 2)];
    const theirs = await banMany('fail2ban', 'stock', STOCK_SET, addresses(THEIRS));
    const stock = await banMany('bailiff', 'stock', STOCK_SET, addresses(MANY));
    const ours = await banMany('bailiff', 'ours', OUR_SET, addresses(MOST));
    const times = (took, count) => (took * count) / THEIRS;
    return {
      median: { ours: median(ourLines), peer: median(theirLines) },
      late: { ours: percentile95(ourLines), peer: percentile95(theirLines) },
      stock: { ours: stock.took, peer: times(theirs.took, MANY) },
      ours: { ours: ours.took, peer: times(theirs.took, MOST) },
      restart: { ours: ours.plain.took, peer: times(theirs.plain.took, MOST) },
      without: { ours: MOST - ours.kept.fewest, peer: null },
    };
  },
};
