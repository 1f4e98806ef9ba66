/** The list of bans: who is in it, until when, and who is due. */
import * as fc from 'fast-check';
import { BanList } from '../../../src/engine/jail/ban-list';
import { banTicket } from '../../support/tickets';
import { END_OF_TIME, endOfBan } from '../../../src/model/ticket';
import { ownLength, restoredBan } from '../../../src/engine/jail/restore';
import { defaultJailConfig } from '../../../src/model/jail-config';

test('a ban that has ended is refused, one that ends now is not', () => {
  const list = new BanList();
  expect(list.add(banTicket('a', { time: 0, bantime: 9 }), 10)).toEqual({ kind: 'expired' });
  expect(list.add(banTicket('b', { time: 0, bantime: 10 }), 10)).toEqual({ kind: 'added' });
  expect([list.size, list.total]).toEqual([1, 1]);
});

test('a second ban of an id makes the first end as late, never earlier', () => {
  const list = new BanList();
  list.add(banTicket('a', { time: 100, bantime: 60 }), 100);
  expect(list.add(banTicket('a', { time: 120, bantime: 60 }), 120)).toMatchObject({
    kind: 'known',
    prolonged: true,
    listed: { time: 100, bantime: 80 },
  });
  expect(list.add(banTicket('a', { time: 130, bantime: 10 }), 130)).toMatchObject({ kind: 'known', prolonged: false });
  expect(list.get('a')?.bantime).toBe(80);
  list.add(banTicket('a', { time: 140, bantime: -1 }), 140);
  expect(list.get('a')?.bantime).toBe(-1);
  list.add(banTicket('a', { time: 150, bantime: 9999 }), 150);
  expect(list.get('a')?.bantime).toBe(-1);
  expect(list.total).toBe(1);
});

test('bans are due in the order they were made, so many at a time, one second after their end', () => {
  const list = new BanList();
  for (const [id, bantime] of [
    ['a', 30],
    ['b', 10],
    ['c', 20],
    ['d', -1],
  ] as const)
    list.add(banTicket(id, { time: 0, bantime }), 0);
  expect(list.nextEnd).toBe(10);
  expect(list.takeDue(10, 10)).toEqual([]);
  expect(list.takeDue(40, 2).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(list.takeDue(40, 2).map(({ id }) => id)).toEqual(['c']);
  expect(list.nextEnd).toBe(END_OF_TIME);
});

test('a range finds the banned addresses and ranges in it', () => {
  const list = new BanList();
  for (const id of ['192.0.2.1', '192.0.2.128/25', '192.0.2.0/24', '192.0.3.1', 'text', '2001:db8::1']) list.add(banTicket(id), 0);
  expect(list.within('192.0.2.0/24')).toEqual(['192.0.2.1', '192.0.2.128/25']);
  expect(list.within('2001:db8::/32')).toEqual(['2001:db8::1']);
  expect(list.within('text')).toEqual([]);
});

test('only bans of the jail’s own length follow it', () => {
  const list = new BanList();
  list.add(banTicket('jail', { time: 0, bantime: 600 }), 0);
  list.add(banTicket('own', { time: 0, bantime: 600 }), 0, true);
  list.add(banTicket('grown', { time: 0, bantime: 600 }), 0);
  list.replace(banTicket('grown', { time: 0, bantime: 1200 }));
  expect(list.setLength(60).map(({ id, bantime }) => [id, bantime])).toEqual([['jail', 60]]);
  expect(list.nextEnd).toBe(60);
  expect(list.replace(banTicket('nobody'))).toBe(false);
});

test('whatever is added and removed: nobody is lost, nobody stays past the end', () => {
  const steps = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd'),
      what: fc.constantFrom('ban', 'unban', 'tick'),
      bantime: fc.constantFrom(-1, 0, 5, 50),
      pass: fc.integer({ min: 0, max: 20 }),
    }),
    { maxLength: 80 },
  );
  fc.assert(
    fc.property(steps, (list) => {
      const bans = new BanList();
      const ends = new Map<string, number>();
      let now = 0;
      for (const { id, what, bantime, pass } of list) {
        now += pass;
        const ticket = banTicket(id, { time: now, bantime });
        if (what === 'ban') {
          bans.add(ticket, now);
          ends.set(id, Math.max(ends.get(id) ?? 0, endOfBan(ticket)));
        } else if (what === 'unban') {
          expect(bans.remove(id) !== null).toBe(ends.delete(id));
        } else {
          const due = bans.takeDue(now, 100).map((gone) => gone.id);
          const expected = [...ends].filter(([, end]) => now > end).map(([gone]) => gone);
          expect([...due].sort()).toEqual(expected.sort());
          for (const gone of due) ends.delete(gone);
        }
        expect(new Map(bans.tickets().map((listed) => [listed.id, endOfBan(listed)]))).toEqual(ends);
        expect(bans.nextEnd).toBeLessThanOrEqual(Math.min(Infinity, ...ends.values()));
      }
    }),
  );
});

