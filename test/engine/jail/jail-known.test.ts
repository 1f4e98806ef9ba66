/** Known offenders, trusted ones, and bans by hand. */
import { jailWorld, type WorldOptions } from '../../support/jail-world';
import { defaultJailConfig, type BanIncrement } from '../../../src/model/jail-config';
import { MemoryStore } from '../../../src/contracts/database/memory-store';

const A = '192.0.2.1';
const increment = (fields: Partial<BanIncrement> = {}): BanIncrement => ({
  ...defaultJailConfig('j').increment,
  increment: true,
  ...fields,
});

describe('growing ban times', () => {
  it('doubles the ban time of who comes back, tells it after the ban, and has it prolonged', async () => {
    const { jail, lines, told, clock, events, action, store } = jailWorld({ config: { maxretry: 1, bantime: 60, increment: increment() } });
    await jail.start();
    const lengths: number[] = [];
    for (let round = 0; round < 3; round++) {
      await lines(`fail ${A}`);
      lengths.push(jail.bans()[0]?.bantime ?? 0);
      await clock.advance(300);
    }
    expect(lengths).toEqual([60, 120, 240]);
    expect(told().slice(1, 10)).toEqual([
      ...[`found ${A}`, `ban ${A}`, `unban ${A}`],
      ...[`found ${A}`, `ban ${A}`, `is-bad ${A}`, `increase-ban ${A}`, `unban ${A}`],
      `found ${A}`,
    ]);
    const start = clock.now() - 900;
    expect(events.find(({ kind }) => kind === 'is-bad')).toMatchObject({ bans: 1, last: start, from: 60, to: 120 });
    expect(events.filter(({ kind }) => kind === 'increase-ban')[1]).toMatchObject({ bancount: 3, bantime: 240, end: start + 840 });
    expect(action.calls.filter((call) => call === `prolong ${A}`)).toHaveLength(2);
    expect(await store.earlierBans(A, 'j')).toEqual({ bancount: 3, time: start + 600, bantime: 240 });
  });

  it('asks for a prolongation ten seconds after a ban that grew much, at once when it grew little, and never after its end', async () => {
    const { jail, lines, clock, action } = jailWorld({ config: { maxretry: 1, bantime: 8, increment: increment() } });
    await jail.start();
    await lines(`fail ${A}`);
    await clock.advance(20);
    await lines(`fail ${A}`);
    await clock.advance(2);
    expect(action.calls).not.toContain(`prolong ${A}`);
    await clock.advance(2);
    expect(action.calls).toContain(`prolong ${A}`);
    await lines(`fail ${A}`);
    await jail.unban([A]);
    await clock.advance(20);
    expect(action.calls.filter((call) => call.startsWith('prolong'))).toHaveLength(1);
  });

  it('counts bans of all jails when it is told to, else only its own', async () => {
    const store = new MemoryStore();
    const bans = async (name: string, overalljails: boolean, options: WorldOptions = {}): Promise<number | undefined> => {
      const world = jailWorld({ ...options, store, config: { name, maxretry: 1, bantime: 60, increment: increment({ overalljails }) } });
      await world.jail.start();
      await world.lines(`fail ${A}`);
      return world.jail.bans()[0]?.bantime;
    };
    expect(await bans('one', false)).toBe(60);
    expect(await bans('two', false)).toBe(60);
    const { clock } = jailWorld();
    await clock.advance(10);
    expect(await bans('three', true, { clock })).toBe(60 * 4);
  });

  it('bans a known offender sooner', async () => {
    const { jail, lines, told, clock, events } = jailWorld({ config: { maxretry: 3, bantime: 60, increment: increment() } });
    await jail.start();
    await lines(`fail ${A}`, `fail ${A}`, `fail ${A}`);
    await clock.advance(200);
    told();
    await lines(`fail ${A}`);
    expect(told()).toEqual([`found ${A}`, `found-bad ${A}`]);
    expect(events.at(-1)).toMatchObject({ bans: 1, retry: '2.0', ban: false });
    await lines(`fail ${A}`);
    expect(told()).toContain(`ban ${A}`);
    await clock.advance(400);
    told();
    await lines(`fail ${A}`);
    expect(told()).toEqual([`found ${A}`, `found-bad ${A}`, `ban ${A}`, `is-bad ${A}`, `increase-ban ${A}`]);
    expect(events.find((event) => event.kind === 'found-bad' && event.bans === 2)).toMatchObject({ retry: '3.0', ban: true });
  });

  it('adds up to rndtime, and stops at maxtime before that', async () => {
    const { jail, lines, clock } = jailWorld({ config: { maxretry: 1, bantime: 60, increment: increment({ maxtime: 100, rndtime: 20 }) } });
    await jail.start();
    await lines(`fail ${A}`);
    await clock.advance(100);
    await lines(`fail ${A}`);
    expect(jail.bans()[0]?.bantime).toBe(110);
  });
});

