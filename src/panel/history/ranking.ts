/** Who comes first, of a hundred thousand. Over many days the best of each day are added up, and no more are looked at than needed to be sure. */
import type { Sql, SqlValue } from '../../contracts/database/connection';
import { DAY } from './event-writer';

/** Best of each day that are taken; when those don't decide, more, and in the end all. */
const TAKEN = [32, 128, 1024];
/** Keys that share the last place and are looked at; of more those that are known longest. */
const SHARED = 500;
/** Nothing happens so often in a day. */
const MANY = 1e12;

/** Hours or days one after the other. */
export interface Span {
  readonly step: number;
  readonly start: number;
  readonly end: number;
}

interface Place {
  readonly dimension: number;
  readonly by: 'bans' | 'failures';
  readonly limit: number;
}

export interface Ranking extends Place {
  /** The beginnings of the days, one after the other; at least one. */
  readonly days: readonly number[];
}

/** The keys of the first, in no order, and of those who share the last place, as far as they are few. */
export async function firstKeys(sql: Sql, ranking: Ranking): Promise<readonly number[]> {
  for (const taken of TAKEN) {
    const keys = await decide(sql, ranking, taken);
    if (keys !== null) return keys;
  }
  return addUp(sql, ranking);
}

/** All that had some of it are added up: of bans those are few beside the failures. */
async function addUp(sql: Sql, { days, ...place }: Ranking): Promise<readonly number[]> {
  const { dimension, by } = place;
  const rows =
    `SELECT key, ${by} AS value FROM counts INDEXED BY counts_${by} WHERE step = ${DAY} AND dimension > 2 AND ${by} > 0 AND dimension = ? ` +
    'AND start BETWEEN ? AND ?';
  return bestOf(sql, place, rows, [dimension, days[0] ?? 0, days.at(-1) ?? 0]);
}

/** The same in a short time: only who had some of it is added up. */
export function firstKeysIn(sql: Sql, place: Place, spans: readonly Span[]): Promise<readonly number[]> {
  const { dimension, by } = place;
  const part = `SELECT key, ${by} AS value FROM counts WHERE dimension = ? AND step = ? AND start >= ? AND start < ? AND ${by} > 0`;
  const values = spans.flatMap(({ step, start, end }) => [dimension, step, start, end]);
  return bestOf(sql, place, spans.map(() => part).join(' UNION ALL '), values);
}

async function bestOf(sql: Sql, { limit }: Place, parts: string, values: readonly SqlValue[]): Promise<readonly number[]> {
  const rows = await sql.all(`SELECT key, sum(value) AS whole FROM (${parts}) GROUP BY key ORDER BY whole DESC, key LIMIT ?`, [
    ...values,
    limit + SHARED,
  ]);
  const enough = Number(rows[limit - 1]?.['whole'] ?? 0);
  return rows.filter((row) => Number(row['whole']) >= enough).map((row) => Number(row['key']));
}

/**
 * A key that is not among the best of a day counts at most that day's `floor` there. So a key has at least what was seen of it, and at most
 * that and the floors of the other days; one that was never seen has at most the sum of all floors.
 */
async function decide(sql: Sql, { dimension, by, limit, days }: Ranking, taken: number): Promise<readonly number[] | null> {
  const listed = JSON.stringify(days);
  const rows = await sql.all(
    'WITH days(start, floor) AS MATERIALIZED (SELECT n.value, coalesce((' +
      `SELECT ${by} FROM counts INDEXED BY counts_${by} WHERE step = ${DAY} AND dimension > 2 AND ${by} > 0 AND dimension = ? AND start = n.value ` +
      `ORDER BY ${by} DESC LIMIT 1 OFFSET ${taken}), 0) FROM json_each(?) n) ` +
      `SELECT c.key, sum(c.${by}) AS least, sum(c.${by}) + (SELECT sum(floor) FROM days) - sum(d.floor) AS most ` +
      // The index is only walked above the floor where both ends are told: it is led by `> 0` else.
      `FROM days d CROSS JOIN counts c INDEXED BY counts_${by} ON c.start = d.start AND c.${by} BETWEEN d.floor + 1 AND ${MANY} ` +
      `WHERE c.step = ${DAY} AND c.dimension > 2 AND c.${by} > 0 AND c.dimension = ? GROUP BY c.key ` +
      'UNION ALL SELECT NULL, 0, sum(floor) FROM days ORDER BY least DESC',
    [dimension, listed, dimension],
  );
  // The last row is of everybody who was not seen.
  const unseen = Number(rows.at(-1)?.['most'] ?? 0);
  const enough = Number(rows[limit - 1]?.['least'] ?? 0);
  if (unseen > enough) return null;
  const keys = rows.filter((row) => row['key'] !== null && Number(row['most']) >= enough).map((row) => Number(row['key']));
  return keys.length > limit + SHARED ? null : keys;
}
