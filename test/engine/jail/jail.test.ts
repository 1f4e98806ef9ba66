/** A jail from lines to bans and back: counting, banning, unbanning, restoring. */
import { jailWorld, TableAction, batchOf, noDates } from '../../support/jail-world';

const A = '192.0.2.1';
const B = '192.0.2.2';

describe('banning', () => {
  it('bans by hand for a time of its own, changes that of a ban in force, and keeps it over a restart', async () => {
    const { jail, told, clock, action, store, lines } = jailWorld({ config: { maxretry: 1, bantime: 600 } });
    await jail.start();
    await lines(`fail ${A}`);
    told();
    await clock.advance(100);
    expect(await jail.banFor([A, '192.0.2.002', ` ${B} `, B], 5000)).toBe(3);
    expect(told()).toEqual([`increase-ban ${A}`, 'ban 192.0.2.002', `ban ${B}`]);
    expect(jail.bans().map(({ id, bantime }) => [id, bantime])).toEqual([
      [A, 5100],
      ['192.0.2.002', 5000],
      [B, 5000],
    ]);
    expect(action.calls).toContain(`prolong ${A}`);
    expect(await jail.banFor([B], 50)).toBe(1);
    expect(await jail.banFor(['192.0.2.002'], -1)).toBe(1);
    const rows = await store.currentBans('j', clock.now(), null);
    expect(rows.map(({ id, bantime, bancount }) => [id, bantime, bancount])).toEqual([
      ['192.0.2.002', -1, 1],
      [A, 5100, 1],
      [B, 50, 1],
    ]);
    expect((await store.mergedBans(A, 'j')).failures).toBe(1);
    await jail.stop({ flush: true });
    await clock.advance(700);
    const again = jailWorld({ config: { bantime: 600 }, store, clock });
    await again.jail.start();
    expect(again.jail.bans().map(({ id, bantime }) => [id, bantime])).toEqual([
      ['192.0.2.002', -1],
      [A, 5100],
    ]);
  });

  it('bans at maxretry, tells it in order, and writes it down with its lines', async () => {
    const { jail, lines, told, action, store, clock } = jailWorld();
    await jail.start();
    await lines(`fail ${A} root`, `fail ${B}`, `fail ${A}`);
    expect(told()).toEqual(['started', `found ${A}`, `found ${B}`, `found ${A}`]);
    await lines(`fail ${A} admin`);
    expect(told()).toEqual([`found ${A}`, `ban ${A}`]);
    expect([...action.table.keys()]).toEqual([A]);
    expect(await store.currentBans('j', clock.now(), null)).toEqual([
      {
        id: A,
        time: clock.now(),
        bantime: 600,
        bancount: 1,
        restored: true,
        data: { failures: 3, matches: [`fail ${A} root`, `fail ${A}`, `fail ${A} admin`], captured: { user: 'root' } },
      },
    ]);
    expect(jail.status()).toMatchObject({ currentlyFailed: 1, totalFailed: 4, currentlyBanned: 1, totalBanned: 1, banned: [A] });
  });

  it('does not ban who fails more slowly than findtime allows', async () => {
    const { jail, lines, told, clock } = jailWorld();
    await jail.start();
    for (let round = 0; round < 8; round++) {
      await lines(`fail ${A}`);
      await clock.advance(500);
    }
    expect(told().filter((text) => text.startsWith('ban'))).toEqual([]);
  });

  it('forgets failures after findtime', async () => {
    const { jail, lines, clock } = jailWorld();
    await jail.start();
    await lines(`fail ${A}`, `fail ${A}`);
    await clock.advance(606);
    expect(jail.status()).toMatchObject({ currentlyFailed: 0, totalFailed: 2 });
    await lines(`fail ${A}`);
    expect(jail.status().currentlyBanned).toBe(0);
  });

  it('unbans when the time is over, and not before', async () => {
    const { jail, lines, told, clock, action, store } = jailWorld({ config: { maxretry: 1, bantime: 60 } });
    await jail.start();
    await lines(`fail ${A}`);
    await clock.advance(60);
    expect(told()).toEqual(['started', `found ${A}`, `ban ${A}`]);
    await clock.advance(1);
    expect(told()).toEqual([`unban ${A}`]);
    expect(action.table.size).toBe(0);
    expect(jail.bans()).toEqual([]);
    expect((await store.earlierBans(A, 'j'))?.bancount).toBe(1);
  });

  it('never unbans a permanent ban', async () => {
    const { jail, lines, clock, action } = jailWorld({ config: { maxretry: 1, bantime: -1 } });
    await jail.start();
    await lines(`fail ${A}`);
    await clock.advance(5_000);
    await clock.advanceTo(clock.now() + 5);
    expect(action.table.has(A)).toBe(true);
    expect(jail.bans()).toEqual([{ jail: 'j', id: A, time: clock.now() - 5_005, bantime: -1 }]);
  });

  it('says that a ban has expired when the log told of it too late', async () => {
    const { jail, lines, told, clock } = jailWorld({ config: { maxretry: 1, bantime: 60 } });
    await jail.start();
    await lines(`@${clock.now() - 100} fail ${A}`);
    expect(told()).toEqual(['started', `found ${A}`, `expired ${A}`]);
    expect(jail.status().currentlyBanned).toBe(0);
  });

  it('tells who is banned already, and looks at its actions when that goes on', async () => {
    const { jail, lines, told, clock, action, events } = jailWorld({ config: { maxretry: 1 } });
    await jail.start();
    await lines(`fail ${A}`, `fail ${A}`);
    expect(told().slice(2)).toEqual([`found ${A}`, `already-banned ${A}`, `ban ${A}`]);
    expect(action.calls).not.toContain('check');
    await clock.advance(10);
    await lines(`fail ${A}`, `fail ${A}`);
    expect(action.calls.filter((call) => call === 'check')).toHaveLength(1);
    expect(events.at(-1)).toMatchObject({ kind: 'already-banned', age: 10 });
    expect(action.faults).toEqual([]);
  });

  it('makes a ban end as late as the failure after it asks for', async () => {
    const { jail, lines, clock, action } = jailWorld({ config: { maxretry: 1, bantime: 60 } });
    await jail.start();
    await lines(`fail ${A}`);
    await clock.advance(30);
    await lines(`fail ${A}`);
    expect(jail.bans()[0]?.bantime).toBe(90);
    expect(action.table.get(A)?.bantime).toBe(90);
  });

  it('bans every address of a name, and says that it resolved it', async () => {
    const { jail, lines, told, records } = jailWorld({ config: { maxretry: 1 }, names: { 'bad.example': [A, '2001:DB8::1'] } });
    await jail.start();
    await lines('fail ~bad.example', 'fail ~nobody.example');
    expect(told()).toEqual(['started', `found ${A}`, 'found 2001:db8::1', `ban ${A}`, 'ban 2001:db8::1']);
    expect(records.map(({ level, message }) => `${level} ${message}`)).toEqual([
      `WARNING Determined IP using DNS Lookup: bad.example = {'${A}', '2001:db8::1'}`,
    ]);
  });
});