describe('trusted addresses', () => {
  it.each([
    ['an address', { ignoreip: ['2001:DB8::7', A] }, A, 'ip'],
    ['a range', { ignoreip: ['192.0.2.0/28'] }, A, 'ip'],
    ['a name', { ignoreip: ['friend.example'] }, A, 'dns'],
    ['this machine', {}, '198.51.100.1', 'ignoreself rule'],
    ['a command', { ignorecommand: '/bin/trusted <ip>' }, A, 'command'],
  ])('ignores %s', async (_what, config, id, by) => {
    const { jail, lines, events } = jailWorld({
      config: { maxretry: 1, ...config },
      names: { 'friend.example': [A] },
      runIgnoreCommand: async (_command, ticket) => (ticket.id === A ? 0 : 1),
    });
    await jail.start();
    await lines(`fail ${id}`, 'fail 203.0.113.9');
    expect(events.slice(1)).toEqual([
      { kind: 'ignore', jail: 'j', id, by },
      expect.objectContaining({ kind: 'found', id: '203.0.113.9' }),
      { kind: 'ban', jail: 'j', id: '203.0.113.9' },
    ]);
  });

  it('bans this machine when ignoreself is off', async () => {
    const { jail, lines } = jailWorld({ config: { maxretry: 1, ignoreself: false } });
    await jail.start();
    await lines('fail 198.51.100.1');
    expect(jail.status().banned).toEqual(['198.51.100.1']);
  });
});

describe('by hand', () => {
  it('bans what it is given, trusted or not, and counts who was not banned yet', async () => {
    const { jail, told, action } = jailWorld({ config: { ignoreip: [A] } });
    await jail.start();
    expect(await jail.banNow([A, '192.0.2.128/25', 'any text', A, '[2001:DB8::1]'])).toBe(4);
    expect(await jail.banNow([A])).toBe(0);
    expect(told()).toEqual(['started', `ban ${A}`, 'ban 192.0.2.128/25', 'ban any text', 'ban 2001:db8::1', `already-banned ${A}`]);
    expect(action.table.get(A)?.data).toEqual({ failures: 0, matches: [], captured: {} });
  });

  it('unbans a range with all that lies in it, and a name with its addresses; the database forgets them', async () => {
    const { jail, store, clock, told, action } = jailWorld({ names: { 'bad.example': ['203.0.113.5'] } });
    await jail.start();
    await jail.banNow([A, '192.0.2.200', '192.0.2.64/26', '198.51.100.7', '203.0.113.5']);
    told();
    expect(jail.absent(['192.0.2.0/24', '192.0.2.99', 'x'])).toEqual(['192.0.2.99', 'x']);
    expect(await jail.unban(['192.0.2.0/24'])).toBe(3);
    expect(told()).toEqual([`unban ${A}`, 'unban 192.0.2.200', 'unban 192.0.2.64/26']);
    expect(await jail.unban(['192.0.2.99', 'nobody.example'])).toBe(0);
    expect(await jail.unban(['bad.example'])).toBe(1);
    expect((await store.currentBans('j', clock.now(), null)).map(({ id }) => id)).toEqual(['198.51.100.7']);
    expect(await jail.unbanAll()).toBe(1);
    expect([await store.currentBans('j', clock.now(), null), action.table.size, action.faults]).toEqual([[], 0, []]);
  });

  it('forgets in the database also who is not banned any more', async () => {
    const { jail, lines, store, clock } = jailWorld({ config: { maxretry: 1, bantime: 10 } });
    await jail.start();
    await lines(`fail ${A}`);
    await clock.advance(20);
    expect(await jail.unban([A])).toBe(0);
    expect(await store.earlierBans(A, 'j')).toBeNull();
  });

  it('counts an attempt for every line, unless the address is trusted', async () => {
    const { jail, told, store } = jailWorld({ config: { ignoreip: ['192.0.2.9'] } });
    await jail.start();
    expect(await jail.attempt(A, ['one', 'two'])).toBe(1);
    expect(await jail.attempt('192.0.2.9', ['one', 'two', 'three'])).toBe(0);
    expect(await jail.attempt(A)).toBe(1);
    await jail.settled();
    expect(told()).toEqual(['started', `attempt ${A}`, 'ignore 192.0.2.9', `attempt ${A}`, `ban ${A}`]);
    expect((await store.mergedBans(A, null)).matches).toEqual(['one', 'two']);
  });
});

