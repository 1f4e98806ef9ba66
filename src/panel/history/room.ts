/** Opens all of this room on one database, and closes it in order: the history, the notebook, who follows the log, the work of the night. */
import type { Clock } from '../../base/clock';
import type { Logger } from '../../base/logger';
import type { Schedule } from '../../base/schedule';
import type { History } from './history';
import { LogFollower } from './log-follower';
import { Maintenance } from './maintenance';
import type { Notebook } from './notebook';
import { openHistoryDatabase } from './open-history';
import type { Locate } from './read-event';
import { SqliteHistory } from './sqlite-history';
import { SqliteNotebook } from './sqlite-notebook';

export interface RoomDeps {
  /** bailiff.sqlite3. */
  readonly file: string;
  /** The server's log, a full path. */
  readonly log: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly schedule: Schedule;
  readonly locate: Locate;
}

export interface HistoryRoom {
  readonly history: History;
  readonly notebook: Notebook;
  readonly follower: LogFollower;
  readonly maintenance: Maintenance;
  /** Begins to follow the log and to work at night. */
  start(): void;
  close(): Promise<void>;
}

/** @throws AppError when the database can neither be opened (at least for reading) nor made */
export async function openHistoryRoom({ file, log, clock, logger, schedule, locate }: RoomDeps): Promise<HistoryRoom> {
  const database = await openHistoryDatabase(file, clock, logger);
  const history = new SqliteHistory(database);
  const follower = new LogFollower(log, { history, clock, logger, locate });
  const maintenance = new Maintenance({ database, clock, logger, schedule });
  return {
    history,
    notebook: new SqliteNotebook(database),
    follower,
    maintenance,
    start() {
      follower.start();
      maintenance.start();
    },
    async close() {
      await maintenance.close();
      await follower.close();
      await database.close();
    },
  };
}
