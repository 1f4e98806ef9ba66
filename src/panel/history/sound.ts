/** Asks SQLite whether the pages of a database contradict each other. */
import { AppError } from '../../base/errors';
import type { Sql } from '../../contracts/database/connection';

/** Reads the whole file. Rejects with DATABASE_DAMAGED, or with what the driver says. */
export async function checkSound(sql: Sql): Promise<void> {
  const row = await sql.get('PRAGMA main.quick_check(1)');
  const verdict = String(row?.['quick_check'] ?? '');
  if (verdict !== 'ok') throw new AppError('DATABASE_DAMAGED', verdict);
}
