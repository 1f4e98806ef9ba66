/** The list of bans over both servers: what a row tells, searching, sorting, paging, why somebody is banned, and when the list is read anew. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { silentLogger } from '../../../../src/base/logger';
import { NOWHERE, type Geo } from '../../../../src/panel/control/geo/geo';
import { createBanBoard, type OpenBanBoard } from '../../../../src/panel/control/bans/board';
import type { BanFilter, BanQuery } from '../../../../src/panel/control/bans/ban-board';
import { manualBansInMemory } from '../../../../src/panel/control/bans/manual-bans';
import { createTester } from '../../../../src/panel/control/tester/create-tester';
import { systemClock } from '../../../../src/base/clock';
import { systemRunner } from '../../../../src/base/process';
import { manualClock } from '../../../support/clock';
import { KINDS, runningServer, until, type RunningServer } from '../../../support/two-servers';

const geo: Geo = {
  locate: (id) =>
    id.startsWith('198.51.')
      ? { country: 'DE', asn: 64500, network: 'Beispiel Netz' }
      : id.startsWith('2001:')
        ? { ...NOWHERE, country: 'US' }
        : NOWHERE,
  networkName: () => null,
  attribution: [],
};

const FILES = {
  'jail.d/door.conf': '[door]\nenabled = true\nbantime = 1h\nlogpath = FOLDER/door.log\n',
  'jail.d/web.conf': '[web]\nenabled = true\nbantime = -1\nlogpath = FOLDER/web.log\n',
};

const ALL: BanFilter = { search: '', jail: null, country: null, sort: 'address', descending: false };
const query = (parts: Partial<BanQuery>): BanQuery => ({ ...ALL, page: 1, pageSize: 50, ...parts });

describe.each(KINDS)('over %s', (kind) => {
  let server: RunningServer;
  let board: OpenBanBoard;
  const manual = manualBansInMemory();
  const clock = manualClock(1_700_000_000);

  beforeAll(async () => {
    server = await runningServer(kind, FILES, 2, ['door.log', 'web.log']);
    const fail = (text: string): Promise<string> =>
      server.side.play({ at: 0, verb: 'write', jail: 'door', text, times: 1, offset: 0 }, Date.now() / 1000);
    await fail('user bob from 198.51.100.7');
    await fail('user 50%_"root from 198.51.100.7');
    await until('the ban of the log', async () => (await server.control.bannedIn('door')).length === 1);
    await server.control.ban('door', ['203.0.113.0/24', '192.0.2.9', '192.0.2.10']);
    await server.control.ban('web', ['2001:db8::5', '192.0.2.9']);
    await manual.putManualBan({ jail: 'web', id: '192.0.2.9', who: 'admin', time: 1, reason: 'Spam wave', until: 1_800_000_000 });
    await until('the database', () => server.side.rows(0).filter((row) => row.includes('"bips"')).length === 6);
    board = createBanBoard({ control: server.control, geo, clock, logger: silentLogger, manual });
  }, 60_000);
  afterAll(async () => {
    await board.close();
    await server.remove();
  });

  const ids = async (parts: Partial<BanQuery>): Promise<string[]> =>
    (await board.list(query(parts))).rows.map(({ jail, id }) => `${jail} ${id}`);

  it('tells of each ban what server, database, notebook and geography know', async () => {
    const { rows, total, pages, jails, countries } = await board.list(query({}));
    expect({ total, pages, jails, countries }).toEqual({ total: 6, pages: 1, jails: ['door', 'web'], countries: ['DE', 'US'] });
    expect(rows.map(({ jail, id }) => `${jail} ${id}`)).toEqual([
      'door 192.0.2.9',
      'web 192.0.2.9',
      'door 192.0.2.10',
      'door 198.51.100.7',
      'door 203.0.113.0/24',
      'web 2001:db8::5',
    ]);
    const byLog = rows[3];
    expect(byLog).toMatchObject({ bantime: 3600, failures: 2, timesBanned: 1, manual: null, place: { country: 'DE', asn: 64500 } });
    expect(Math.abs((byLog?.time ?? 0) - Date.now() / 1000)).toBeLessThan(120);
    expect(byLog?.end).toBe((byLog?.time ?? 0) + 3600);
    expect(rows[5]).toMatchObject({ bantime: -1, end: null, failures: 0, place: { country: 'US', asn: null } });
    expect(rows[1]).toMatchObject({ bantime: -1, end: 1_800_000_000, manual: { who: 'admin', reason: 'Spam wave', until: 1_800_000_000 } });
  });

  it.each<[string, readonly string[]]>([
    ['192.0.2.9', ['door 192.0.2.9', 'web 192.0.2.9']],
    ['192.0.2.0/24', ['door 192.0.2.9', 'web 192.0.2.9', 'door 192.0.2.10']],
    ['203.0.113.77', ['door 203.0.113.0/24']],
    ['203.0.113.0/24', ['door 203.0.113.0/24']],
    ['2001:DB8::/32', ['web 2001:db8::5']],
    ['WEB', ['web 192.0.2.9', 'web 2001:db8::5']],
    ['web 192.0.2.0/24', ['web 192.0.2.9']],
    ['de', ['door 198.51.100.7']],
    ['united states', ['web 2001:db8::5']],
    ['user:bob', ['door 198.51.100.7']],
    ['user:50%_"root', ['door 198.51.100.7']],
    ['user:bo', []],
    ['BOB from', ['door 198.51.100.7']],
    ['%_"root', ['door 198.51.100.7']],
    ['beispiel', ['door 198.51.100.7']],
    ['spam WAVE', ['web 192.0.2.9']],
    ['77.0', []],
    ['from', ['door 198.51.100.7']],
    ['user:from', ['door 198.51.100.7']],
    ['user:', []],
    ['0.2.1', ['door 192.0.2.10']],
    ['0%0', []],
  ])('finds %s', async (search, expected) => {
    expect(await ids({ search })).toEqual(expected);
  });

  it('bounds what it looks for', async () => {
    expect(await ids({ search: 'x'.repeat(100_000) })).toEqual([]);
  });

  it('sorts by each column, both ways, and narrows by jail and country', async () => {
    expect((await ids({ sort: 'jail' })).map((row) => row.split(' ')[0])).toEqual(['door', 'door', 'door', 'door', 'web', 'web']);
    expect((await ids({ sort: 'country', descending: true })).slice(0, 2)).toEqual(['web 2001:db8::5', 'door 198.51.100.7']);
    expect((await ids({ sort: 'left', descending: true })).slice(0, 2)).toEqual(['web 2001:db8::5', 'web 192.0.2.9']);
    expect((await ids({ sort: 'failures', descending: true }))[0]).toBe('door 198.51.100.7');
    expect(await ids({ sort: 'since' })).toHaveLength(6);
    expect(await ids({ sort: 'times' })).toHaveLength(6);
    expect(await ids({ jail: 'web' })).toEqual(['web 192.0.2.9', 'web 2001:db8::5']);
    expect(await ids({ country: 'US' })).toEqual(['web 2001:db8::5']);
  });

  it('gives pages, the last one for a page beyond the end, and all rows for export', async () => {
    const third = await board.list(query({ page: 3, pageSize: 2 }));
    expect(third).toMatchObject({ page: 3, pages: 3, total: 6 });
    expect(third.rows.map(({ id }) => id)).toEqual(['203.0.113.0/24', '2001:db8::5']);
    expect(await board.list(query({ page: 99, pageSize: 2 }))).toMatchObject({ page: 3 });
    expect(await board.list(query({ page: -1, pageSize: 0 }))).toMatchObject({ page: 1, pages: 6 });
    const exported: string[] = [];
    for await (const { id } of board.each({ ...ALL, search: '192.0.2.0/24' })) exported.push(id);
    expect(exported).toEqual(['192.0.2.9', '192.0.2.9', '192.0.2.10']);
  });

  it('shows a change when it is told of it, or after ten seconds, not before', async () => {
    await server.control.ban('web', ['192.0.2.200']);
    expect((await board.counts()).byJail.get('web')).toBe(2);
    board.changed('door');
    // Our engine tells of all jails at once.
    expect((await board.counts()).total).toBe(kind === 'ours' ? 7 : 6);
    board.changed('web');
    expect(await ids({ search: '192.0.2.200' })).toEqual(['web 192.0.2.200']);
    await server.control.unban('web', ['192.0.2.200']);
    expect(await board.counts()).toMatchObject({ total: 7 });
    await clock.advance(11);
    expect(await board.counts()).toEqual({ total: 6, byJail: new Map(Object.entries({ door: 4, web: 2 })) });
    expect(await ids({ sort: 'since', search: '192.0.2.200' })).toEqual([]);
  });

  it('says why: the lines marked, their regexes, the users, the log', async () => {
    const confdir = path.join(server.side.folder, 'config');
    const command = (name: string): string[] => [process.execPath, path.resolve(__dirname, '../../../../dist/bin', name)];
    const tester = createTester({
      runner: systemRunner(systemClock),
      clock: systemClock,
      regexCommand: command('bailiff-regex.js'),
      serverCommand: command('bailiff-server.js'),
      logFolders: [],
    });
    const judged = createBanBoard({ control: server.control, geo, clock, logger: silentLogger, manual, tester: { tester, confdir } });
    const reason = await judged.reason('door', '198.51.100.7');
    await judged.close();
    expect(reason).toMatchObject({
      jail: 'door',
      failures: 2,
      users: expect.arrayContaining(['bob', '50%_"root']) as string[],
      files: [path.join(server.side.folder, 'door.log')],
      domain: null,
      manual: null,
    });
    expect(reason.failregexes).toHaveLength(1);
    expect(reason.failregexes[0]).toContain('user <F-USER>');
    const [line] = reason.lines;
    const marked = line?.spans.map(({ from, length, what }) => [what, line.text.slice(from, from + length)]);
    expect(marked).toEqual([
      ['date', line?.text.slice(0, 19)],
      ['match', 'user'],
      ['user', 'bob'],
      ['match', 'from'],
      ['address', '198.51.100.7'],
    ]);
  });

  it('says what it can of a ban by hand, of nobody, and without a tester', async () => {
    expect(await board.reason('web', '192.0.2.9')).toMatchObject({
      lines: [],
      users: [],
      files: [],
      failures: 0,
      manual: { reason: 'Spam wave' },
    });
    expect(await board.reason('web', '192.0.2.254')).toMatchObject({ time: null, failures: null, lines: [], manual: null });
    const plain = await board.reason('door', '198.51.100.7');
    expect(plain.lines.map(({ user }) => user)).toEqual(['bob', kind === 'ours' ? '50%_"root' : null]);
  });

  it('goes on without a database, and tells nothing of it', async () => {
    const bare = createBanBoard({ control: server.control, geo, clock, logger: silentLogger, manual, database: null });
    const { rows } = await bare.list(query({ search: '198.51.100.7' }));
    expect(rows).toMatchObject([{ failures: null, timesBanned: null }]);
    expect((await bare.list(query({ search: 'user:bob' }))).total).toBe(0);
    writeFileSync(path.join(server.side.folder, 'no.sqlite3'), 'this is no database');
    const broken = createBanBoard({
      control: server.control,
      geo,
      clock,
      logger: silentLogger,
      manual,
      database: path.join(server.side.folder, 'no.sqlite3'),
    });
    expect((await broken.list(query({ search: 'bob' }))).total).toBe(0);
    expect((await broken.list(query({}))).total).toBe(6);
    await broken.close();
  });
});
