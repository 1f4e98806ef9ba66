/** Brings a database to the present schema: fail2ban's tables by its version, ours by numbered steps. */
import { createStockTables, createTable, readStockVersion, STOCK_VERSION, writeStockVersion } from './schema';
import { AppError } from '../../base/errors';
import type { Connection, Sql } from './connection';

/** A step of our own schema. Steps are never changed once released, only added. */
export interface MigrationStep {
  /** Counted from 1 without a gap. */
  readonly number: number;
  readonly title: string;
  readonly script: string;
}

/**
 * Ours beside fail2ban's tables. The stock server ignores the names, and SQLite keeps the indexes right while it writes:
 * start-up asks for the bans of one jail, and the purge for old ones, which fail2ban's indexes make it scan for.
 */
export const BAN_DATABASE_STEPS: readonly MigrationStep[] = [
  {
    number: 1,
    title: 'indexes for start-up and purge',
    script:
      'CREATE INDEX IF NOT EXISTS bailiff_bips_jail ON bips(jail, ip);' +
      'CREATE INDEX IF NOT EXISTS bailiff_bans_timeofban ON bans(timeofban);',
  },
  {
    number: 2,
    title: 'failures that were counted up to the positions in the logs',
    script:
      'CREATE TABLE IF NOT EXISTS bailiff_failures(jail TEXT NOT NULL, ip TEXT NOT NULL, time REAL NOT NULL, firsttime REAL NOT NULL, ' +
      'retry INTEGER NOT NULL, data JSON, PRIMARY KEY(jail, ip), FOREIGN KEY(jail) REFERENCES jails(name) ON DELETE CASCADE) WITHOUT ROWID;',
  },
  {
    number: 3,
    title: 'what filters hold of open sessions at the positions in the logs',
    script:
      'CREATE TABLE IF NOT EXISTS bailiff_sessions(jail TEXT NOT NULL PRIMARY KEY, data BLOB, ' +
      'FOREIGN KEY(jail) REFERENCES jails(name) ON DELETE CASCADE);',
  },
];

/**
 * Applies the steps that a database has not seen, each in a transaction of its own, and notes them in `bailiff_steps`.
 * A database of a later Bailiff has more steps than we know: those are left alone.
 */
export async function applySteps(connection: Connection, steps: readonly MigrationStep[], now: number): Promise<number> {
  await connection.exec(
    'CREATE TABLE IF NOT EXISTS bailiff_steps(number INTEGER PRIMARY KEY, title TEXT NOT NULL, applied INTEGER NOT NULL);',
  );
  const row = await connection.get('SELECT coalesce(max(number), 0) AS last FROM bailiff_steps');
  const last = Number(row?.['last'] ?? 0);
  const missing = steps.filter((step) => step.number > last).sort((a, b) => a.number - b.number);
  for (const step of missing) {
    await connection.transaction(async (sql) => {
      await sql.exec(step.script);
      await sql.run('INSERT INTO bailiff_steps(number, title, applied) VALUES(?, ?, ?)', [step.number, step.title, Math.trunc(now)]);
    });
  }
  return missing.length;
}

/** What has to be done with fail2ban's tables. */
export type StockState = { readonly kind: 'new' } | { readonly kind: 'current' } | { readonly kind: 'older'; readonly version: number };

/**
 * Looks at the version of fail2ban's tables.
 * @throws AppError DATABASE_NEWER when we do not know the version
 */
export async function stockState(sql: Sql): Promise<StockState> {
  const version = await readStockVersion(sql);
  if (version === null) return { kind: 'new' };
  if (version === STOCK_VERSION) return { kind: 'current' };
  if (version > STOCK_VERSION) {
    throw new AppError('DATABASE_NEWER', `the database has version ${version}; this server knows version ${STOCK_VERSION}`);
  }
  return { kind: 'older', version };
}

/** Brings fail2ban's tables from an older version to the present one, in one transaction. */
export async function upgradeStockTables(connection: Connection, from: number): Promise<void> {
  await connection.exec('PRAGMA foreign_keys = OFF');
  await connection.transaction(async (sql) => {
    if (from < 2) await rebuild(sql, 'logs', 'jail, path, firstlinemd5, lastfilepos', 'jail, path, firstlinemd5, lastfilepos');
    if (from < 3) await rebuild(sql, 'bans', 'jail, ip, timeofban, bantime, bancount, data', 'jail, ip, timeofban, -2, 1, data');
    if (from < 4) {
      await createTable(sql, 'bips');
      await sql.exec(
        'INSERT OR REPLACE INTO bips(ip, jail, timeofban, bantime, bancount, data) ' +
          'SELECT ip, jail, timeofban, bantime, bancount, data FROM bans WHERE ip IS NOT NULL ORDER BY timeofban;',
      );
    }
    await createStockTables(sql);
    await writeStockVersion(sql, STOCK_VERSION);
  });
  await connection.exec('PRAGMA foreign_keys = ON');
}

async function rebuild(sql: Sql, table: 'logs' | 'bans', into: string, from: string): Promise<void> {
  const old = `bailiff_old_${table}`;
  await sql.exec(`ALTER TABLE ${table} RENAME TO ${old};`);
  const indexes = await sql.all(`SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`, [old]);
  for (const index of indexes) await sql.exec(`DROP INDEX "${String(index['name']).replaceAll('"', '""')}";`);
  await createTable(sql, table);
  await sql.exec(`INSERT OR IGNORE INTO ${table}(${into}) SELECT ${from} FROM ${old};`);
  await sql.exec(`DROP TABLE ${old};`);
}
