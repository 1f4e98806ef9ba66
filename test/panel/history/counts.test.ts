import { systemClock } from '../../../src/base/clock';
import { silentLogger } from '../../../src/base/logger';
import type { HistoryEvent } from '../../../src/panel/history/history';
import type { Sql } from '../../../src/contracts/database/connection';
import { DIMENSION } from '../../../src/panel/history/event-writer';
import { openHistory } from '../../../src/panel/history/open-history';
import type { TopQuery } from '../../../src/panel/history/questions';
import { firstKeys, firstKeysIn } from '../../../src/panel/history/ranking';
import type { SqliteHistory } from '../../../src/panel/history/sqlite-history';
import { attackHistory } from '../../support/attack-history';
import { placed } from '../../support/history';

const HOUR = 3600;
const DAY = 86_400;
const END = 1_795_000_000;
const floor = (step: number, time: number): number => Math.floor(time / step) * step;

let history: SqliteHistory;
let events: readonly HistoryEvent[];

beforeAll(async () => {
  history = await openHistory(':memory:', systemClock, silentLogger);
  events = [...attackHistory(30_000, END, 60, 3).batches(30_000)].flat();
  for (let at = 0; at < events.length; at += 1000) await history.add(events.slice(at, at + 1000), [], END);
});

afterAll(() => history.close());

const KEYS = {
  address: (event: HistoryEvent) => event.id,
  jail: (event: HistoryEvent) => event.jail,
  country: (event: HistoryEvent) => event.country ?? '',
  network: (event: HistoryEvent) => (event.asn === null ? '' : String(event.asn)),
};

/** Sums of everything in [from, to), by key. */
function sums(of: keyof typeof KEYS, from: number, to: number): Map<string, { failures: number; bans: number }> {
  const found = new Map<string, { failures: number; bans: number }>();
  for (const event of events) {
    if (event.time < from || event.time >= to || (event.kind !== 'found' && event.kind !== 'ban')) continue;
    const sum = found.get(KEYS[of](event)) ?? { failures: 0, bans: 0 };
    sum[event.kind === 'ban' ? 'bans' : 'failures']++;
    found.set(KEYS[of](event), sum);
  }
  return found;
}

describe('counts over time', () => {
  it.each(['jail', 'country', 'network'] as const)('by %s and hour are the events of that hour', async (by) => {
    const rows = await history.counts({ from: END - 2 * DAY, to: END, step: 'hour', by });
    const hours = [...new Set(rows.map((row) => row.start))];
    expect(hours.length).toBeGreaterThan(40);
    for (const hour of hours) {
      const here = rows.filter((row) => row.start === hour);
      expect(new Map(here.map(({ key, failures, bans }) => [key, { failures, bans }]))).toEqual(
        sums(by, hour, Math.min(hour + HOUR, END + 1)),
      );
    }
  });

  it('by day reach back to the beginning; all jails together are one row a day', async () => {
    const rows = await history.counts({ from: END - 60 * DAY, to: END, step: 'day', by: null });
    const all = sums('jail', 0, Infinity);
    const total = [...all.values()].reduce((sum, { failures }) => sum + failures, 0);
    expect(rows.reduce((sum, row) => sum + row.failures, 0)).toBe(total);
    expect(rows.every((row) => row.key === '' && row.start % DAY === 0)).toBe(true);
    expect(new Set(rows.map((row) => row.start)).size).toBe(rows.length);
  });

  it.each([
    ['jail', ['sshd', "'; --"]],
    ['country', ['CN', '']],
    ['network', ['1000', '1001', '']],
  ] as const)('by %s may be asked for some keys only', async (by, only) => {
    const question = { from: END - 5 * DAY, to: END, step: 'day', by } as const;
    const wanted = (await history.counts(question)).filter((row) => (only as readonly string[]).includes(row.key));
    expect(wanted.length).toBeGreaterThan(0);
    expect(await history.counts({ ...question, only })).toEqual(wanted);
  });

  it('by hour have zeros for quiet hours', async () => {
    const quiet = await openHistory(':memory:', systemClock, silentLogger);
    const begin = floor(HOUR, END);
    const event = (time: number, kind: HistoryEvent['kind']) => ({ time, kind, jail: 'ssh', id: '192.0.2.1' });
    await quiet.add(
      placed([event(begin + 60, 'found'), event(begin + 61, 'ban'), event(begin + 7300, 'found'), event(begin + 7301, 'unban')]),
      [],
      END,
    );
    expect(await quiet.perHour(begin + 1800, begin + 3 * HOUR)).toEqual([
      { hour: begin, failures: 1, bans: 1 },
      { hour: begin + HOUR, failures: 0, bans: 0 },
      { hour: begin + 2 * HOUR, failures: 1, bans: 0 },
    ]);
    await quiet.close();
  });
});

