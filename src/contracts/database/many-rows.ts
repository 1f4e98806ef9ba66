/** Many rows in one statement: they travel to SQLite as one JSON text, so that a ban costs one round trip and a thousand bans cost one too. */
import type { Sql, SqlValue } from './connection';

/** A row of `bans` and of `bips`. */
export interface BanRow {
  readonly ip: string;
  readonly timeofban: number;
  readonly bantime: number;
  readonly bancount: number;
  /** JSON text, as `encodeTicketData` makes it. */
  readonly data: Buffer;
}

/** A row of `logs`. */
export interface LogRow {
  readonly path: string;
  readonly firstlinemd5: string;
  readonly lastfilepos: number;
}

/** A row of `bailiff_failures`. */
export interface CountRow {
  readonly ip: string;
  readonly time: number;
  readonly firsttime: number;
  readonly retry: number;
  /** JSON text, as `encodeTicketData` makes it. */
  readonly data: Buffer;
}

/** Rows of one statement. */
const ROWS = 4000;
/** The same where a row may be long, and all that is counted is written at once. */
const LONG_ROWS = 500;
/** Text that may hold anything, a NUL too, is told in hexadecimal: SQLite's JSON ends a text at its first NUL. */
const hex = (text: string): string => Buffer.from(text, 'utf8').toString('hex');
const text = (at: number): string => `CAST(unhex(row.value ->> ${at}) AS TEXT)`;

/** Of this connection alone: a row that is put into `bailiff_recorded` becomes the jail's, when it is new, the ban, and the last ban of its id. */
const RECORDER = `
  CREATE TEMP VIEW IF NOT EXISTS bailiff_recorded AS SELECT jail, ip, timeofban, bantime, bancount, data FROM main.bans;
  CREATE TEMP TRIGGER IF NOT EXISTS bailiff_record INSTEAD OF INSERT ON bailiff_recorded BEGIN
    INSERT OR IGNORE INTO jails(name, enabled) VALUES(NEW.jail, 1);
    INSERT INTO bans(jail, ip, timeofban, bantime, bancount, data)
      VALUES(NEW.jail, NEW.ip, NEW.timeofban, NEW.bantime, NEW.bancount, NEW.data);
    INSERT OR REPLACE INTO bips(jail, ip, timeofban, bantime, bancount, data)
      VALUES(NEW.jail, NEW.ip, NEW.timeofban, NEW.bantime, NEW.bancount, NEW.data);
  END;`;
const RECORD =
  'INSERT INTO bailiff_recorded(jail, ip, timeofban, bantime, bancount, data) ' +
  `SELECT ?1, ${text(0)}, row.value ->> 1, row.value ->> 2, row.value ->> 3, CAST(row.value ->> 4 AS BLOB) FROM json_each(?2) AS row`;
const SAVE_POSITIONS =
  'INSERT INTO logs(jail, path, firstlinemd5, lastfilepos) ' +
  `SELECT ?1, ${text(0)}, ${text(1)}, row.value ->> 2 FROM json_each(?2) AS row WHERE true ` +
  'ON CONFLICT(jail, path) DO UPDATE SET firstlinemd5 = excluded.firstlinemd5, lastfilepos = excluded.lastfilepos';
const SAVE_COUNTS =
  'INSERT OR REPLACE INTO bailiff_failures(jail, ip, time, firsttime, retry, data) ' +
  `SELECT ?1, ${text(0)}, row.value ->> 1, row.value ->> 2, row.value ->> 3, CAST(row.value ->> 4 AS BLOB) FROM json_each(?2) AS row`;
const FORGET_COUNTS = `DELETE FROM bailiff_failures WHERE jail = ?1 AND ip IN (SELECT ${text(0)} FROM json_each(?2) AS row)`;

/** Makes what `recordRows` needs; once for a connection. */
export function prepareRecorder(sql: Sql): Promise<void> {
  return sql.exec(RECORDER);
}

/** How many statements it takes: one is a transaction of its own. */
export function isOneStatement(rows: readonly unknown[]): boolean {
  return rows.length <= ROWS;
}

/** Writes bans into `bans` and `bips`, and their jail when it is new. */
export async function recordRows(sql: Sql, jail: string, rows: readonly BanRow[]): Promise<void> {
  const valuesOf = ({ ip, timeofban, bantime, bancount, data }: BanRow): readonly SqlValue[] => {
    return [hex(ip), timeofban, bantime, bancount, data.toString('utf8')];
  };
  for (const part of partsOf(rows)) await sql.run(RECORD, [jail, JSON.stringify(part.map(valuesOf))]);
}

/** Writes where logs were left off; the jail must be known. */
export async function saveRows(sql: Sql, jail: string, rows: readonly LogRow[]): Promise<void> {
  const valuesOf = ({ path, firstlinemd5, lastfilepos }: LogRow): readonly SqlValue[] => [hex(path), hex(firstlinemd5), lastfilepos];
  for (const part of partsOf(rows)) await sql.run(SAVE_POSITIONS, [jail, JSON.stringify(part.map(valuesOf))]);
}

/** Writes counts of failures; the jail must be known. `rowOf` makes a row when it is its turn: a hundred thousand at once would take much room. */
export async function saveCounts<T>(sql: Sql, jail: string, counts: readonly T[], rowOf: (count: T) => CountRow): Promise<void> {
  const valuesOf = ({ ip, time, firsttime, retry, data }: CountRow): readonly SqlValue[] => {
    return [hex(ip), time, firsttime, retry, data.toString('utf8')];
  };
  for (const part of partsOf(counts, LONG_ROWS)) {
    await sql.run(SAVE_COUNTS, [jail, JSON.stringify(part.map((count) => valuesOf(rowOf(count))))]);
  }
}

/** Forgets what was counted of these ids, of all when null. */
export async function forgetCounts(sql: Sql, jail: string, ids: readonly string[] | null): Promise<void> {
  if (ids === null) await sql.run('DELETE FROM bailiff_failures WHERE jail = ?', [jail]);
  else for (const part of partsOf(ids)) await sql.run(FORGET_COUNTS, [jail, JSON.stringify(part.map((id) => [hex(id)]))]);
}

function partsOf<Row>(rows: readonly Row[], most = ROWS): readonly (readonly Row[])[] {
  return Array.from({ length: Math.ceil(rows.length / most) }, (_, at) => rows.slice(at * most, (at + 1) * most));
}
