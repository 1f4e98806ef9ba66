/** Opens the database of the engine: makes it, brings it up to date, and when it is damaged sets it aside and saves what can be read. */
import * as path from 'node:path';
import { copyOf, fillFromCopy } from './ban-copy';
import { listDir } from '../../base/files';
import { removeFile } from '../../base/folders';
import { applySteps, BAN_DATABASE_STEPS, stockState, upgradeStockTables } from './migrate';
import { AppError, messageOf } from '../../base/errors';
import { asDatabaseError, isBusy, isDamage } from './database-error';
import { copyFile, ensurePrivateFile, moveFile } from '../../base/file-keeping';
import { createStockTables, STOCK_VERSION } from './schema';
import { MemoryStore } from './memory-store';
import { openConnection, type Connection } from './connection';
import { salvage } from './salvage';
import { WaitingStore } from './waiting-store';
import { SqliteStore, type StoreSettings } from './sqlite-store';
import type { BanStore } from './ban-store';
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';

const LOGGER = 'fail2ban.database';
/** Seconds that a ban waits for somebody who holds the database; then it goes into force and is written later. */
const PATIENCE = 2;
/** What was set aside, with what SQLite has beside it; and how much of that stays. */
const ASIDE = /\.(\d{8}-\d{6})(?:-wal|-shm|-journal)?$/;
const KEPT = 3;

export interface OpenDeps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Opens the store of `dbfile`: null (`None`) and `:memory:` are stores in memory.
 * A damaged database is renamed to `<file>.YYYYMMDD-HHMMSS` (UTC), a new one is made, and the rows that can still be read move there.
 * @throws AppError DATABASE_NEWER when a newer fail2ban wrote the file, DATABASE_FAILED when it cannot be opened or made
 */
export async function openStore(file: string | null, deps: OpenDeps, settings: Omit<StoreSettings, 'onClose'> = {}): Promise<BanStore> {
  if (file === null || file === ':memory:') {
    const store = new MemoryStore(file);
    store.purgeAge = settings.purgeAge ?? store.purgeAge;
    store.maxMatches = settings.maxMatches ?? store.maxMatches;
    return store;
  }
  const connection = await openOrReplace(file, deps);
  deps.logger.log('INFO', LOGGER, `Connected to fail2ban persistent database '${file}'`);
  return new SqliteStore(file, connection, {
    ...settings,
    onClose: () => deps.logger.log('INFO', LOGGER, 'Connection to database closed.'),
  });
}

/**
 * The same, and a file that cannot be opened now is no reason not to begin: a store that answers from what can be read of it, and goes on
 * with the file as soon as that works. One that is damaged or taken away while it is in use is made anew.
 * @throws AppError DATABASE_NEWER
 */
export async function openStoreOrWait(
  file: string | null,
  deps: OpenDeps,
  settings: Omit<StoreSettings, 'onClose'> = {},
): Promise<BanStore> {
  if (file === null || file === ':memory:') return openStore(file, deps, settings);
  const open = (): Promise<BanStore> => openStore(file, deps, settings);
  try {
    return new WaitingStore(file, await open(), open, deps);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'DATABASE_FAILED') throw error;
    const readable = (isBusy(error.cause) ? null : await openReadable(file, settings)) ?? new MemoryStore();
    return new WaitingStore(file, { readable, reason: messageOf(error.cause ?? error) }, open, deps);
  }
}

/** A store that only reads; null when the file cannot be read, or has not the tables of now. Bans of another process that writes are seen. */
async function openReadable(file: string, settings: StoreSettings): Promise<BanStore | null> {
  for (const how of ['read', 'frozen'] as const) {
    const connection = await openConnection(file, how).catch(() => null);
    if (connection === null) continue;
    try {
      await connection.get('SELECT 1 FROM bips, logs, bailiff_failures LIMIT 1');
      return new SqliteStore(file, connection, settings);
    } catch {
      await connection.close().catch(() => undefined);
    }
  }
  return null;
}