it('bans although the database fails, says so, and writes the bans when it works again', async () => {
  const store = new MemoryStore();
  const write = store.recordBans.bind(store);
  let broken = true;
  store.recordBans = (jail, tickets) => (broken ? Promise.reject(new Error('disk full')) : write(jail, tickets));
  const { jail, lines, clock, action, records } = jailWorld({ store, config: { maxretry: 1 } });
  await jail.start();
  await lines(`fail ${A}`);
  expect([...action.table.keys()]).toEqual([A]);
  expect(records.at(-1)).toMatchObject({
    level: 'ERROR',
    message: '[j] ban(s) cannot be written, they are kept and written later: disk full',
  });
  expect(jail.status().problems).toMatchObject([{ option: 'dbfile' }]);
  broken = false;
  await clock.advance(12);
  expect(await store.currentBans('j', clock.now(), null)).toHaveLength(1);
  expect(jail.status().problems).toBeUndefined();
});

it('while the database fails, no ban waits for it, and what was lifted or got another length is so when it works again', async () => {
  const store = new MemoryStore();
  const [record, forget, change] = [store.recordBans.bind(store), store.forgetBans.bind(store), store.changeBans.bind(store)];
  let [broken, tries] = [false, 0];
  const failing = async <T>(work: () => Promise<T>): Promise<T> => {
    tries++;
    if (broken) throw new Error('database is locked');
    return work();
  };
  store.recordBans = (jail, tickets) => failing(() => record(jail, tickets));
  store.forgetBans = (jail, ids) => failing(() => forget(jail, ids));
  store.changeBans = (jail, tickets) => failing(() => change(jail, tickets));
  const { jail, lines, clock, action, records } = jailWorld({ store, config: { maxretry: 1 } });
  await jail.start();
  await lines('fail 192.0.2.1', 'fail 192.0.2.2', 'fail 192.0.2.3');
  [broken, tries] = [true, 0];
  for (let n = 4; n <= 40; n++) await lines(`fail 192.0.2.${n}`);
  await jail.unban(['192.0.2.1', '192.0.2.4']);
  await jail.banFor(['192.0.2.2', '192.0.2.5'], 5000);
  expect(tries).toBe(1);
  expect(action.table.size).toBe(38);
  await clock.advance(60);
  expect(records.filter(({ message }) => message.includes('cannot be written'))).toHaveLength(1);
  broken = false;
  await clock.advance(12);
  expect(records.at(-1)).toMatchObject({ level: 'INFO', message: '[j] bans are written again' });
  const bans = new Map((await store.currentBans('j', clock.now(), null)).map((ban) => [ban.id, ban.bantime]));
  expect([bans.size, bans.has('192.0.2.1'), bans.has('192.0.2.4'), bans.get('192.0.2.3')]).toEqual([38, false, false, 600]);
  expect([bans.get('192.0.2.2')! > 4000, bans.get('192.0.2.5')! > 4000]).toEqual([true, true]);
});
