/** Keeps a copy of the notebook beside bailiff.sqlite3, and gives it back when the database is damaged: the log cannot fill that again. */
import { ensurePrivateFile, fileStamp, moveFile } from '../../base/file-keeping';
import { removeFile } from '../../base/folders';
import type { Logger } from '../../base/logger';
import { type Connection, openConnection } from '../../contracts/database/connection';
import { LOGGER } from './database';
import { checkSound } from './sound';
import { NOTEBOOK_TABLES } from './steps';

const COLUMNS = {
  notes: 'id, address, time, who, text',
  audit: 'id, time, who, client, action, subject, before, after, ok, message',
  trusted: 'entry, jail, note, who, added, until',
  manual_bans: 'jail, address, who, time, reason, until',
  tokens: 'id, name, read_only, created, created_by, last_used, hash',
  settings: 'key, value',
} as const;

type Table = keyof typeof COLUMNS;
const TABLES = Object.keys(COLUMNS) as Table[];

/** Where the copy of a database's notebook is. */
export function copyOf(file: string): string {
  return `${file}.backup`;
}

/**
 * Copies the notebook of an open database, as it is at one moment, checks the copy and puts it in the place of the one before.
 * Rejects with what the driver or the file system says; the copy before stays then.
 */
export async function copyNotebook(file: string): Promise<void> {
  const fresh = `${copyOf(file)}.new`;
  for (const suffix of ['', '-journal']) removeFile(fresh + suffix);
  ensurePrivateFile(fresh);
  const copy = await openConnection(fresh);
  try {
    await copy.exec(NOTEBOOK_TABLES);
    await copy.run('ATTACH ? AS source', [file]);
    await copy.transaction(async (sql) => {
      for (const table of TABLES) await sql.run(copyStatement(table, 'source'));
    });
    await copy.exec('DETACH source');
    await checkSound(copy);
  } finally {
    await copy.close();
  }
  moveFile(fresh, copyOf(file));
}

/**
 * Fills the empty notebook of a new database: table by table from the damaged file where that can still be read whole, from the copy where not.
 * Tokens are never taken from the copy: one that was revoked since would be valid again. Never rejects; the log tells what was saved.
 */
export async function restoreNotebook(connection: Connection, file: string, damaged: string, logger: Logger): Promise<void> {
  const saved: string[] = [];
  const sources = [
    { name: 'damaged', path: damaged, tables: TABLES },
    { name: 'copy', path: copyOf(file), tables: TABLES.filter((table) => table !== 'tokens') },
  ];
  let missing: readonly Table[] = TABLES;
  for (const { name, path, tables } of sources) {
    const wanted = tables.filter((table) => missing.includes(table));
    const done = await takeFrom(connection, path, wanted);
    missing = missing.filter((table) => !done.has(table));
    for (const [table, rows] of done) saved.push(`${rows} of ${table} (${name})`);
  }
  const lost = missing.length === 0 ? '' : `; lost: ${missing.join(', ')}`;
  logger.log('WARNING', LOGGER, `the notebook of ${file}: ${saved.join(', ') || 'nothing could be saved'}${lost}`);
}

/** The tables that could be read whole, with the number of their rows. */
async function takeFrom(connection: Connection, path: string, tables: readonly Table[]): Promise<ReadonlyMap<Table, number>> {
  const done = new Map<Table, number>();
  // ATTACH would make a file that is not there.
  if (fileStamp(path) === null || tables.length === 0) return done;
  try {
    await connection.run('ATTACH ? AS source', [path]);
  } catch {
    return done;
  }
  for (const table of tables) {
    try {
      const check = await connection.get(`PRAGMA source.quick_check(${table})`);
      if (check?.['quick_check'] !== 'ok') continue;
      done.set(table, await connection.run(copyStatement(table, 'source')));
    } catch {
      continue;
    }
  }
  await connection.exec('DETACH source').catch(() => undefined);
  return done;
}

function copyStatement(table: Table, source: string): string {
  return `INSERT OR IGNORE INTO main.${table}(${COLUMNS[table]}) SELECT ${COLUMNS[table]} FROM ${source}.${table}`;
}
