/** Bans by hand over both servers: free durations, all services, prolonging, lifting, ends that nobody else keeps, and what the database says. */
import path from 'node:path';
import { systemClock } from '../../../../src/base/clock';
import { BanDatabase } from '../../../../src/panel/control/bans/ban-database';
import type { BanDesk, BanWish } from '../../../../src/panel/control/bans/ban-desk';
import { createBanDesk } from '../../../../src/panel/control/bans/desk';
import { MANUAL_JAIL, MANUAL_JAIL_OPTIONS } from '../../../../src/panel/control/bans/all-services';
import { manualBansInMemory } from '../../../../src/panel/control/bans/manual-bans';
import type { Editor } from '../../../../src/panel/control/editor/editor';
import { KINDS, runningServer, type RunningServer } from '../../../support/two-servers';

const FILES = {
  'jail.d/door.conf': '[door]\nenabled = true\nbantime = 1h\nlogpath = FOLDER/door.log\n',
  'jail.d/ever.conf': '[ever]\nenabled = true\nbantime = -1\nlogpath = FOLDER/door.log\n',
  'jail.local': '[DEFAULT]\nbanaction_allports = note\naction_ = %(banaction)s[name=%(__name__)s]\n',
};
const DAY = 86400;

describe.each(KINDS)('over %s', (kind) => {
  let server: RunningServer;
  let desk: BanDesk;
  let database: BanDatabase;
  let manual = manualBansInMemory();
  const changed: (string | null)[] = [];
  /** Writes the section and reloads, as the editor does. */
  const editor: Pick<Editor, 'apply'> = {
    async apply([edit]) {
      const options = edit?.kind === 'add-jail' ? Object.entries(edit.options) : [];
      server.side.write(
        `config/jail.d/${MANUAL_JAIL}.conf`,
        `[${MANUAL_JAIL}]\n${options.map(([key, value]) => `${key} = ${value}\n`).join('')}`,
      );
      const { done, problems } = await server.control.reload({});
      return { ok: done, reloaded: done, changes: [], problems, message: null, state: null };
    },
  };

  beforeAll(async () => {
    server = await runningServer(kind, FILES, 2, ['door.log']);
    database = new BanDatabase(() => Promise.resolve(server.database), systemClock);
  }, 60_000);
  beforeEach(() => {
    manual = manualBansInMemory();
    changed.length = 0;
    desk = createBanDesk({
      control: server.control,
      clock: systemClock,
      database,
      manual,
      editor,
      changed: (jail) => void changed.push(jail),
    });
  });
  afterEach(async () => {
    for (const { jail, id } of await server.control.banned()) await server.control.unban(jail, [id]);
  });
  afterAll(async () => {
    await database.close();
    await server.remove();
  });

  const now = (): number => Math.floor(Date.now() / 1000);
  const wish = (parts: Partial<BanWish>): BanWish => ({
    ids: [],
    jail: 'door',
    duration: null,
    reason: 'because',
    who: 'admin',
    now: now(),
    own: [],
    ...parts,
  });
  /** Seconds that each ban of a jail has left; -1 is for ever. */
  const left = async (jail: string): Promise<Record<string, number>> =>
    Object.fromEntries(
      (await server.control.bannedIn(jail)).map(({ id, time, bantime }) => [
        id,
        bantime === -1 ? -1 : Math.round((time + bantime - now()) / 10) * 10,
      ]),
    );
  const row = async (jail: string, id: string): Promise<number | undefined> => (await database.written(jail, id))?.bantime;

  it('bans for the jail’s time, for longer, for shorter and for ever; each is told, noted and written', async () => {
    expect(await desk.ban(wish({ ids: ['192.0.2.1', '192.0.2.1 ', 'nonsense', '203.0.113.0/24'], own: ['203.0.113.9'] }))).toEqual([
      { id: 'nonsense', jail: 'door', ok: false, message: 'is neither an address nor a range' },
      { id: '203.0.113.0/24', jail: 'door', ok: false, message: 'holds the address you come from' },
      { id: '192.0.2.1', jail: 'door', ok: true, message: null },
    ]);
    for (const [id, duration] of [
      ['192.0.2.2', 3 * DAY],
      ['192.0.2.4', -1],
      ['198.51.100.77/24', DAY],
    ] as const) {
      expect((await desk.ban(wish({ ids: [id], duration }))).map(({ ok }) => ok)).toEqual([true]);
    }
    expect(await left('door')).toEqual({ '192.0.2.1': 3600, '192.0.2.2': 3 * DAY, '192.0.2.4': -1, '198.51.100.0/24': DAY });
    expect(await server.control.get('door', 'bantime')).toBe(3600);
    expect(await row('door', '192.0.2.2')).toBe(3 * DAY);
    expect(await row('door', '192.0.2.4')).toBe(-1);
    const notes = await manual.manualBans();
    expect(notes.map(({ id, reason, until }) => [id, reason, until === null ? null : Math.round((until - now()) / 10) * 10])).toEqual([
      ['192.0.2.1', 'because', null],
      ['192.0.2.2', 'because', 3 * DAY],
      ['192.0.2.4', 'because', null],
      ['198.51.100.0/24', 'because', DAY],
    ]);
    expect(new Set(changed)).toEqual(new Set(['door']));
  });

  it('bans for a shorter time than others of the jail have, and frees none of them', async () => {
    await desk.ban(wish({ ids: ['192.0.2.1'], jail: 'ever' }));
    await desk.ban(wish({ ids: ['192.0.2.2'], jail: 'ever', duration: 100 }));
    expect((await left('ever'))['192.0.2.1']).toBe(-1);
    await desk.expire(now() + 50);
    expect(Object.keys(await left('ever')).sort()).toEqual(['192.0.2.1', '192.0.2.2']);
    await desk.expire(now() + 101);
    expect(await left('ever')).toEqual({ '192.0.2.1': -1 });
    expect((await manual.manualBans()).map(({ id }) => id)).toEqual(['192.0.2.1']);
  });

  it('prolongs and shortens bans in force, not those of others', async () => {
    await server.control.ban('door', ['192.0.2.1', '192.0.2.2', '192.0.2.3']);
    const items = (...ids: string[]) => ids.map((id) => ({ jail: 'door', id }));
    expect(await desk.prolong(items('192.0.2.1', '192.0.2.9'), 5 * DAY, 'admin', now())).toEqual([
      { id: '192.0.2.9', jail: 'door', ok: false, message: 'is not banned' },
      { id: '192.0.2.1', jail: 'door', ok: true, message: null },
    ]);
    expect((await desk.prolong(items('192.0.2.2'), -1, 'admin', now())).map(({ ok }) => ok)).toEqual([true]);
    expect((await desk.prolong(items('192.0.2.3'), 60, 'admin', now())).map(({ ok }) => ok)).toEqual([true]);
    expect(await left('door')).toMatchObject({ '192.0.2.1': 5 * DAY, '192.0.2.2': -1 });
    await desk.expire(now() + 62);
    expect(Object.keys(await left('door')).sort()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await desk.prolong([{ jail: 'nosuch', id: '192.0.2.1' }], 60, 'admin', now())).toMatchObject([{ ok: false }]);
    expect(await desk.prolong(items('192.0.2.1'), 0, 'admin', now())).toMatchObject([{ ok: false }]);
  });

  it('bans from all services in a jail of its own, which it adds, and keeps the length over a restart', async () => {
    const [first] = await desk.ban(wish({ ids: ['192.0.2.1'], jail: null, duration: 3 * DAY }));
    expect(first).toEqual({ id: '192.0.2.1', jail: MANUAL_JAIL, ok: true, message: null });
    await desk.ban(wish({ ids: ['192.0.2.2'], jail: null, duration: 60 * DAY }));
    await desk.ban(wish({ ids: ['192.0.2.3'], jail: null, duration: 3600 }));
    const lengths = { '192.0.2.1': 3 * DAY, '192.0.2.2': 60 * DAY, '192.0.2.3': 3600 };
    expect(await left(MANUAL_JAIL)).toEqual(lengths);
    expect(await server.control.get(MANUAL_JAIL, 'bantime')).toBe(7 * DAY);
    expect(MANUAL_JAIL_OPTIONS['bantime']).toBe('1w');
    expect(await row(MANUAL_JAIL, '192.0.2.2')).toBe(60 * DAY);
    await server.side.stop();
    await server.side.start(3);
    for (let round = 0; round < 100 && Object.keys(await left(MANUAL_JAIL)).length < 3; round++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(await left(MANUAL_JAIL)).toEqual(lengths);
    expect(server.side.read(`${MANUAL_JAIL}.acts`)).toContain('ban 192.0.2.1');
  }, 120_000);

  it('makes bans long again that a restart of the server has cut', async () => {
    await desk.ban(wish({ ids: ['192.0.2.1'], duration: 2 * DAY }));
    await server.control.unban('door', ['192.0.2.1']);
    await server.control.ban('door', ['192.0.2.1']);
    expect(await left('door')).toEqual({ '192.0.2.1': 3600 });
    await desk.expire(now());
    expect(await left('door')).toEqual({ '192.0.2.1': 2 * DAY });
  });

  it('lifts bans in one jail and everywhere, and says whom it did not find', async () => {
    await server.control.ban('door', ['192.0.2.1', '192.0.2.2', '198.51.100.7']);
    await desk.ban(wish({ ids: ['192.0.2.1'], jail: 'ever' }));
    expect(
      await desk.unban([
        { jail: 'door', id: '192.0.2.2' },
        { jail: 'door', id: '192.0.2.99' },
      ]),
    ).toEqual([
      { id: '192.0.2.2', jail: 'door', ok: true, message: null },
      { id: '192.0.2.99', jail: 'door', ok: false, message: 'is not banned' },
    ]);
    expect(await desk.unban([{ jail: null, id: '192.0.2.1' }])).toEqual([{ id: '192.0.2.1', jail: '', ok: true, message: null }]);
    expect((await server.control.banned()).map(({ id }) => id)).toEqual(['198.51.100.7']);
    expect(await manual.manualBans()).toEqual([]);
    expect(await desk.unban([{ jail: 'door', id: '198.51.100.0/24' }])).toMatchObject([{ ok: true }]);
    expect(await server.control.banned()).toEqual([]);
    expect(await desk.unban([{ jail: 'nosuch', id: '192.0.2.1' }])).toMatchObject([{ ok: false }]);
  });

  it('takes many at once', async () => {
    const ids = Array.from({ length: 350 }, (_, at) => `10.1.${at >> 8}.${at & 255}`);
    const results = await desk.ban(wish({ ids, duration: 2 * DAY }));
    expect(results.filter(({ ok }) => ok)).toHaveLength(350);
    const lengths = (await server.control.bannedIn('door')).map(({ bantime }) => bantime);
    expect(lengths).toHaveLength(350);
    // The stock server counts from the first moment that the address was banned.
    expect(lengths.filter((length) => length < 2 * DAY || length > 2 * DAY + 600)).toEqual([]);
    expect((await desk.unban(ids.map((id) => ({ jail: 'door', id })))).filter(({ ok }) => ok)).toHaveLength(350);
    expect(await server.control.banned()).toEqual([]);
    const tooMany = await desk.ban(wish({ ids: Array.from({ length: 10_002 }, () => '127.0.0.1'), jail: 'nosuch' }));
    expect(tooMany.filter(({ message }) => message?.includes('one too many'))).toHaveLength(2);
  }, 120_000);

  it('says what is wrong with a jail that does not run, or a time that is none', async () => {
    expect(await desk.ban(wish({ ids: ['192.0.2.1'], jail: 'nosuch', duration: 60 }))).toMatchObject([{ ok: false }]);
    expect(await desk.ban(wish({ ids: ['192.0.2.1'], duration: -7 }))).toMatchObject([
      { ok: false, message: expect.stringContaining('time') as string },
    ]);
    expect(path.isAbsolute(server.database)).toBe(true);
  });
});
