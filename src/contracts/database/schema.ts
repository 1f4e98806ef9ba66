/** fail2ban's tables, version 4, and what Bailiff adds to them under names of its own. */
import type { Sql } from './connection';

/** The version of fail2ban's schema that we read and write. */
export const STOCK_VERSION = 4;

const COLUMNS = {
  jails: 'name TEXT NOT NULL UNIQUE, enabled INTEGER NOT NULL DEFAULT 1',
  logs:
    'jail TEXT NOT NULL, path TEXT, firstlinemd5 TEXT, lastfilepos INTEGER DEFAULT 0, ' +
    'FOREIGN KEY(jail) REFERENCES jails(name) ON DELETE CASCADE, UNIQUE(jail, path), UNIQUE(jail, path, firstlinemd5)',
  bans:
    'jail TEXT NOT NULL, ip TEXT, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL, bancount INTEGER NOT NULL default 1, data JSON, ' +
    'FOREIGN KEY(jail) REFERENCES jails(name)',
  bips:
    'ip TEXT NOT NULL, jail TEXT NOT NULL, timeofban INTEGER NOT NULL, bantime INTEGER NOT NULL, ' +
    'bancount INTEGER NOT NULL default 1, data JSON, PRIMARY KEY(ip, jail), FOREIGN KEY(jail) REFERENCES jails(name)',
} as const;

const INDEXES = {
  jails: ['jails_name ON jails(name)'],
  logs: ['logs_path ON logs(path)', 'logs_jail_path ON logs(jail, path)'],
  bans: ['bans_jail_timeofban_ip ON bans(jail, timeofban)', 'bans_jail_ip ON bans(jail, ip)', 'bans_ip ON bans(ip)'],
  bips: ['bips_timeofban ON bips(timeofban)', 'bips_ip ON bips(ip)'],
} as const;

export type StockTable = keyof typeof COLUMNS;
export const STOCK_TABLES = Object.keys(COLUMNS) as readonly StockTable[];

/** Makes one of fail2ban's tables with its indexes, unless it is there. */
export async function createTable(sql: Sql, table: StockTable): Promise<void> {
  await sql.exec(`CREATE TABLE IF NOT EXISTS ${table}(${COLUMNS[table]});`);
  for (const index of INDEXES[table]) await sql.exec(`CREATE INDEX IF NOT EXISTS ${index};`);
}

/** Makes all of fail2ban's tables, and says which version they are. */
export async function createStockTables(sql: Sql): Promise<void> {
  await sql.exec('CREATE TABLE IF NOT EXISTS fail2banDb(version INTEGER);');
  for (const table of STOCK_TABLES) await createTable(sql, table);
  await writeStockVersion(sql, STOCK_VERSION);
}

/** The version of fail2ban's tables in this database; null when it has none. */
export async function readStockVersion(sql: Sql): Promise<number | null> {
  const table = await sql.get(`SELECT 1 AS found FROM sqlite_master WHERE type = 'table' AND name = 'fail2banDb'`);
  if (table === null) return null;
  const row = await sql.get('SELECT version FROM fail2banDb LIMIT 1');
  return typeof row?.['version'] === 'number' ? row['version'] : null;
}

/** Writes the version as the only row. */
export async function writeStockVersion(sql: Sql, version: number): Promise<void> {
  await sql.exec('DELETE FROM fail2banDb;');
  await sql.exec(`INSERT INTO fail2banDb(version) VALUES(${Math.trunc(version)});`);
}
