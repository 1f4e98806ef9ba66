/** The tables of bailiff.sqlite3 as numbered steps: the history, how far each log was read, and the notebook. */
import type { MigrationStep } from '../../contracts/database/migrate';

const FIRST = `
  CREATE TABLE events(id INTEGER PRIMARY KEY, time REAL NOT NULL, jail TEXT NOT NULL, kind TEXT NOT NULL, address TEXT NOT NULL);
  CREATE INDEX events_time ON events(time);
  CREATE TABLE hours(hour INTEGER NOT NULL, jail TEXT NOT NULL, failures INTEGER NOT NULL, bans INTEGER NOT NULL,
    PRIMARY KEY(hour, jail)) WITHOUT ROWID;
  CREATE TABLE positions(path TEXT PRIMARY KEY, first_line TEXT NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID;`;

/**
 * An event's id is made of its time (event-id.ts), so every index is one by time as well. `counts` has a row for each hour and each day of a
 * jail (dimension 1), country (2), network (3) and address (4). What the first step's tables held waits in `earlier` to be moved.
 */
const HISTORY = `
  DROP INDEX events_time;
  ALTER TABLE events RENAME TO earlier;
  DROP TABLE hours;
  CREATE TABLE jails(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE addresses(id INTEGER PRIMARY KEY, address TEXT NOT NULL UNIQUE, key BLOB, events INTEGER NOT NULL,
    failures INTEGER NOT NULL, bans INTEGER NOT NULL, unbans INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL);
  CREATE INDEX addresses_key ON addresses(key) WHERE key IS NOT NULL;
  CREATE INDEX addresses_bans ON addresses(bans) WHERE bans > 0;
  CREATE TABLE address_jails(address INTEGER NOT NULL, jail INTEGER NOT NULL, failures INTEGER NOT NULL, bans INTEGER NOT NULL,
    unbans INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(address, jail)) WITHOUT ROWID;
  CREATE TABLE events(id INTEGER PRIMARY KEY, jail INTEGER NOT NULL, kind INTEGER NOT NULL, address INTEGER NOT NULL,
    country TEXT, asn INTEGER);
  CREATE INDEX events_jail ON events(jail);
  CREATE INDEX events_address ON events(address);
  CREATE INDEX events_country ON events(country) WHERE country IS NOT NULL;
  CREATE INDEX events_asn ON events(asn) WHERE asn IS NOT NULL;
  CREATE INDEX events_rare ON events(id) WHERE kind > 3;
  CREATE TABLE counts(dimension INTEGER NOT NULL, step INTEGER NOT NULL, start INTEGER NOT NULL, key, failures INTEGER NOT NULL,
    bans INTEGER NOT NULL, PRIMARY KEY(dimension, step, start, key)) WITHOUT ROWID;
  CREATE INDEX counts_failures ON counts(dimension, start, failures) WHERE step = 86400 AND dimension > 2 AND failures > 0;
  CREATE INDEX counts_bans ON counts(dimension, start, bans) WHERE step = 86400 AND dimension > 2 AND bans > 0;
  CREATE TABLE totals(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO totals(name, value) VALUES('events', 0);
  CREATE TABLE log_files(path TEXT NOT NULL, first_line TEXT NOT NULL, offset INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
    older_done INTEGER NOT NULL DEFAULT 0, seen INTEGER NOT NULL DEFAULT 0, PRIMARY KEY(path, first_line)) WITHOUT ROWID;
  INSERT INTO log_files(path, first_line, offset, older_done) SELECT path, first_line, offset, 1 FROM positions WHERE first_line <> '';
  DROP TABLE positions;`;

/** What cannot be read again from the log. `jail` is '' for all jails. */
export const NOTEBOOK_TABLES = `
  CREATE TABLE notes(id INTEGER PRIMARY KEY AUTOINCREMENT, address TEXT NOT NULL, time REAL NOT NULL, who TEXT NOT NULL, text TEXT NOT NULL);
  CREATE INDEX notes_address ON notes(address);
  CREATE TABLE audit(id INTEGER PRIMARY KEY AUTOINCREMENT, time REAL NOT NULL, who TEXT NOT NULL, client TEXT NOT NULL, action TEXT NOT NULL,
    subject TEXT NOT NULL, before TEXT, after TEXT, ok INTEGER NOT NULL, message TEXT);
  CREATE INDEX audit_action ON audit(action);
  CREATE INDEX audit_who ON audit(who);
  CREATE TABLE trusted(entry TEXT NOT NULL, jail TEXT NOT NULL, note TEXT NOT NULL, who TEXT NOT NULL, added REAL NOT NULL, until REAL,
    PRIMARY KEY(entry, jail)) WITHOUT ROWID;
  CREATE TABLE manual_bans(jail TEXT NOT NULL, address TEXT NOT NULL, who TEXT NOT NULL, time REAL NOT NULL, reason TEXT NOT NULL, until REAL,
    PRIMARY KEY(address, jail)) WITHOUT ROWID;
  CREATE TABLE tokens(id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, read_only INTEGER NOT NULL, created REAL NOT NULL,
    created_by TEXT NOT NULL, last_used REAL, hash TEXT NOT NULL UNIQUE);
  CREATE TABLE settings(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;`;

/** When each jail found a failure last, as the number of that event: thousands of its bans may have been restored since. */
const MATCHED = `
  ALTER TABLE jails ADD COLUMN matched INTEGER;
  UPDATE jails SET matched = (SELECT max(e.id) FROM events e INDEXED BY events_jail WHERE e.jail = jails.id AND e.kind = 1 AND e.id >= 2048000 *
    (SELECT max(c.start) FROM counts c WHERE c.dimension = 1 AND c.step = 86400 AND c.key = jails.id AND c.failures > 0));`;

export const HISTORY_STEPS: readonly MigrationStep[] = [
  { number: 1, title: 'events, hours and the position in the log', script: FIRST },
  {
    number: 2,
    title: 'events by time, jail, address, country and network; counts; how far each file of the log was read',
    script: HISTORY,
  },
  { number: 3, title: 'the notebook: notes, audit, trusted addresses, bans by hand, tokens, settings', script: NOTEBOOK_TABLES },
  { number: 4, title: 'the last match of each jail', script: MATCHED },
];
