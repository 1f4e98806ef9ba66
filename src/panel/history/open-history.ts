/** Opens bailiff.sqlite3, makes it or brings it up to date; a damaged one is set aside, because the log can fill a new one. */
import type { Clock } from '../../base/clock';
import { messageOf } from '../../base/errors';
import { ensurePrivateFile, moveFile } from '../../base/file-keeping';
import type { Logger } from '../../base/logger';
import { type Connection, openConnection } from '../../contracts/database/connection';
import { asDatabaseError, isDamage } from '../../contracts/database/database-error';
import { applySteps } from '../../contracts/database/migrate';
import { SqliteHistory } from './sqlite-history';
import { HISTORY_STEPS } from './steps';

const LOGGER = 'bailiff.history';

async function openReady(file: string, clock: Clock): Promise<Connection> {
  ensurePrivateFile(file);
  const connection = await openConnection(file);
  try {
    await connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA temp_store = MEMORY;');
    await connection.get('PRAGMA quick_check(1)');
    await applySteps(connection, HISTORY_STEPS, clock.now());
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** @throws AppError when the file can neither be opened nor made */
export async function openHistory(file: string, clock: Clock, logger: Logger): Promise<SqliteHistory> {
  try {
    return new SqliteHistory(await openReady(file, clock));
  } catch (error) {
    if (!isDamage(error)) throw asDatabaseError(file, error);
    const aside = `${file}.damaged-${Math.trunc(clock.now())}`;
    logger.log('WARNING', LOGGER, `${file} is damaged (${messageOf(error)}); it was renamed to ${aside}, the log fills a new one`);
    for (const suffix of ['', '-wal', '-shm']) moveFile(file + suffix, aside + suffix);
    return new SqliteHistory(await openReady(file, clock));
  }
}
