/** Keeps a verified copy of the bans' database beside it, and gives back what a damaged one has lost. */
import { AppError } from '../../base/errors';
import { ensurePrivateFile, fileStamp, moveFile } from '../../base/file-keeping';
import { removeFile } from '../../base/folders';
import { openConnection, type Connection, type Sql } from './connection';

/** A copy is made when the last one is older, seconds: once a day, and a little sooner so that the hour does not wander. */
export const COPY_AGE = 23 * 3600;
const MILLISECONDS = 1000;

/** Of the copy, which is `source`, the rows that are not there; a ban of now that is there is newer than the copy's. */
const FILL = {
  jails: 'INSERT OR IGNORE INTO main.jails(name, enabled) SELECT name, enabled FROM source.jails',
  logs: 'INSERT OR IGNORE INTO main.logs(jail, path, firstlinemd5, lastfilepos) SELECT jail, path, firstlinemd5, lastfilepos FROM source.logs',
  bans:
    'INSERT INTO main.bans(jail, ip, timeofban, bantime, bancount, data) SELECT jail, ip, timeofban, bantime, bancount, data FROM source.bans AS old ' +
    'WHERE NOT EXISTS(SELECT 1 FROM main.bans AS new WHERE new.jail = old.jail AND new.ip = old.ip AND new.timeofban = old.timeofban)',
  bips:
    'INSERT OR IGNORE INTO main.bips(ip, jail, timeofban, bantime, bancount, data) ' +
    'SELECT ip, jail, timeofban, bantime, bancount, data FROM source.bips',
} as const;

/** Where the copy of a database is. */
export function copyOf(file: string): string {
  return `${file}.backup`;
}

/** When the copy was made, seconds since the epoch; null when there is none. */
export function copiedAt(file: string): number | null {
  const stamp = fileStamp(copyOf(file));
  return stamp === null ? null : stamp.modified / MILLISECONDS;
}

/** Reads the whole database on a connection of its own. Rejects with DATABASE_DAMAGED when its pages contradict each other, or with what the driver says. */
export async function checkDatabase(file: string): Promise<void> {
  const connection = await openConnection(file, 'read');
  try {
    await checkWhole(connection, 'quick_check');
  } finally {
    await connection.close();
  }
}

/**
 * Copies a database that is in use, as it is at one moment, checks the copy and puts it in the place of the one before.
 * Rejects as `checkDatabase` does, and with what the file system says; the copy before stays then.
 */
export async function copyDatabase(file: string): Promise<void> {
  const fresh = `${copyOf(file)}.new`;
  for (const suffix of ['', '-journal', '-wal', '-shm']) removeFile(fresh + suffix);
  ensurePrivateFile(fresh);
  try {
    const source = await openConnection(file, 'read');
    try {
      await source.run('VACUUM INTO ?', [fresh]);
    } finally {
      await source.close();
    }
    const copy = await openConnection(fresh, 'read');
    try {
      await checkWhole(copy, 'integrity_check');
    } finally {
      await copy.close();
    }
    moveFile(fresh, copyOf(file));
  } finally {
    removeFile(fresh);
  }
}

/** Fills what is missing from the copy; how many rows of each table came from there. Never rejects: a copy that cannot be read gives nothing. */
export async function fillFromCopy(connection: Connection, file: string): Promise<ReadonlyMap<string, number>> {
  const taken = new Map<string, number>();
  // ATTACH would make a file that is not there.
  if (copiedAt(file) === null) return taken;
  try {
    await connection.run('ATTACH ? AS source', [copyOf(file)]);
  } catch {
    return taken;
  }
  try {
    await checkWhole(connection, 'quick_check', 'source');
    await connection.transaction(async (sql) => {
      for (const [table, statement] of Object.entries(FILL)) taken.set(table, await sql.run(statement));
    });
  } catch {
    taken.clear();
  }
  await connection.exec('DETACH source').catch(() => undefined);
  return taken;
}

async function checkWhole(sql: Sql, check: 'quick_check' | 'integrity_check', schema = 'main'): Promise<void> {
  const row = await sql.get(`PRAGMA ${schema}.${check}(1)`);
  const verdict = String(row?.[check] ?? '');
  if (verdict !== 'ok') throw new AppError('DATABASE_DAMAGED', verdict);
}
