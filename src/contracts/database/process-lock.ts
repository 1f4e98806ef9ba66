/** A lock between processes on one machine: whoever holds it works alone, and who dies has let it go. The kernel keeps it, by way of SQLite. */
import path from 'node:path';
import { type Clock, sleep } from '../../base/clock';
import { ensurePrivateFile } from '../../base/file-keeping';
import { makePrivateFolder } from '../../base/folders';
import { type Connection, openConnection } from './connection';

export interface ProcessLock {
  /** Waits its turn, works, and lets the next one work, however the work ends. Not to be asked for again from within. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** The lawful nothing: nobody else is there. */
export const noLock: ProcessLock = { run: (work) => work() };

/** Seconds between two tries. */
const STEP = 0.1;
/** Milliseconds that SQLite itself waits in one try. */
const BUSY = 100;

/** @param file made when it is needed; where it cannot be made (a disk that is read-only), the work goes on without a lock */
export function processLock(file: string, clock: Clock): ProcessLock {
  return {
    async run(work) {
      const held = await hold(file, clock);
      try {
        return await work();
      } finally {
        await held?.close();
      }
    },
  };
}

/** A connection that has the file alone; null when there can be none. */
async function hold(file: string, clock: Clock): Promise<Connection | null> {
  let connection: Connection | null = null;
  try {
    makePrivateFolder(path.dirname(file));
    ensurePrivateFile(file);
    connection = await openConnection(file);
    await connection.exec(`PRAGMA busy_timeout = ${BUSY}`);
    while (!(await isTaken(connection))) await sleep(clock, STEP);
    return connection;
  } catch {
    await connection?.close().catch(() => undefined);
    return null;
  }
}

/** False while another process has it; rejects when it cannot be had at all. */
async function isTaken(connection: Connection): Promise<boolean> {
  try {
    await connection.exec('BEGIN EXCLUSIVE');
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code !== 'SQLITE_BUSY') throw error;
    return false;
  }
}
