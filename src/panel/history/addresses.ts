/** Answers about addresses from what is summed up of each: one address, those of a range, how often they were banned. */
import type { Row, Sql, SqlValue } from '../../contracts/database/connection';
import { canonicalId } from '../../model/address';
import { keyRange } from './address-key';
import { timeOfId } from './event-id';
import type { AddressSummary, JailSummary, TimesBanned } from './questions';

/** Addresses of a range that are sorted by bans; in a range with more the walk goes by bans instead. */
const MAX_SORTED = 2000;
/** Addresses looked at on that walk. */
const MAX_WALKED = 50_000;
const MAX_NEIGHBOURS = 1000;
/** Ids asked for at once. */
const CHUNK = 1000;

const COLUMNS = 'id, address, failures, bans, unbans, first, last';
const SORTED = `SELECT ${COLUMNS} FROM addresses WHERE key BETWEEN ? AND ? ORDER BY bans DESC, failures DESC, last DESC LIMIT ?`;
const WALKED =
  `SELECT * FROM (SELECT key, ${COLUMNS} FROM addresses INDEXED BY addresses_bans WHERE bans > 0 ORDER BY bans DESC LIMIT ${MAX_WALKED}) ` +
  'WHERE key BETWEEN ? AND ? LIMIT ?';

/** Zeros and nulls for an address that was never seen. */
export async function summaryOf(sql: Sql, id: string): Promise<AddressSummary> {
  const row = await sql.get(`SELECT ${COLUMNS} FROM addresses WHERE address = ?`, [canonicalId(id)]);
  const [summary] = row === null ? [] : await withJails(sql, [row]);
  return summary ?? { id: canonicalId(id), firstSeen: null, lastSeen: null, failures: 0, bans: 0, unbans: 0, jails: [] };
}

/** The addresses seen in a range, most bans first; none for a text that is no range. */
export async function summariesIn(sql: Sql, range: string, limit: number): Promise<readonly AddressSummary[]> {
  const keys = keyRange(range);
  if (keys === null) return [];
  const few = await sql.get(`SELECT count(*) AS seen FROM (SELECT 1 FROM addresses WHERE key BETWEEN ? AND ? LIMIT ${MAX_SORTED + 1})`, [
    keys.first,
    keys.last,
  ]);
  const rows = await sql.all(Number(few?.['seen']) <= MAX_SORTED ? SORTED : WALKED, [
    keys.first,
    keys.last,
    Math.min(limit, MAX_NEIGHBOURS),
  ]);
  return withJails(sql, rows);
}

async function withJails(sql: Sql, rows: readonly Row[]): Promise<readonly AddressSummary[]> {
  const found = await sql.all(
    'SELECT a.address, j.name, a.failures, a.bans, a.unbans, a.last FROM json_each(?) n CROSS JOIN address_jails a ON a.address = n.value ' +
      'JOIN jails j ON j.id = a.jail ORDER BY a.bans DESC, a.failures DESC, j.name',
    [JSON.stringify(rows.map((row) => row['id']))],
  );
  const jails = new Map<SqlValue | undefined, JailSummary[]>(rows.map((row) => [row['id'], []]));
  for (const row of found)
    jails.get(row['address'])?.push({ jail: String(row['name']), ...sumsOf(row), last: timeOfId(Number(row['last'])) });
  return rows.map((row) => ({
    id: String(row['address']),
    firstSeen: timeOfId(Number(row['first'])),
    lastSeen: timeOfId(Number(row['last'])),
    ...sumsOf(row),
    jails: jails.get(row['id']) ?? [],
  }));
}

function sumsOf(row: Row): { failures: number; bans: number; unbans: number } {
  return { failures: Number(row['failures']), bans: Number(row['bans']), unbans: Number(row['unbans']) };
}

/** Only ids that were seen are in the answer. `read` is asked for some thousand ids at once, so that others get their turn in between. */
export async function timesBannedOf(
  read: <T>(work: (sql: Sql) => Promise<T>) => Promise<T>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, TimesBanned>> {
  const times = new Map<string, TimesBanned>();
  for (let at = 0; at < ids.length; at += CHUNK) {
    const rows = await read((sql) =>
      sql.all('SELECT a.address, a.failures, a.bans FROM json_each(?) n CROSS JOIN addresses a ON a.address = n.value', [
        JSON.stringify(ids.slice(at, at + CHUNK)),
      ]),
    );
    for (const row of rows) times.set(String(row['address']), { failures: Number(row['failures']), bans: Number(row['bans']) });
  }
  return times;
}
