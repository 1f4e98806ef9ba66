/** How long the history is kept: events, counts and addresses beyond it go, in transactions so small that nobody waits for them. */
import { sleep, type Clock } from '../../base/clock';
import type { HistoryDatabase } from './database';
import { firstIdFrom } from './event-id';
import { DAY, DIMENSION, HOUR, hoursKeptFrom } from './event-writer';

export const RETENTION_SETTING = 'retention.days';
export const DEFAULT_RETENTION = 180;
/** Ten years. */
export const MAX_RETENTION = 3650;
/** Rows of one transaction. */
const CHUNK = 1000;
/** Between two transactions, seconds. */
const PAUSE = 0.02;

/** The days of a setting's text; the default for a text that is no whole number from 1 to 3650. */
export function retentionDays(text: string | null): number {
  const days = text !== null && /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0;
  return days >= 1 && days <= MAX_RETENTION ? days : DEFAULT_RETENTION;
}

/** Events before this time are not kept; the beginning of a day of UTC. */
export async function keptFrom(database: HistoryDatabase, now: number): Promise<number> {
  const row = await database.read((sql) => sql.get('SELECT value FROM settings WHERE key = ?', [RETENTION_SETTING]));
  return (Math.floor(now / DAY) - retentionDays(row === null ? null : String(row['value']))) * DAY;
}

/**
 * Removes what is older than the setting says, and hours that are kept as days from now on. Counts of addresses go when nothing
 * happened to them in all the time that is kept. Stops between two transactions when `wanted` is false.
 */
export async function trim(database: HistoryDatabase, clock: Clock, wanted: () => boolean = () => true): Promise<void> {
  const now = clock.now();
  const from = await keptFrom(database, now);
  const first = firstIdFrom(from);
  const repeat = async (step: () => Promise<number>): Promise<void> => {
    while (wanted() && (await step()) > 0) await sleep(clock, PAUSE);
  };
  await repeat(() =>
    database.write(async (sql) => {
      const gone = await sql.run(`DELETE FROM events WHERE id IN (SELECT id FROM events WHERE id < ? ORDER BY id LIMIT ${CHUNK})`, [first]);
      await sql.run("UPDATE totals SET value = value - ? WHERE name = 'events'", [gone]);
      return gone;
    }),
  );
  for (const dimension of Object.values(DIMENSION)) {
    await repeat(() => removeCounts(database, dimension, HOUR, Math.max(from, hoursKeptFrom(dimension, now))));
    await repeat(() => removeCounts(database, dimension, DAY, from));
  }
  await removeAddresses(database, first, repeat);
}

function removeCounts(database: HistoryDatabase, dimension: number, step: number, before: number): Promise<number> {
  return database.write((sql) =>
    sql.run(
      'DELETE FROM counts WHERE (dimension, step, start, key) IN ' +
        `(SELECT dimension, step, start, key FROM counts WHERE dimension = ? AND step = ? AND start < ? LIMIT ${CHUNK})`,
      [dimension, step, before],
    ),
  );
}

/** Walks over all addresses by number, some thousand in one transaction, few of which are removed. */
async function removeAddresses(
  database: HistoryDatabase,
  first: number,
  repeat: (step: () => Promise<number>) => Promise<void>,
): Promise<void> {
  let at = 0;
  await repeat(() =>
    database.write(async (sql) => {
      const rows = await sql.all(`SELECT id, last FROM addresses WHERE id > ? ORDER BY id LIMIT ${CHUNK}`, [at]);
      const gone = JSON.stringify(rows.filter((row) => Number(row['last']) < first).map((row) => row['id']));
      await sql.run('DELETE FROM address_jails WHERE address IN (SELECT value FROM json_each(?))', [gone]);
      await sql.run('DELETE FROM addresses WHERE id IN (SELECT value FROM json_each(?))', [gone]);
      at = Number(rows.at(-1)?.['id'] ?? at);
      return rows.length;
    }),
  );
}
