import { rmSync } from 'node:fs';
import { openStore } from '../src/contracts/database/open-store';
import { silentLogger } from '../src/base/logger';
import { systemClock } from '../src/base/clock';
import { openGeo } from '../src/panel/control/geo/open-geo';
import { createBanBoard } from '../src/panel/control/bans/board';
import { manualBansInMemory } from '../src/panel/control/bans/manual-bans';
import { TinyControl } from './support/control';
it('x', async () => {
  rmSync('/tmp/zz.sqlite3', { force: true });
  const now = Math.floor(Date.now() / 1000);
  const users = ['root','admin','bob','alice','postgres','test','oracle','git'];
  let seed = 7; const rnd = (n: number) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
  const bans = Array.from({ length: 100000 }, (_, i) => ({ jail: `jail${i % 12}`, id: i % 7 === 0 ? `2001:db8:${(i >> 8).toString(16)}::${(i & 255).toString(16)}` : `${1 + rnd(220)}.${rnd(256)}.${i >> 8 & 255}.${i & 255}`, time: now - rnd(600000), bantime: i % 20 === 0 ? -1 : 604800 }));
  const store = await openStore('/tmp/zz.sqlite3', { clock: systemClock, logger: silentLogger });
  for (let j = 0; j < 12; j++) { await store.addJail(`jail${j}`); await store.recordBans(`jail${j}`, bans.filter((b) => b.jail === `jail${j}`).map((b) => ({ ...b, bancount: 1 + rnd(5), restored: false, data: { failures: 5, captured: { user: users[rnd(8)]! }, matches: Array.from({ length: 5 }, (_, k) => `Nov 25 23:59:0${k} host sshd[${rnd(99999)}]: Failed password for ${users[rnd(8)]} from ${b.id} port ${rnd(65000)} ssh2`) } }))); }
  await store.close();
  const geo = await openGeo({ folder: '/tmp/zzgeo', clock: systemClock, logger: silentLogger }); await geo.ready;
  const control = new TinyControl(Array.from({ length: 12 }, (_, j) => ({ name: `jail${j}` })), bans);
  const byJail = new Map<string, typeof bans>(); for (const b of bans) { const l = byJail.get(b.jail) ?? []; l.push(b); byJail.set(b.jail, l); }
  control.bannedIn = async (j: string) => byJail.get(j) ?? [];
  const board = createBanBoard({ control, geo, clock: systemClock, logger: silentLogger, manual: manualBansInMemory(), database: '/tmp/zz.sqlite3' });
  const mem0 = process.memoryUsage();
  const t0 = performance.now(); await board.counts(); console.log('first', performance.now() - t0);
  const mem1 = process.memoryUsage(); console.log('MB heap', (mem1.heapUsed - mem0.heapUsed) / 1e6, 'rss', (mem1.rss - mem0.rss) / 1e6);
  const times: [number, string][] = [];
  const searches = ['', '', '192.0.2.0/8', bans[5]!.id, '2001:db8::/32', 'jail3', 'germany', 'US', 'user:root', 'Google', 'port 6', 'Failed password', 'zzz nothing'];
  for (let r = 0; r < 3; r++) for (const sort of ['address', 'jail', 'country', 'since', 'left', 'failures', 'times'] as const) for (const search of searches) {
    const t = performance.now(); const l = await board.list({ search, jail: null, country: null, sort, descending: r % 2 === 0, page: 1 + r * 3, pageSize: 50 }); times.push([performance.now() - t, `${sort} ${search} ${l.total} r${r}`]);
  }
  times.sort((a, b) => a[0] - b[0]);
  console.log('n', times.length, 'p50', times[times.length >> 1], 'p95', times[Math.floor(times.length * 0.95)], 'worst', times.slice(-25));
  await board.close();
}, 300000);
