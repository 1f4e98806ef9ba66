/** A jail and its actions: slow ones, failing ones, repaired ones, and those that come and go with a reload. */
import { batchOf, failFilter, jailWorld, noDates, TableAction } from '../../support/jail-world';
import { settle } from '../../support/clock';
import type { ActionConfig } from '../../../src/model/jail-config';

const A = '192.0.2.1';
const B = '192.0.2.2';
const C = '192.0.2.3';
const config = { maxretry: 1 };
const configOf = (name: string, port = '22'): ActionConfig => ({ name, properties: [['port', port]] });

it('goes on counting and writing down while an action is slow, and applies the bans in order when it comes back', async () => {
  const { jail, action, told, store, clock } = jailWorld({ config });
  await jail.start();
  await jail.settled();
  let open = (): void => undefined;
  action.gate = new Promise((resolve) => (open = resolve));
  for (let n = 1; n <= 30; n++) await jail.handle(batchOf([`fail 192.0.2.${n}`]), noDates);
  expect(await store.currentBans('j', clock.now(), null)).toHaveLength(30);
  expect(told().filter((text) => text.startsWith('ban'))).toEqual([]);
  open();
  await jail.settled();
  const order = Array.from({ length: 30 }, (_, at) => `ban 192.0.2.${at + 1}`);
  expect(action.calls).toEqual(['start', ...order]);
  expect(told()).toEqual(order);
});

it('does not apply a ban that ended while the action was slow', async () => {
  const { jail, action, clock, told } = jailWorld({ config: { maxretry: 1, bantime: 5 } });
  await jail.start();
  await jail.settled();
  let open = (): void => undefined;
  action.gate = new Promise((resolve) => (open = resolve));
  await jail.handle(batchOf([`fail ${A}`]), noDates);
  await jail.handle(batchOf([`fail ${B}`]), noDates);
  await clock.advance(10);
  open();
  await jail.settled();
  expect([action.table.size, action.faults]).toEqual([0, []]);
  expect(told().slice(-2).sort()).toEqual([`unban ${A}`, `unban ${B}`]);
});

it('does not let a slow or hung action hold up the others: they ban, and it follows in its own order when it can', async () => {
  const [hung, quick] = [new TableAction('hung'), new TableAction('quick')];
  const { jail, told, clock } = jailWorld({ config, actions: [hung, quick] });
  await jail.start();
  await jail.settled();
  let open = (): void => undefined;
  hung.gate = new Promise((resolve) => (open = resolve));
  await jail.handle(batchOf([`fail ${A}`]), noDates);
  await clock.advance(2);
  expect([...quick.table.keys()]).toEqual([A]);
  expect(told().at(-1)).toBe(`ban ${A}`);
  // It is late by now: nobody waits for it a second time.
  await jail.handle(batchOf([`fail ${B}`, `fail ${C}`]), noDates);
  await settle();
  expect([...quick.table.keys()]).toEqual([A, B, C]);
  void jail.unban([B]);
  await settle();
  expect([...quick.table.keys()]).toEqual([A, C]);
  open();
  await jail.settled();
  expect(hung.calls).toEqual(['start', `ban ${A}`, `ban ${C}`]);
  expect([...hung.faults, ...quick.faults]).toEqual([]);
});

it('keeps a ban that an action failed to apply, tries again with growing pauses, and says so in its health', async () => {
  const { jail, lines, action, told, clock, events } = jailWorld({ config });
  action.broken.add(A);
  await jail.start();
  await lines(`fail ${A}`, `fail ${B}`);
  expect(told().slice(3)).toEqual([`ban ${A}`, `action-failed ${A}`, `ban ${B}`]);
  expect(events.find(({ kind }) => kind === 'action-failed')).toMatchObject({
    action: 'table',
    operation: 'ban',
    message: 'the wall is broken',
  });
  expect(jail.status()).toMatchObject({ currentlyBanned: 2, problems: [{ severity: 'warning', option: 'action', jail: 'j' }] });
  const tries = (): number => action.calls.filter((call) => call === `ban ${A}`).length;
  await clock.advance(9);
  expect(tries()).toBe(1);
  await clock.advance(2);
  expect(tries()).toBe(2);
  await clock.advance(18);
  expect(tries()).toBe(2);
  await clock.advance(4);
  expect(tries()).toBe(3);
  action.broken.clear();
  await clock.advance(42);
  expect(action.table.has(A)).toBe(true);
  expect(told().at(-1)).toBe(`reban ${A}`);
  expect(jail.status().problems).toBeUndefined();
  expect(action.faults).toEqual([]);
});

it('tries a ban that fails alone seldom, however many others go well', async () => {
  const { jail, lines, action, clock } = jailWorld({ config: { ...config, bantime: -1 } });
  action.broken.add(A);
  await jail.start();
  await lines(`fail ${A}`);
  const tries = (): number => action.calls.filter((call) => call === `ban ${A}`).length;
  for (let host = 1; host <= 40; host++) {
    await lines(`fail 198.51.100.${host}`);
    await clock.advance(5);
  }
  // Once by itself, and twice because others went well.
  expect(tries()).toBe(3);
  await clock.advance(3600);
  expect(tries()).toBe(4);
  // It is not the ban alone that fails: all are tried again as soon as one goes well.
  action.broken.add('*');
  await lines(`fail ${B}`, `fail ${C}`);
  await clock.advance(1300);
  action.broken.clear();
  await lines('fail 198.51.100.99');
  await clock.advance(2);
  expect([B, C].map((id) => action.table.has(id))).toEqual([true, true]);
});