describe('bans of the database', () => {
  const { increment } = defaultJailConfig('j');
  const growing = { ...increment, increment: true };

  test.each([
    ['a shorter one stays as it is', 100, { bantime: 600, increment }, 100],
    ['a longer one is cut to the jail’s', 5000, { bantime: 600, increment }, 600],
    ['a permanent one is cut to the jail’s', -1, { bantime: 600, increment }, 600],
    ['in a permanent jail it keeps its length', 5000, { bantime: -1, increment }, 5000],
    ['one of unknown length has the jail’s', -2, { bantime: 600, increment }, 600],
    ['with growing times it keeps its length', 5000, { bantime: 600, increment: growing }, 5000],
    ['with growing times it is cut to maxtime', 5000, { bantime: 600, increment: { ...growing, maxtime: 1000 } }, 1000],
  ])('%s', (_name, bantime, config, expected) => {
    expect(restoredBan(banTicket('a', { time: 1000, bantime }), config, 1050)).toMatchObject({
      bantime: expected,
      restored: true,
      time: 1000,
    });
  });

  test('one that has ended by now is not restored', () => {
    expect(restoredBan(banTicket('a', { time: 1000, bantime: 5000 }), { bantime: 600, increment }, 1600)).toBeNull();
  });

  test.each([
    ['not beyond the jail’s time', { bantime: 600, increment }, null],
    ['from ever in a permanent jail', { bantime: -1, increment }, 5000],
    ['from ever with growing times', { bantime: 600, increment: growing }, 5000],
  ])('they count %s', (_name, config, bantime) => {
    expect(restoredBan(banTicket('a', { time: 1000, bantime: 5000 }), config, 1700)?.bantime ?? null).toBe(bantime);
  });

  test('a length that was given by hand is kept, whatever the jail’s', () => {
    const { ticket } = ownLength(banTicket('a', { time: 1000, bantime: 600 }), 5000, 1100);
    expect(ticket).toMatchObject({ time: 1000, bantime: 5100 });
    expect(restoredBan(ticket, { bantime: 600, increment }, 3000)).toMatchObject({ bantime: 5100, restored: true });
    expect(restoredBan(ticket, { bantime: 600, increment }, 6101)).toBeNull();
    expect(restoredBan(ownLength(ticket, -1, 1200).ticket, { bantime: 600, increment }, 9_000_000)).toMatchObject({ bantime: -1 });
  });

  test('a length given by hand grows, or does not', () => {
    const listed = banTicket('a', { time: 1000, bantime: 600 });
    expect(ownLength(listed, 600, 1100).grew).toBe(true);
    expect(ownLength(listed, -1, 1100).grew).toBe(true);
    expect(ownLength(listed, 10, 1100)).toMatchObject({ ticket: { bantime: 110 }, grew: false });
  });
});
