/** Writes a batch of events and everything that is counted of them: a few statements over the whole batch, so that a million lines take seconds. */
import type { Sql } from '../../contracts/database/connection';
import { addressKey } from './address-key';
import { firstIdFrom, millisecondOf, numberOfKind, PER_MILLISECOND, PER_SECOND } from './event-id';
import type { HistoryEvent } from './history';

export const HOUR = 3600;
export const DAY = 86_400;

/** What `counts` counts by. */
export const DIMENSION = { jail: 1, country: 2, network: 3, address: 4 } as const;

/** A table of the connection alone: the batch, before and after the names have numbers. */
export const BATCH_TABLE = `
  CREATE TEMP TABLE IF NOT EXISTS batch(id INTEGER PRIMARY KEY, jail_name TEXT, kind INTEGER, address_text TEXT, key BLOB,
    country TEXT, asn INTEGER, jail INTEGER, address INTEGER);`;

const FILL =
  'INSERT INTO batch(id, jail_name, kind, address_text, key, country, asn) ' +
  'SELECT value->>0, value->>1, value->>2, value->>3, unhex(value->>4), value->>5, value->>6 FROM json_each(?)';
const TALLY = 'count(*), sum(kind = 1), sum(kind = 2), sum(kind = 3), min(id), max(id)';
const MERGE =
  'failures = failures + excluded.failures, bans = bans + excluded.bans, unbans = unbans + excluded.unbans, ' +
  'first = min(first, excluded.first), last = max(last, excluded.last)';

const ADD_JAILS = 'INSERT OR IGNORE INTO jails(name) SELECT DISTINCT jail_name FROM batch';
const ADD_ADDRESSES =
  'INSERT INTO addresses(address, key, events, failures, bans, unbans, first, last) ' +
  `SELECT address_text, key, ${TALLY} FROM batch WHERE true GROUP BY address_text ` +
  `ON CONFLICT(address) DO UPDATE SET events = events + excluded.events, ${MERGE}`;
const NUMBER =
  'UPDATE batch SET jail = (SELECT id FROM jails WHERE name = jail_name), address = (SELECT id FROM addresses WHERE address = address_text)';
const MATCHED =
  'UPDATE jails SET matched = max(coalesce(matched, 0), found.last) ' +
  'FROM (SELECT jail, max(id) AS last FROM batch WHERE kind = 1 GROUP BY jail) found WHERE jails.id = found.jail';
const ADD_ADDRESS_JAILS =
  'INSERT INTO address_jails(address, jail, failures, bans, unbans, first, last) ' +
  'SELECT address, jail, sum(kind = 1), sum(kind = 2), sum(kind = 3), min(id), max(id) FROM batch WHERE true GROUP BY address, jail ' +
  `ON CONFLICT(address, jail) DO UPDATE SET ${MERGE}`;
const ADD_EVENTS =
  'INSERT INTO events(id, jail, kind, address, country, asn) SELECT id, jail, kind, address, country, asn FROM batch ORDER BY id';
const ADD_TOTAL = "UPDATE totals SET value = value + ? WHERE name = 'events'";

/** How long hours are kept beside the days, in days; those of addresses are many. */
export const HOURS_KEPT = { [DIMENSION.jail]: 35, [DIMENSION.country]: 35, [DIMENSION.network]: 35, [DIMENSION.address]: 2 } as const;

function addCounts(dimension: number, step: number, key: string): string {
  return (
    'INSERT INTO counts(dimension, step, start, key, failures, bans) ' +
    `SELECT ${dimension}, ${step}, id / ${step * PER_SECOND} * ${step} AS begin, ${key} AS whose, sum(kind = 1), sum(kind = 2) ` +
    'FROM batch WHERE kind < 3 AND id >= ? GROUP BY begin, whose ' +
    'ON CONFLICT(dimension, step, start, key) DO UPDATE SET failures = failures + excluded.failures, bans = bans + excluded.bans'
  );
}

const COUNTED = [
  { dimension: DIMENSION.jail, key: 'jail' },
  { dimension: DIMENSION.country, key: "coalesce(country, '')" },
  { dimension: DIMENSION.network, key: 'coalesce(asn, 0)' },
  { dimension: DIMENSION.address, key: 'address' },
];
const ADD_COUNTS = COUNTED.map(({ dimension, key }) => ({
  dimension,
  hours: addCounts(dimension, HOUR, key),
  days: addCounts(dimension, DAY, key),
}));

/** Hours before this time, the beginning of a day, are not kept. */
export function hoursKeptFrom(dimension: keyof typeof HOURS_KEPT, now: number): number {
  return (Math.floor(now / DAY) - HOURS_KEPT[dimension]) * DAY;
}

/** Adds events in any order of time. Must run in a transaction of a connection that has the table of the batch. */
export async function writeEvents(sql: Sql, events: readonly HistoryEvent[], now: number): Promise<void> {
  if (events.length === 0) return;
  const ids = await idsFor(sql, events);
  const rows = events.map((event, at) => [
    ids[at],
    event.jail,
    numberOfKind(event.kind),
    event.id,
    addressKey(event.id)?.toString('hex') ?? null,
    event.country,
    event.asn,
  ]);
  await sql.run('DELETE FROM batch');
  await sql.run(FILL, [JSON.stringify(rows)]);
  for (const statement of [ADD_JAILS, ADD_ADDRESSES, NUMBER, MATCHED, ADD_ADDRESS_JAILS, ADD_EVENTS]) await sql.run(statement);
  for (const { dimension, hours, days } of ADD_COUNTS) {
    await sql.run(hours, [firstIdFrom(hoursKeptFrom(dimension, now))]);
    await sql.run(days, [0]);
  }
  await sql.run(ADD_TOTAL, [events.length]);
}

/** A free number for each event: the next one of its millisecond, or of the one after when that is full. */
async function idsFor(sql: Sql, events: readonly HistoryEvent[]): Promise<readonly number[]> {
  const milliseconds = events.map((event) => millisecondOf(event.time));
  const next = await takenIn(sql, [...new Set(milliseconds)]);
  const ids: number[] = [];
  for (let millisecond of milliseconds) {
    for (;;) {
      const taken = next.get(millisecond) ?? (await takenIn(sql, [millisecond])).get(millisecond) ?? 0;
      next.set(millisecond, taken + 1);
      if (taken < PER_MILLISECOND) {
        ids.push(millisecond * PER_MILLISECOND + taken);
        break;
      }
      millisecond++;
    }
  }
  return ids;
}

/** How many numbers of each millisecond are taken. */
async function takenIn(sql: Sql, milliseconds: readonly number[]): Promise<Map<number, number>> {
  const rows = await sql.all(
    'SELECT value AS millisecond, ' +
      `(SELECT max(id) FROM events WHERE id >= value * ${PER_MILLISECOND} AND id < (value + 1) * ${PER_MILLISECOND}) AS last FROM json_each(?)`,
    [JSON.stringify(milliseconds)],
  );
  return new Map(rows.map((row) => [Number(row['millisecond']), row['last'] === null ? 0 : (Number(row['last']) % PER_MILLISECOND) + 1]));
}
