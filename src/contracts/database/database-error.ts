/** What the SQLite driver throws, as an error of the catalogue. */
import { AppError, messageOf } from '../../base/errors';

/** True when the file is no database, or its pages contradict each other: nothing but a new one helps. */
export function isDamage(error: unknown): boolean {
  const code = driverCode(error);
  return code === 'SQLITE_CORRUPT' || code === 'SQLITE_NOTADB' || (error instanceof AppError && error.code === 'DATABASE_DAMAGED');
}

/** True when somebody else holds the database. */
export function isBusy(error: unknown): boolean {
  const code = driverCode(error);
  return code === 'SQLITE_BUSY' || code === 'SQLITE_LOCKED';
}

/** DATABASE_DAMAGED for damage, DATABASE_FAILED for all else (a full disk, a lock, missing rights). An AppError stays as it is. */
export function asDatabaseError(file: string, error: unknown): AppError {
  if (error instanceof AppError) return error;
  const code = isDamage(error) ? 'DATABASE_DAMAGED' : 'DATABASE_FAILED';
  return new AppError(code, `database '${file}': ${messageOf(error)}`, { cause: error });
}

function driverCode(error: unknown): string | null {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
