/** Who comes first over many days, of a hundred thousand: the best of each day are added up, and no more are looked at than needed to be sure. */
import type { Sql } from '../../contracts/database/connection';
import { DAY } from './event-writer';

/** Best of each day that are taken; when those don't decide, more, and in the end all. */
const TAKEN = [32, 128, 1024];

export interface Ranking {
  readonly dimension: number;
  readonly by: 'bans' | 'failures';
  readonly limit: number;
  /** The beginnings of the days. */
  readonly days: readonly number[];
}

/** The keys of the first, in no order; null when taking the best of each day does not decide who they are. */
export async function firstKeys(sql: Sql, ranking: Ranking): Promise<readonly number[] | null> {
  for (const taken of TAKEN) {
    const keys = await decide(sql, ranking, taken);
    if (keys !== null) return keys;
  }
  return null;
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
      `FROM days d CROSS JOIN counts c INDEXED BY counts_${by} ON c.start = d.start AND c.${by} > d.floor ` +
      `WHERE c.step = ${DAY} AND c.dimension > 2 AND c.${by} > 0 AND c.dimension = ? GROUP BY c.key ` +
      'UNION ALL SELECT NULL, 0, sum(floor) FROM days ORDER BY least DESC',
    [dimension, listed, dimension],
  );
  // The last row is of everybody who was not seen.
  const unseen = Number(rows.at(-1)?.['most'] ?? 0);
  const enough = Number(rows[limit - 1]?.['least'] ?? 0);
  if (unseen > enough) return null;
  return rows.filter((row) => row['key'] !== null && Number(row['most']) >= enough).map((row) => Number(row['key']));
}