it('runs the other actions when one fails, and stops them in reverse order', async () => {
  const [first, second] = [new TableAction('first'), new TableAction('second')];
  first.broken.add('*');
  const { jail, lines } = jailWorld({ config, actions: [first, second] });
  await jail.start();
  await lines(`fail ${A}`);
  expect([...second.table.keys()]).toEqual([A]);
  const order: string[] = [];
  for (const action of [first, second]) {
    action.stop = async () => void order.push(action.name);
  }
  await jail.stop({ flush: true });
  expect(order).toEqual(['second', 'first']);
});

it('applies again, once, the bans that a repaired environment has lost', async () => {
  const { jail, lines, action, told, clock } = jailWorld({ config });
  await jail.start();
  await lines(`fail ${A}`, `fail ${B}`);
  action.loseEverything();
  await lines(`fail ${C}`);
  expect([...action.table.keys()].sort()).toEqual([A, B, C]);
  expect(told().slice(-3)).toEqual([`ban ${C}`, `reban ${A}`, `reban ${B}`]);
  await clock.advance(601);
  expect([action.table.size, action.faults]).toEqual([0, []]);
});

it('flushes at once where an action can, and one by one elsewhere', async () => {
  const [bulk, single] = [new TableAction('bulk'), new TableAction('single')];
  bulk.canFlush = true;
  const { jail, lines, told } = jailWorld({ config, actions: [bulk, single] });
  await jail.start();
  await lines(`fail ${A}`, `fail ${B}`);
  told();
  await jail.stop({ flush: true });
  expect(told()).toEqual(['flush', `unban ${A}`, `unban ${B}`, 'stopped']);
  expect(bulk.calls.slice(-2)).toEqual(['flush', 'stop']);
  expect(single.calls.slice(-3)).toEqual([`unban ${A}`, `unban ${B}`, 'stop']);
});

describe('reload', () => {
  it('keeps the bans, leaves an unchanged action alone, replaces a changed one and brings the bans to new ones', async () => {
    const [kept, changed, removed] = [new TableAction('kept'), new TableAction('changed'), new TableAction('removed')];
    const old = [configOf('kept'), configOf('changed'), configOf('removed')];
    const { jail, lines, told } = jailWorld({ config: { maxretry: 1, actions: old }, actions: [kept, changed, removed] });
    await jail.start();
    await lines(`fail ${A}`, `fail ${B}`);
    told();
    const [keptNew, changedNew, added] = [new TableAction('kept'), new TableAction('changed'), new TableAction('added')];
    added.norestored = true;
    const next = [configOf('added'), configOf('kept'), configOf('changed', '2222')];
    await jail.reconfigure({ ...jail.config, actions: next }, failFilter, [added, keptNew, changedNew]);
    expect(kept.calls).toEqual(['start', `ban ${A}`, `ban ${B}`, 'reload']);
    expect(keptNew.calls).toEqual([]);
    for (const gone of [changed, removed]) expect(gone.calls.slice(-3)).toEqual([`unban ${A}`, `unban ${B}`, 'stop']);
    expect(changedNew.calls).toEqual(['start', `ban ${A}`, `ban ${B}`]);
    expect(added.calls).toEqual(['start']);
    expect(told()).toEqual([]);
    expect(jail.bans().map(({ id }) => id)).toEqual([A, B]);
    await lines(`fail ${C}`);
    await jail.unban([A]);
    expect([kept, changedNew].map(({ table }) => [...table.keys()])).toEqual([
      [B, C],
      [B, C],
    ]);
    expect([...added.table.keys()]).toEqual([C]);
    expect([kept, changedNew, added].flatMap(({ faults }) => faults)).toEqual([]);
  });

  it('counts on with the new limits, and bans who has reached them by now', async () => {
    const { jail, lines, told, action } = jailWorld({ config: { maxretry: 5 } });
    await jail.start();
    await lines(`fail ${A}`, `fail ${A}`, `fail ${B}`);
    told();
    await jail.reconfigure({ ...jail.config, maxretry: 2 }, failFilter, [action]);
    expect(told()).toEqual([`ban ${A}`]);
    expect(action.calls.at(-1)).toBe('reload');
  });

  it('makes the bans of the jail’s own length follow its new one', async () => {
    const { jail, lines, clock, action } = jailWorld({ config });
    await jail.start();
    await lines(`fail ${A}`);
    await jail.reconfigure({ ...jail.config, bantime: 60 }, failFilter, [action]);
    expect(action.table.get(A)?.bantime).toBe(60);
    await clock.advance(62);
    expect(jail.bans()).toEqual([]);
  });
});
