/** One contract, two stores: what is promised by BanStore holds on SQLite and in memory alike. */
import path from 'node:path';
import { manualClock } from '../../support/clock';
import { openStore } from '../../../src/contracts/database/open-store';
import { silentLogger } from '../../../src/base/logger';
import { temporaryFolder } from '../../support/folder';
import { banTicket } from '../../support/tickets';
import type { BanStore } from '../../../src/contracts/database/ban-store';

const NOW = 1_700_000_000;

describe.each(['SQLite', 'memory'])('the store on %s', (kind) => {
  const folder = temporaryFolder();
  let store: BanStore;
  let count = 0;

  beforeEach(async () => {
    const file = kind === 'memory' ? ':memory:' : path.join(folder.path, `bans-${count++}.sqlite3`);
    store = await openStore(file, { clock: manualClock(NOW), logger: silentLogger });
    await store.addJail('sshd');
    await store.addJail('web');
  });
  afterEach(() => store.close());
  afterAll(() => folder.remove());

  it('gives back the bans in force, ordered by id, with their data', async () => {
    const data = { failures: 3, matches: ['line', ['', '2023-11-14', ' fail bób']] as const, captured: { user: 'bób', users: ['a', 'b'] } };
    await store.recordBans('sshd', [
      banTicket('192.0.2.9', { time: NOW - 10.5, bancount: 2, data }),
      banTicket('192.0.2.10', { time: NOW - 700 }),
      banTicket('192.0.2.1', { time: NOW - 9000, bantime: -1 }),
    ]);
    const bans = await store.currentBans('sshd', NOW, null);
    expect(bans.map((ban) => ban.id)).toEqual(['192.0.2.1', '192.0.2.9']);
    expect(bans[1]).toEqual({ id: '192.0.2.9', time: NOW - 10, bantime: 600, bancount: 2, restored: true, data });
    expect(await store.currentBans('web', NOW, null)).toEqual([]);
  });

  it('gives back only bans that began within the time asked for', async () => {
    await store.recordBans('sshd', [
      banTicket('192.0.2.1', { time: NOW - 100, bantime: 5000 }),
      banTicket('192.0.2.2', { time: NOW - 10, bantime: 5000 }),
    ]);
    expect((await store.currentBans('sshd', NOW, 50)).map((ban) => ban.id)).toEqual(['192.0.2.2']);
  });

  it('rounds the time of a ban with a half to the even second, and keeps fractions of its length', async () => {
    await store.recordBans('sshd', [banTicket('a', { time: NOW + 0.5, bantime: 1200.25 }), banTicket('b', { time: NOW + 1.5 })]);
    const bans = await store.currentBans('sshd', NOW, null);
    expect(bans.map((ban) => ban.time)).toEqual([NOW, NOW + 2]);
    expect(bans[0]?.bantime).toBe(1200.25);
  });

  it('gives a ban another length and other data in its place, and writes one that was not written', async () => {
    const data = { failures: 2, matches: ['line'], captured: { user: 'bob' } };
    await store.recordBans('sshd', [banTicket('192.0.2.1', { time: NOW - 50.2, bantime: 600, bancount: 3, data })]);
    const longer = { ...data, captured: { user: 'bob', ownbantime: 'yes' } };
    await store.changeBans('sshd', [
      banTicket('192.0.2.1', { time: NOW - 50.2, bantime: 9000, bancount: 3, data: longer }),
      banTicket('192.0.2.2', { time: NOW - 5, bantime: -1 }),
    ]);
    expect((await store.currentBans('sshd', NOW, null)).map((ban) => [ban.id, ban.time, ban.bantime, ban.bancount, ban.data])).toEqual([
      ['192.0.2.1', NOW - 50, 9000, 3, longer],
      ['192.0.2.2', NOW - 5, -1, 1, banTicket('x', {}).data],
    ]);
    expect(await store.mergedBans('192.0.2.1', null)).toEqual({ matches: ['line'], failures: 2 });
  });

  it('replaces the current ban of an id and sums earlier ones over all jails', async () => {
    await store.recordBans('sshd', [banTicket('192.0.2.1', { time: NOW - 50, bantime: 600, bancount: 1 })]);
    await store.recordBans('sshd', [banTicket('192.0.2.1', { time: NOW - 20, bantime: 1200, bancount: 2 })]);
    await store.recordBans('web', [banTicket('192.0.2.1', { time: NOW - 30, bantime: 60, bancount: 5 })]);
    expect(await store.earlierBans('192.0.2.1', 'sshd')).toEqual({ bancount: 2, time: NOW - 20, bantime: 1200 });
    expect(await store.earlierBans('192.0.2.1', null)).toEqual({ bancount: 7, time: NOW - 20, bantime: 1260 });
    expect(await store.earlierBans('192.0.2.2', 'sshd')).toBeNull();
    expect(await store.earlierBans('192.0.2.2', null)).toBeNull();
  });

  it('merges the lines of all bans of an id, oldest first, and no more than it may', async () => {
    store.maxMatches = 3;
    await store.recordBans('sshd', [banTicket('192.0.2.1', { time: NOW - 50, data: { failures: 2, matches: ['1', '2'] } })]);
    await store.recordBans('web', [banTicket('192.0.2.1', { time: NOW - 20, data: { failures: 3, matches: [['', '3', ''], '4'] } })]);
    expect(await store.mergedBans('192.0.2.1', null)).toEqual({ matches: ['2', '3', '4'], failures: 5 });
    expect(await store.mergedBans('192.0.2.1', 'sshd')).toEqual({ matches: ['1', '2'], failures: 2 });
    expect(await store.mergedBans('192.0.2.7', null)).toEqual({ matches: [], failures: 0 });
  });

  it('keeps no lines when it may keep none', async () => {
    store.maxMatches = 0;
    await store.recordBans('sshd', [banTicket('a', { data: { failures: 4, matches: ['secret'] } })]);
    expect((await store.currentBans('sshd', NOW, null))[0]?.data).toEqual({ failures: 4, matches: [], captured: {} });
  });

  it('forgets bans by id, by jail and all of them', async () => {
    for (const jail of ['sshd', 'web']) await store.recordBans(jail, [banTicket('a'), banTicket('b'), banTicket('c')]);
    expect(await store.forgetBans('sshd', ['a', 'nobody'])).toBe(1);
    expect(await store.forgetBans(null, ['b'])).toBe(2);
    expect((await store.currentBans('web', NOW, null)).map((ban) => ban.id)).toEqual(['a', 'c']);
    expect(await store.forgetBans('web', null)).toBe(2);
    expect(await store.mergedBans('c', null)).toEqual({ matches: [], failures: 1 });
    expect(await store.forgetBans(null, null)).toBe(1);
  });

  it('keeps the position in a log until the log is forgotten', async () => {
    expect((await store.logPositions('sshd')).get('/var/log/auth.log')).toBeUndefined();
    await store.saveLogPositions('sshd', new Map([['/var/log/auth.log', { firstLineHash: 'abc', position: 5_000_000_000 }]]));
    await store.saveLogPositions('sshd', new Map([['/var/log/auth.log', { firstLineHash: '', position: 5_000_000_001 }]]));
    expect((await store.logPositions('sshd')).get('/var/log/auth.log')).toEqual({ firstLineHash: '', position: 5_000_000_001 });
    expect((await store.logPositions('web')).get('/var/log/auth.log')).toBeUndefined();
    await store.forgetLog('sshd', '/var/log/auth.log');
    expect((await store.logPositions('sshd')).get('/var/log/auth.log')).toBeUndefined();
  });

  it('keeps what was counted up to the positions, each id once, and forgets whom it is told to', async () => {
    const counted = (id: string, time: number, retry: number) => ({
      id,
      time,
      firstTime: time - 10.5,
      retry,
      data: {
        failures: retry + 1,
        matches: ['line\0', ['', '2023-11-14', ` fail ${id}`]] as const,
        captured: { user: 'bób', users: ['a'] },
      },
    });
    const at = new Map([['/var/log/auth.log', { firstLineHash: 'abc', position: 7 }]]);
    await store.saveLogPositions('sshd', at, { anew: false, counted: [counted('a', NOW, 1), counted('b\0', NOW - 50, 2)], gone: ['c'] });
    await store.saveLogPositions('web', new Map(), { anew: false, counted: [counted('a', NOW, 4)], gone: [] });
    await store.saveLogPositions('sshd', new Map(), { anew: false, counted: [counted('a', NOW + 1, 2), counted('c', NOW, 1)], gone: [] });
    const known = async (before = 0) => [...(await store.countedFailures('sshd', before))].sort((x, y) => (x.id < y.id ? -1 : 1));
    expect(await known()).toEqual([counted('a', NOW + 1, 2), counted('b\0', NOW - 50, 2), counted('c', NOW, 1)]);
    expect((await known(NOW - 50)).map(({ id }) => id)).toEqual(['a', 'c']);
    await store.saveLogPositions('sshd', new Map(), { anew: false, counted: [], gone: ['b\0', 'c', 'nobody'] });
    expect(await known()).toEqual([counted('a', NOW + 1, 2)]);
    await store.saveLogPositions('sshd', new Map(), { anew: true, counted: [counted('d', NOW, 1)], gone: [] });
    expect(await known()).toEqual([counted('d', NOW, 1)]);
    expect(await store.countedFailures('web', 0)).toEqual([counted('a', NOW, 4)]);
    expect((await store.logPositions('sshd')).get('/var/log/auth.log')).toEqual({ firstLineHash: 'abc', position: 7 });
    expect(await store.heldLines('sshd')).toBeNull();
    await store.saveLogPositions('sshd', new Map(), null, 'bób\0');
    expect(await store.heldLines('sshd')).toBe('bób\0');
    await store.saveLogPositions('sshd', at, null, null);
    expect([await store.heldLines('sshd'), await store.heldLines('web')]).toEqual(['bób\0', null]);
    store.purgeAge = 100;
    await store.purge(NOW + 200);
    expect(await known()).toEqual([]);
  });

  it('purges what is old, but no permanent ban and no offender whose last ban counts still', async () => {
    store.purgeAge = 1000;
    await store.recordBans('sshd', [
      banTicket('old', { time: NOW - 5000, bantime: 600 }),
      banTicket('long', { time: NOW - 5000, bantime: 2000 }),
      banTicket('permanent', { time: NOW - 5000, bantime: -1 }),
      banTicket('young', { time: NOW - 900, bantime: 60 }),
    ]);
    await store.purge(NOW);
    expect(await store.earlierBans('old', 'sshd')).toBeNull();
    for (const id of ['long', 'permanent', 'young']) expect(await store.earlierBans(id, 'sshd')).not.toBeNull();
    expect((await store.mergedBans('long', null)).failures).toBe(0);
    expect((await store.mergedBans('young', null)).failures).toBe(1);
  });

  it('purges jails that are not enabled and have no bans, with the positions of their logs', async () => {
    const positions = new Map([['/var/log/x', { firstLineHash: 'h', position: 1 }]]);
    await store.saveLogPositions('sshd', positions);
    await store.saveLogPositions('web', positions);
    await store.recordBans('web', [banTicket('a', { bantime: -1 })]);
    await store.disableAllJails();
    await store.purge(NOW);
    expect((await store.logPositions('sshd')).get('/var/log/x')).toBeUndefined();
    expect((await store.logPositions('web')).get('/var/log/x')).toBeDefined();
    await store.addJail('web');
    await store.forgetBans('web', null);
    await store.purge(NOW);
    expect((await store.logPositions('web')).get('/var/log/x')).toBeDefined();
    await store.removeJail('web');
    await store.purge(NOW);
    expect((await store.logPositions('web')).get('/var/log/x')).toBeUndefined();
  });
});
