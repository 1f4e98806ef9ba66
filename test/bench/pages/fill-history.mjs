// Fills a history with months of events by SQL alone: the events first, then what is counted of them, the indexes last. Says what the writer of events would have written.
import { createRequire } from 'node:module';
import { random } from '../logs.mjs';
import { COUNTRIES, drawAddresses, JAILS, rank } from './people.mjs';

const require = createRequire(import.meta.url);
const dist = (name) => require(`../../../dist/${name}.js`);
const { openConnection } = dist('contracts/database/connection');
const { openHistory } = dist('panel/history/open-history');
const { addressKey } = dist('panel/history/address-key');
const { PER_MILLISECOND, PER_SECOND, firstIdFrom } = dist('panel/history/event-id');
const { DAY, DIMENSION, HOUR, hoursKeptFrom } = dist('panel/history/event-writer');
const { systemClock } = dist('base/clock');
const { silentLogger } = dist('base/logger');

const AT_ONCE = 50_000;
/** Days before `now` in which the events lie. */
const DAYS = 180;
/** Addresses by events. */
const EVENTS_EACH = 25;

/** Events as rows of their table, oldest first. */
function* eventRows(count, addresses, now, seed) {
  const next = random(seed);
  const span = DAYS * DAY * 1000;
  const start = Math.floor(now * 1000) - span;
  const attackers = addresses.map(() => [1 + rank(next, JAILS.length), COUNTRIES[rank(next, COUNTRIES.length)], 1000 + rank(next, 4000)]);
  let [last, inMillisecond] = [-1, 0];
  for (let from = 0; from < count; from += AT_ONCE) {
    const rows = [];
    for (let at = from; at < Math.min(count, from + AT_ONCE); at++) {
      const millisecond = start + Math.floor((span * at) / count);
      inMillisecond = millisecond === last ? inMillisecond + 1 : 0;
      last = millisecond;
      const address = rank(next, addresses.length);
      const draw = next();
      const kind = draw < 0.76 ? 1 : draw < 0.86 ? 2 : draw < 0.96 ? 3 : 4 + Math.floor(next() * 3);
      const [jail, country, asn] = attackers[address];
      rows.push([millisecond * PER_MILLISECOND + inMillisecond, jail, kind, address + 1, country, asn]);
    }
    yield rows;
  }
}

const counted = (dimension, step, key, from) =>
  'INSERT INTO counts(dimension, step, start, key, failures, bans) ' +
  `SELECT ${dimension}, ${step}, id / ${step * PER_SECOND} * ${step} AS begin, ${key} AS whose, sum(kind = 1), sum(kind = 2) ` +
  `FROM events WHERE kind < 3 AND id >= ${from} GROUP BY begin, whose`;

async function fill(sql, count, addresses, now, seed) {
  const indexes = await sql.all(
    "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND name NOT LIKE 'audit%' AND name NOT LIKE 'notes%'",
  );
  for (const { name } of indexes) await sql.exec(`DROP INDEX ${name}`);
  await sql.run('INSERT INTO jails(id, name) SELECT key + 1, value FROM json_each(?)', [JSON.stringify(JAILS)]);
  for (const rows of eventRows(count, addresses, now, seed)) {
    await sql.run(
      'INSERT INTO events(id, jail, kind, address, country, asn) SELECT value->>0, value->>1, value->>2, value->>3, value->>4, value->>5 FROM json_each(?)',
      [JSON.stringify(rows)],
    );
  }
  await sql.exec('CREATE TEMP TABLE names(id INTEGER PRIMARY KEY, address TEXT, key BLOB)');
  await sql.run('INSERT INTO names SELECT key + 1, value->>0, unhex(value->>1) FROM json_each(?)', [
    JSON.stringify(addresses.map((id) => [id, addressKey(id)?.toString('hex') ?? null])),
  ]);
  await sql.exec(
    'INSERT INTO addresses(id, address, key, events, failures, bans, unbans, first, last) ' +
      'SELECT n.id, n.address, n.key, count(*), sum(kind = 1), sum(kind = 2), sum(kind = 3), min(e.id), max(e.id) ' +
      'FROM events e JOIN names n ON n.id = e.address GROUP BY e.address',
  );
  await sql.exec('UPDATE jails SET matched = (SELECT max(id) FROM events WHERE kind = 1 AND jail = jails.id)');
  await sql.exec(
    'INSERT INTO address_jails(address, jail, failures, bans, unbans, first, last) ' +
      'SELECT address, jail, sum(kind = 1), sum(kind = 2), sum(kind = 3), min(id), max(id) FROM events GROUP BY address, jail',
  );
  const keys = {
    [DIMENSION.jail]: 'jail',
    [DIMENSION.country]: "coalesce(country, '')",
    [DIMENSION.network]: 'coalesce(asn, 0)',
    [DIMENSION.address]: 'address',
  };
  for (const [dimension, key] of Object.entries(keys)) {
    await sql.exec(counted(dimension, HOUR, key, firstIdFrom(hoursKeptFrom(Number(dimension), now))));
    await sql.exec(counted(dimension, DAY, key, 0));
  }
  await sql.run("UPDATE totals SET value = ? WHERE name = 'events'", [count]);
  for (const { sql: text } of indexes) await sql.exec(text);
}

/** Makes `file` a history of so many events that end at `now`, seconds; returns the addresses, the busiest first. */
export async function fillHistory(file, count, now, seed = 1) {
  await (await openHistory(file, systemClock, silentLogger)).close();
  const addresses = drawAddresses(Math.ceil(count / EVENTS_EACH), seed + 7);
  const connection = await openConnection(file);
  try {
    await connection.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA temp_store = MEMORY');
    await connection.transaction((sql) => fill(sql, count, addresses, now, seed));
  } finally {
    await connection.close();
  }
  return addresses;
}