describe('starting and stopping', () => {
  it('restores the bans of the database with their time and count, and tells no action that wants none of them', async () => {
    const first = jailWorld({ config: { maxretry: 1 } });
    await first.jail.start();
    await first.lines(`fail ${B}`, `fail ${A}`);
    await first.clock.advance(100);
    await first.jail.stop({ flush: true });
    expect(first.told().slice(-3)).toEqual([`unban ${B}`, `unban ${A}`, 'stopped']);
    expect(first.action.calls.slice(-3)).toEqual([`unban ${B}`, `unban ${A}`, 'stop']);

    const mail = new TableAction('mail');
    mail.norestored = true;
    const wall = new TableAction('wall');
    const { jail, told, clock } = jailWorld({ config: { maxretry: 1 }, store: first.store, clock: first.clock, actions: [mail, wall] });
    await jail.start();
    await jail.settled();
    expect(told()).toEqual(['started', `restore-ban ${A}`, `restore-ban ${B}`]);
    expect(
      [...wall.table.values()].map(({ id, time, bantime, bancount, restored }) => [id, clock.now() - time, bantime, bancount, restored]),
    ).toEqual([
      [A, 100, 600, 1, true],
      [B, 100, 600, 1, true],
    ]);
    expect(mail.calls).toEqual(['start']);
    await clock.advance(502);
    expect([wall.table.size, mail.faults, wall.faults]).toEqual([0, [], []]);
    expect((await first.store.mergedBans(A, null)).failures).toBe(1);
  });

  it('restores bans no longer than the jail bans now, and none that are ignored now', async () => {
    const { store, clock, jail, lines } = jailWorld({ config: { maxretry: 1, bantime: -1 } });
    await jail.start();
    await lines(`fail ${A}`, `fail ${B}`);
    await clock.advance(50);
    const short = jailWorld({ store, clock, config: { bantime: 100, ignoreip: [B] } });
    await short.jail.start();
    expect(short.jail.bans()).toEqual([{ jail: 'j', id: A, time: clock.now() - 50, bantime: 100 }]);
    expect(short.told()).toContain(`ignore ${B}`);
    await clock.advance(60);
    const tooLate = jailWorld({ store, clock, config: { bantime: 100 } });
    await tooLate.jail.start();
    expect(tooLate.jail.bans()).toEqual([]);
  });

  it('finds after a crash between writing and acting the ban that no action saw', async () => {
    const { jail, action, store, clock } = jailWorld({ config: { maxretry: 1 } });
    await jail.start();
    await jail.settled();
    action.gate = new Promise(() => undefined);
    expect(await jail.handle(batchOf([`fail ${A}`]), noDates)).toBe(true);
    expect(action.table.size).toBe(0);

    const after = jailWorld({ store, clock });
    await after.jail.start();
    await after.jail.settled();
    expect([...after.action.table.keys()]).toEqual([A]);
    expect(after.told()).toEqual(['started', `restore-ban ${A}`]);
  });

  it('leaves the bans in force when it is told to', async () => {
    const { jail, lines, action, told } = jailWorld({ config: { maxretry: 1 } });
    await jail.start();
    await lines(`fail ${A}`);
    action.keeps = true;
    await jail.stop({ flush: false });
    expect([...action.table.keys()]).toEqual([A]);
    expect(action.calls).toEqual(['start', `ban ${A}`]);
    expect(told().at(-1)).toBe('stopped');
  });

  it('looks at no line before its start, nor after its stop', async () => {
    const { jail, told } = jailWorld({ config: { maxretry: 1 } });
    expect(await jail.handle(batchOf([`fail ${A}`]), noDates)).toBe(false);
    await jail.start();
    await jail.stop({ flush: true });
    expect(await jail.handle(batchOf([`fail ${A}`]), noDates)).toBe(false);
    expect(told()).toEqual(['started', 'stopped']);
  });

  it('unbans nobody while it is idle, and everybody who is due afterwards', async () => {
    const { jail, lines, clock, action } = jailWorld({ config: { maxretry: 1, bantime: 5 } });
    await jail.start();
    await lines(`fail ${A}`);
    jail.idle = true;
    await clock.advance(20);
    expect([jail.idle, action.table.size]).toEqual([true, 1]);
    jail.idle = false;
    await clock.advance(1);
    expect([jail.idle, action.table.size]).toEqual([false, 0]);
  });
});
