/** Opens bailiff.sqlite3, makes it or brings it up to date; a damaged one is set aside: the log fills a new one, a copy gives the notebook back. */
import path from 'node:path';
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { ensurePrivateFile, fileStamp, moveFile } from '../../base/file-keeping';
import { listDir } from '../../base/files';
import { removeFile } from '../../base/folders';
import type { Logger } from '../../base/logger';
import { type Connection, openConnection } from '../../contracts/database/connection';
import { asDatabaseError, isDamage } from '../../contracts/database/database-error';
import { applySteps } from '../../contracts/database/migrate';
import { type Connections, HistoryDatabase, LOGGER } from './database';
import { BATCH_TABLE } from './event-writer';
import { restoreNotebook } from './notebook-copy';
import { checkSound } from './sound';
import { SqliteHistory } from './sqlite-history';
import { HISTORY_STEPS } from './steps';

/** A file larger than this is not read whole at start: the nightly check does that. Bytes. */
const CHECKED_AT_START = 64 * 1024 * 1024;
const SETTINGS = 'PRAGMA temp_store = MEMORY; PRAGMA cache_size = -32000;';
const MEMORY = ':memory:';

async function openWriter(file: string, clock: Clock): Promise<Connection> {
  if (file !== MEMORY) ensurePrivateFile(file);
  const connection = await openConnection(file);
  try {
    await connection.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA journal_size_limit = 16777216; ${SETTINGS}`);
    if ((fileStamp(file)?.size ?? 0) <= CHECKED_AT_START) await checkSound(connection);
    await applySteps(connection, HISTORY_STEPS, clock.now());
    await connection.exec(BATCH_TABLE);
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}

/** A connection that only reads; `frozen` as the last resort, when the disk lets nobody keep a lock. Proven by one question. */
async function openReader(file: string): Promise<Connection> {
  try {
    return await openProven(file, 'read');
  } catch (error) {
    if (isDamage(error)) throw error;
    return await openProven(file, 'frozen');
  }
}

async function openProven(file: string, how: 'read' | 'frozen'): Promise<Connection> {
  const connection = await openConnection(file, how);
  try {
    await connection.exec(SETTINGS);
    await connection.get('SELECT max(id) AS last FROM events');
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}

async function openBoth(file: string, clock: Clock, logger: Logger): Promise<Connections> {
  let writer: Connection;
  try {
    writer = await openWriter(file, clock);
  } catch (error) {
    if (isDamage(error)) throw error;
    const reader = await openReader(file).catch(() => Promise.reject(asDatabaseError(file, error)));
    logger.log('ERROR', LOGGER, `database '${file}' can only be read: ${messageOf(error)}`);
    return { writer: null, reader };
  }
  return { writer, reader: file === MEMORY ? writer : await openReader(file) };
}

/**
 * Opens the database of the history and the notebook; `:memory:` is one that is gone with the process.
 * @throws AppError when the file can neither be opened (at least for reading) nor made
 */
export async function openHistoryDatabase(file: string, clock: Clock, logger: Logger): Promise<HistoryDatabase> {
  let damaged: string | null = null;
  const open = async (): Promise<Connections> => {
    const connections = await openBoth(file, clock, logger);
    if (damaged !== null && connections.writer !== null) {
      await restoreNotebook(connections.writer, file, damaged, logger);
      damaged = null;
    }
    return connections;
  };
  const replace = (damage: string): Promise<Connections> => {
    damaged = `${file}.damaged-${Math.trunc(clock.now())}`;
    logger.log('WARNING', LOGGER, `${file} is damaged (${damage}); it was renamed to ${damaged}, the log fills a new one`);
    setAside(file, damaged);
    return open();
  };
  try {
    const connections = await open().catch((error: unknown) => (isDamage(error) ? replace(messageOf(error)) : Promise.reject(error)));
    return new HistoryDatabase(connections, { file, clock, logger, open, replace });
  } catch (error) {
    throw asDatabaseError(file, error);
  }
}

/** Renames the database with the files beside it; of those set aside earlier the newest stays. */
function setAside(file: string, aside: string): void {
  const folder = path.dirname(file);
  const earlier = listDir(folder).filter((name) => name.startsWith(`${path.basename(file)}.damaged-`) && /-\d+$/.test(name));
  for (const suffix of ['', '-wal', '-shm']) {
    for (const name of earlier.slice(0, -1)) removeFile(path.join(folder, name) + suffix);
    moveFile(file + suffix, aside + suffix);
  }
}

/** The history on a database of its own. @throws AppError as `openHistoryDatabase` does */
export async function openHistory(file: string, clock: Clock, logger: Logger): Promise<SqliteHistory> {
  return new SqliteHistory(await openHistoryDatabase(file, clock, logger));
}
