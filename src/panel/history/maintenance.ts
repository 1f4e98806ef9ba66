/** The night's work on bailiff.sqlite3: what is too old goes, the notebook is copied, the whole file is checked. */
import type { Clock, Timer } from '../../base/clock';
import { messageOf } from '../../base/errors';
import type { Logger } from '../../base/logger';
import type { Schedule } from '../../base/schedule';
import { openConnection } from '../../contracts/database/connection';
import { isDamage } from '../../contracts/database/database-error';
import { type HistoryDatabase, LOGGER } from './database';
import { copyNotebook } from './notebook-copy';
import { trim } from './retention';
import { checkSound } from './sound';

const NIGHTLY = '17 3 * * *';
/** After the start, for machines that are off at night, seconds. */
const FIRST = 600;

export interface MaintenanceDeps {
  readonly database: HistoryDatabase;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly schedule: Schedule;
}

export class Maintenance {
  private timers: readonly Timer[] = [];
  private busy: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(private readonly deps: MaintenanceDeps) {}

  /** Every night, and some minutes from now. */
  start(): void {
    const { clock, schedule } = this.deps;
    this.timers = [schedule(NIGHTLY, () => this.run()), clock.after(FIRST, () => void this.run())];
  }

  /** All of it now, after what runs already. What fails is told to the log; the rest is done all the same. Never rejects. */
  run(): Promise<void> {
    this.busy = this.busy.then(() => this.all());
    return this.busy;
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const timer of this.timers) timer.cancel();
    await this.busy;
  }

  private async all(): Promise<void> {
    const { database, clock } = this.deps;
    await this.attempt('could not be trimmed', () => trim(database, clock, () => !this.closed));
    // A damaged file is not copied over a copy that may be the last good one.
    if ((await this.check()) && !this.closed) await this.attempt('its notebook could not be copied', () => copyNotebook(database.file));
  }

  private async check(): Promise<boolean> {
    const { database } = this.deps;
    const { epoch } = database;
    if (this.closed) return false;
    return this.attempt('could not be checked', async () => {
      const connection = await openConnection(database.file, 'read');
      try {
        await checkSound(connection);
      } catch (error) {
        if (isDamage(error)) await database.damaged(messageOf(error), epoch);
        throw error;
      } finally {
        await connection.close();
      }
    });
  }

  private async attempt(what: string, work: () => Promise<void>): Promise<boolean> {
    const { database, logger } = this.deps;
    try {
      await work();
      return true;
    } catch (error) {
      logger.log('ERROR', LOGGER, `${database.file} ${what}: ${messageOf(error)}`);
      return false;
    }
  }
}
