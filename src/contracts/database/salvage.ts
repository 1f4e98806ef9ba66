/** Copies what can still be read of a damaged database into a fresh one, row by row. */
import { openConnection, type Connection, type Row, type SqlValue } from './connection';

const COLUMNS = {
  jails: ['name', 'enabled'],
  logs: ['jail', 'path', 'firstlinemd5', 'lastfilepos'],
  bans: ['jail', 'ip', 'timeofban', 'bantime', 'bancount', 'data'],
  bips: ['ip', 'jail', 'timeofban', 'bantime', 'bancount', 'data'],
} as const;

type Table = keyof typeof COLUMNS;
export interface Salvaged {
  /** How many rows of each table were kept. */
  readonly rows: Readonly<Record<Table, number>>;
  /** True when every row of every table could be read. */
  readonly whole: boolean;
}

/** Rows read at once; after a page that cannot be read the next ones are tried. */
const PAGE = 200;
/** How many unreadable places are jumped over, each a little farther, before a table is given up. */
const MAX_GAPS = 200;

/** Reads table after table of the damaged file and writes what it gets. Never rejects for damage. */
export async function salvage(damaged: string, fresh: Connection): Promise<Salvaged> {
  const rows = { jails: 0, logs: 0, bans: 0, bips: 0 };
  let whole = true;
  const source = await openConnection(damaged).catch(() => null);
  if (source === null) return { rows, whole: false };
  try {
    for (const table of Object.keys(COLUMNS) as Table[]) {
      const { kept, gaps } = await copyTable(source, fresh, table);
      rows[table] = kept;
      whole &&= gaps === 0;
    }
  } finally {
    await source.close().catch(() => undefined);
  }
  return { rows, whole };
}

async function copyTable(source: Connection, fresh: Connection, table: Table): Promise<{ readonly kept: number; readonly gaps: number }> {
  const columns = COLUMNS[table];
  let [from, size, gaps, kept] = [0, PAGE, 0, 0];
  for (;;) {
    try {
      const rows = await source.all(
        `SELECT rowid AS row_number, ${columns.join(', ')} FROM ${table} WHERE rowid > ? ORDER BY rowid LIMIT ?`,
        [from, size],
      );
      const last = rows.at(-1);
      if (last === undefined) return { kept, gaps };
      kept += await insert(fresh, table, rows);
      from = Number(last['row_number']);
      size = PAGE;
    } catch {
      if (size > 1) size = 1;
      else {
        gaps++;
        from += gaps;
      }
      if (gaps > MAX_GAPS) return { kept, gaps };
    }
  }
}

async function insert(fresh: Connection, table: Table, rows: readonly Row[]): Promise<number> {
  const columns = COLUMNS[table];
  const marks = columns.map(() => '?').join(', ');
  return fresh.transaction(async (sql) => {
    let kept = 0;
    for (const row of rows) {
      if (table !== 'jails') await sql.run('INSERT OR IGNORE INTO jails(name) VALUES(?)', [row['jail'] ?? null]);
      const values: SqlValue[] = columns.map((column) => row[column] ?? null);
      kept += await sql.run(`INSERT OR IGNORE INTO ${table}(${columns.join(', ')}) VALUES(${marks})`, values);
    }
    return kept;
  });
}