describe('who comes first', () => {
  /** The values of the first: who shares the last of them may be one or the other. */
  function firstValues(query: TopQuery, from: number, to: number): number[] {
    return [...sums(query.of, from, to).values()]
      .map((sum) => sum[query.by])
      .filter((value) => value > 0)
      .sort((a, b) => b - a)
      .slice(0, query.limit);
  }

  it.each([
    [6, 'hours'],
    [30, 'hours'],
    [7 * 24, 'days'],
    [30 * 24, 'days'],
    [60 * 24, 'days'],
  ])('in the last %d hours is as a look at every event says, by whole %s', async (hours) => {
    for (const what of ['address', 'jail', 'country', 'network'] as const) {
      for (const by of ['bans', 'failures'] as const) {
        const query: TopQuery = { from: END - hours * HOUR, to: END + 1, of: what, by, limit: 10 };
        const whole = hours > 48 && (what === 'address' || what === 'network');
        const kept = hours <= 35 * 24;
        const [from, to] = whole ? [floor(DAY, query.from), Infinity] : [floor(kept ? HOUR : DAY, query.from), Infinity];
        const rows = await history.top(query);
        expect({ query, values: rows.map((row) => row[by]) }).toEqual({ query, values: firstValues(query, from, to) });
        const all = sums(what, from, to);
        for (const { key, failures, bans } of rows) expect({ key, failures, bans }).toEqual({ key, ...all.get(key) });
      }
    }
  });

  it('is nobody in a time without events, and in none at all', async () => {
    expect(await history.top({ from: 1000, to: 2000, of: 'address', by: 'bans', limit: 10 })).toEqual([]);
    expect(await history.top({ from: END, to: END - 10, of: 'jail', by: 'bans', limit: 10 })).toEqual([]);
  });

  it('is found also when the best of each day do not decide', async () => {
    const flat = await openHistory(':memory:', systemClock, silentLogger);
    const begin = floor(DAY, END) - 4 * DAY;
    const crowd = Array.from({ length: 4 * 1500 }, (_, at) => ({
      time: begin + Math.floor(at / 1500) * DAY + (at % 1500) * 50,
      jail: 'sshd',
      kind: 'found' as const,
      id: `10.${at % 1500 < 1499 ? Math.floor(at / 1500) : 99}.${Math.floor((at % 1500) / 250)}.${at % 250}`,
    }));
    await flat.add(placed(crowd), [], END);
    const [first, second] = await flat.top({ from: begin, to: begin + 4 * DAY, of: 'address', by: 'failures', limit: 2 });
    expect([first?.failures, second?.failures]).toEqual([4, 1]);
    await flat.close();
  });

  it('is found where more share the last place than are looked at', async () => {
    const flat = await openHistory(':memory:', systemClock, silentLogger);
    const begin = floor(DAY, END) - 4 * DAY;
    const idOf = (at: number): string => `10.0.${Math.floor(at / 250)}.${at % 250}`;
    const once = Array.from({ length: 2000 }, (_, at) => ({ time: begin + at * 40, jail: 'sshd', kind: 'ban' as const, id: idOf(at) }));
    const again = [1999, 1998].map((at) => ({ time: begin + 3 * DAY, jail: 'sshd', kind: 'ban' as const, id: idOf(at) }));
    await flat.add(placed([...once, ...again]), [], begin + DAY);
    const rows = await flat.top({ from: begin, to: begin + 4 * DAY, of: 'address', by: 'bans', limit: 5 });
    expect(rows.map(({ bans }) => bans)).toEqual([2, 2, 1, 1, 1]);
    expect(new Set(rows.slice(0, 2).map(({ key }) => key))).toEqual(new Set([idOf(1999), idOf(1998)]));
    const hours = [{ step: HOUR, start: begin, end: begin + DAY }];
    const keys = await flat.database.read((sql) => firstKeysIn(sql, { dimension: DIMENSION.address, by: 'bans', limit: 5 }, hours));
    expect(keys).toHaveLength(505);
    const short = await flat.top({ from: begin, to: begin + DAY, of: 'address', by: 'bans', limit: 5 });
    expect(short.map(({ bans, failures }) => [bans, failures])).toEqual(Array.from({ length: 5 }, () => [1, 0]));
    await flat.close();
  });

  it.each(['bans', 'failures'] as const)(
    'over days is asked of the index by %s alone, and of those above the floor of each day',
    async (by) => {
      const plans: string[] = [];
      await history.database.read(async (sql) => {
        const watched: Sql = {
          ...sql,
          async all(text, values) {
            plans.push((await sql.all(`EXPLAIN QUERY PLAN ${text}`, values)).map((row) => String(row['detail'])).join('\n'));
            // Nobody is found, so that all ways are gone.
            return text.includes('UNION ALL') ? [{ key: null, least: 0, most: 1 }] : sql.all(text, values);
          },
        };
        const days = Array.from({ length: 30 }, (_, at) => floor(DAY, END) - (29 - at) * DAY);
        const keys = await firstKeys(watched, { dimension: DIMENSION.address, by, limit: 10, days });
        expect(keys.length).toBeGreaterThanOrEqual(10);
      });
      expect(plans).toHaveLength(4);
      const index = `USING COVERING INDEX counts_${by} (dimension=? AND start`;
      expect(plans[0]).toContain(`SEARCH c ${index}=? AND ${by}>? AND ${by}<?)`);
      expect(plans[3]).toContain(`SEARCH counts ${index}>? AND start<?)`);
      expect(plans.join('\n')).not.toMatch(/SCAN counts|PRIMARY KEY/);
    },
  );
});
