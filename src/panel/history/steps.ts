/** The tables of bailiff.sqlite3 as numbered steps: events, counts by hour and jail, and how far the log has been read. */
import type { MigrationStep } from '../../contracts/database/migrate';

export const HISTORY_STEPS: readonly MigrationStep[] = [
  {
    number: 1,
    title: 'events, hours and the position in the log',
    script: `
      CREATE TABLE events(id INTEGER PRIMARY KEY, time REAL NOT NULL, jail TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL);
      CREATE INDEX events_time ON events(time);
      CREATE TABLE hours(hour INTEGER NOT NULL, jail TEXT NOT NULL, failures INTEGER NOT NULL, bans INTEGER NOT NULL,
        PRIMARY KEY(hour, jail)) WITHOUT ROWID;
      CREATE TABLE positions(path TEXT PRIMARY KEY, first_line TEXT NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID;`,
  },
];