async function openOrReplace(file: string, deps: OpenDeps): Promise<Connection> {
  try {
    return await openReady(file, deps);
  } catch (error) {
    if (!isDamage(error)) throw asDatabaseError(file, error);
    return await replace(file, deps, messageOf(error));
  }
}

/** KiB of pages that SQLite keeps of its own: the system has them too, and few are read twice. */
const CACHE = 256;

/** Opens, checks and migrates; closes again when something is wrong. */
async function openReady(file: string, deps: OpenDeps): Promise<Connection> {
  ensurePrivateFile(file);
  const connection = await openConnection(file, 'write', PATIENCE);
  try {
    // (The store itself sees to it that what was written reaches the disk: no ban waits for that.)
    await connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;');
    await connection.exec(`PRAGMA cache_size = -${CACHE}`);
    const check = await connection.get('PRAGMA quick_check(1)');
    const verdict = String(check?.['quick_check'] ?? '');
    if (verdict !== 'ok') throw new AppError('DATABASE_DAMAGED', verdict);
    await bringUpToDate(connection, file, deps);
    return connection;
  } catch (error) {
    await connection.close().catch(() => undefined);
    throw error;
  }
}

async function bringUpToDate(connection: Connection, file: string, { clock, logger }: OpenDeps): Promise<void> {
  const state = await stockState(connection);
  if (state.kind === 'new') {
    await connection.transaction(createStockTables);
    logger.log('WARNING', LOGGER, `New database created. Version '${STOCK_VERSION}'`);
  } else if (state.kind === 'older') {
    const backup = backupName(file, clock.now());
    logger.log('INFO', LOGGER, `Upgrade database: '${file}' from version ${state.version} to ${STOCK_VERSION}, backup copy '${backup}'`);
    await connection.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    copyFile(file, backup);
    await upgradeStockTables(connection, state.version);
    logger.log('WARNING', LOGGER, `Database updated from '${state.version}' to '${STOCK_VERSION}'`);
  }
  await applySteps(connection, BAN_DATABASE_STEPS, clock.now());
}

/** Sets the damaged file aside and makes a new one of what can still be read. */
async function replace(file: string, deps: OpenDeps, damage: string): Promise<Connection> {
  const { clock, logger } = deps;
  const backup = backupName(file, clock.now());
  try {
    moveFile(file, backup);
    for (const suffix of ['-wal', '-shm', '-journal']) moveFile(file + suffix, backup + suffix);
  } catch (error) {
    throw asDatabaseError(file, error);
  }
  logger.log('ERROR', LOGGER, `Database '${file}' is damaged (${damage}); it was set aside as '${backup}' and a new one is made`);
  const connection = await openReady(file, deps).catch((error: unknown) => Promise.reject(asDatabaseError(file, error)));
  const saved = await salvage(backup, connection);
  logger.log('WARNING', LOGGER, `Rows saved from the damaged database: ${wordsOf(Object.entries(saved.rows))}`);
  if (!saved.whole) {
    const taken = await fillFromCopy(connection, file);
    if (taken.size > 0) logger.log('WARNING', LOGGER, `Rows that were missing, from the copy '${copyOf(file)}': ${wordsOf(taken)}`);
  }
  forgetOldest(file);
  return connection;
}

function wordsOf(rows: Iterable<readonly [string, number]>): string {
  return Array.from(rows, ([table, count]) => `${count} of ${table}`).join(', ');
}

/** A disk that damages again and again must not be filled with what was set aside: the newest stay. */
function forgetOldest(file: string): void {
  const folder = path.dirname(file);
  const aside = listDir(folder).filter((name) => name.startsWith(`${path.basename(file)}.`) && ASIDE.test(name));
  const stamps = [...new Set(aside.map((name) => ASIDE.exec(name)?.[1] ?? ''))].sort();
  for (const old of stamps.slice(0, -KEPT)) for (const name of aside) if (name.includes(`.${old}`)) removeFile(path.join(folder, name));
}

/** `<file>.YYYYMMDD-HHMMSS`, UTC. */
function backupName(file: string, now: number): string {
  const [date = '', time = ''] = new Date(now * 1000).toISOString().split('T');
  return `${file}.${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}`;
}
