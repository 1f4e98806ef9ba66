/** What the engine remembers, in fail2ban's SQLite schema: values exactly as the stock server writes them, so that either reads the other's. */
import { decodeTicketData, encodeTicketData } from './ticket-data';
import { asDatabaseError } from './database-error';
import { DiskSync } from '../../base/disk-sync';
import { matchedText, type BanTicket, type CountChanges, type CountedFailures } from '../../model/ticket';
import { roundHalfEven } from '../../base/rounding';
import { forgetCounts, isOneStatement, prepareRecorder, recordRows, saveCounts, saveRows, type BanRow } from './many-rows';
import type { BanPage, BanStore, EarlierBans, LogPosition, MergedBans } from './ban-store';
import type { Connection, Row, Sql, SqlValue } from './connection';

const ADD_JAIL = 'INSERT INTO jails(name, enabled) VALUES(?, 1) ON CONFLICT(name) DO UPDATE SET enabled = 1';
const KNOW_JAIL = 'INSERT OR IGNORE INTO jails(name, enabled) VALUES(?, 1)';
/** Ids that one statement forgets; what is left over is forgotten one by one, so that two statements are prepared for each table. */
const IDS = 100;
const ADD_BAN = 'INSERT INTO bans(jail, ip, timeofban, bantime, bancount, data) VALUES(?, ?, ?, ?, ?, ?)';
const SET_CURRENT = 'INSERT OR REPLACE INTO bips(jail, ip, timeofban, bantime, bancount, data) VALUES(?, ?, ?, ?, ?, ?)';
const CHANGE_BAN = 'UPDATE bans SET bantime = ?, data = ? WHERE jail = ? AND ip = ? AND timeofban = ?';
const SAVE_HELD = 'INSERT OR REPLACE INTO bailiff_sessions(jail, data) VALUES(?, ?)';
/** Rows that a merge looks at, newest first: more than any purge age leaves of one id, and a bound all the same. */
const MERGE_LIMIT = 10_000;

export interface StoreSettings {
  /** `dbpurgeage`, seconds; one day unless told. */
  readonly purgeAge?: number;
  /** `dbmaxmatches`; ten unless told. */
  readonly maxMatches?: number;
  /** Called when the store was closed. */
  readonly onClose?: () => void;
}

/** A store on an open, migrated database (open-store.ts opens it). Every call rejects with an AppError when the database fails. */
export class SqliteStore implements BanStore {
  purgeAge: number;
  maxMatches: number;
  readonly #connection: Connection;
  readonly #disk: DiskSync;
  readonly #onClose: () => void;
  #closed = false;
  #recorder: Promise<void> | null = null;

  constructor(
    readonly file: string,
    connection: Connection,
    settings: StoreSettings = {},
  ) {
    this.#connection = connection;
    this.#disk = new DiskSync(`${file}-wal`);
    this.purgeAge = settings.purgeAge ?? 86_400;
    this.maxMatches = settings.maxMatches ?? 10;
    this.#onClose = settings.onClose ?? (() => undefined);
  }

  async addJail(jail: string): Promise<void> {
    await this.#ask((sql) => sql.run(ADD_JAIL, [jail]));
  }

  async removeJail(jail: string): Promise<void> {
    await this.#ask((sql) => sql.run('UPDATE jails SET enabled = 0 WHERE name = ?', [jail]));
  }

  async disableAllJails(): Promise<void> {
    await this.#ask((sql) => sql.run('UPDATE jails SET enabled = 0'));
  }

  async recordBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    if (tickets.length === 0) return;
    const rows = tickets.map(({ id, time, bantime, bancount, data }): BanRow => {
      return { ip: id, timeofban: roundHalfEven(time), bantime, bancount, data: encodeTicketData(data, this.maxMatches) };
    });
    await this.#write(async (connection) => {
      this.#recorder ??= prepareRecorder(connection);
      await this.#recorder.catch((error: unknown) => {
        this.#recorder = null;
        throw error;
      });
      if (isOneStatement(rows)) await recordRows(connection, jail, rows);
      else await connection.transaction((sql) => recordRows(sql, jail, rows));
    });
  }

  async changeBans(jail: string, tickets: readonly BanTicket[]): Promise<void> {
    if (tickets.length === 0) return;
    await this.#together(async (sql) => {
      await sql.run(KNOW_JAIL, [jail]);
      for (const { id, time, bantime, bancount, data } of tickets) {
        const column = encodeTicketData(data, this.maxMatches);
        const begun = roundHalfEven(time);
        const known = await sql.run(CHANGE_BAN, [bantime, column, jail, id, begun]);
        if (known === 0) await sql.run(ADD_BAN, [jail, id, begun, bantime, bancount, column]);
        await sql.run(SET_CURRENT, [jail, id, begun, bantime, bancount, column]);
      }
    });
  }

  async forgetBans(jail: string | null, ids: readonly string[] | null): Promise<number> {
    const inJail = jail === null ? '1' : 'jail = ?';
    const jails = jail === null ? [] : [jail];
    return this.#together(async (sql) => {
      if (ids === null) {
        await sql.run(`DELETE FROM bans WHERE ${inJail}`, jails);
        return sql.run(`DELETE FROM bips WHERE ${inJail}`, jails);
      }
      let gone = 0;
      for (let at = 0; at < ids.length;) {
        const count = ids.length - at >= IDS ? IDS : 1;
        const meant = `${inJail} AND ip IN (${'?, '.repeat(count).slice(0, -2)})`;
        const values = [...jails, ...ids.slice(at, at + count)];
        await sql.run(`DELETE FROM bans WHERE ${meant}`, values);
        gone += await sql.run(`DELETE FROM bips WHERE ${meant}`, values);
        at += count;
      }
      return gone;
    });
  }

  async currentBans(jail: string, now: number, within: number | null, page: BanPage | null = null): Promise<readonly BanTicket[]> {
    const since = within === null ? '' : ' AND timeofban > ?';
    const part = page === null ? ['', ''] : [' AND ip > ?', ' LIMIT ?'];
    const values = [jail, now, ...(within === null ? [] : [now - within]), ...(page === null ? [] : [page.after, page.most])];
    const rows = await this.#ask((sql) =>
      sql.all(
        'SELECT ip, timeofban, bantime, bancount, data FROM bips ' +
          `WHERE jail = ? AND (timeofban + bantime > ? OR bantime <= -1)${since}${part[0]} ORDER BY ip${part[1]}`,
        values,
      ),
    );
    return rows.map(ticketOf);
  }

  async earlierBans(id: string, jail: string | null): Promise<EarlierBans | null> {
    const row = await this.#ask((sql) =>
      jail === null
        ? sql.get('SELECT sum(bancount) AS bancount, max(timeofban) AS time, sum(bantime) AS bantime FROM bips WHERE ip = ?', [id])
        : sql.get('SELECT bancount, timeofban AS time, bantime FROM bips WHERE ip = ? AND jail = ?', [id, jail]),
    );
    if (row === null || row['bancount'] === null) return null;
    return { bancount: Number(row['bancount']), time: Number(row['time']), bantime: Number(row['bantime']) };
  }

  async mergedBans(id: string, jail: string | null): Promise<MergedBans> {
    const where = jail === null ? 'ip = ?' : 'ip = ? AND jail = ?';
    const rows = await this.#ask((sql) =>
      sql.all(
        `SELECT data FROM bans WHERE ${where} ORDER BY timeofban DESC, rowid DESC LIMIT ${MERGE_LIMIT}`,
        jail === null ? [id] : [id, jail],
      ),
    );
    let failures = 0;
    const newestFirst: string[] = [];
    for (const row of rows) {
      const data = decodeTicketData(row['data'] ?? null);
      failures += data.failures;
      const room = this.maxMatches - newestFirst.length;
      if (room > 0) newestFirst.push(...data.matches.slice(-room).map(matchedText).reverse());
    }
    return { matches: newestFirst.reverse(), failures };
  }

  async logPositions(jail: string): Promise<ReadonlyMap<string, LogPosition>> {
    const rows = await this.#ask((sql) => sql.all('SELECT path, firstlinemd5, lastfilepos FROM logs WHERE jail = ?', [jail]));
    const position = (row: (typeof rows)[number]): LogPosition => ({
      firstLineHash: String(row['firstlinemd5'] ?? ''),
      position: Number(row['lastfilepos'] ?? 0),
    });
    return new Map(rows.map((row) => [String(row['path']), position(row)]));
  }

  async saveLogPositions(
    jail: string,
    positions: ReadonlyMap<string, LogPosition>,
    counts: CountChanges | null = null,
    held: string | null = null,
  ): Promise<void> {
    if (positions.size === 0 && counts === null && held === null) return;
    await this.#together(async (sql) => {
      await sql.run(KNOW_JAIL, [jail]);
      const rows = Array.from(positions, ([path, at]) => ({ path, firstlinemd5: at.firstLineHash, lastfilepos: at.position }));
      await saveRows(sql, jail, rows);
      if (held !== null) await sql.run(SAVE_HELD, [jail, Buffer.from(held, 'utf8')]);
      if (counts === null) return;
      await forgetCounts(sql, jail, counts.anew ? null : counts.gone);
      await saveCounts(sql, jail, counts.counted, ({ id, time, firstTime, retry, data }) => {
        return { ip: id, time, firsttime: firstTime, retry, data: encodeTicketData(data, Infinity) };
      });
    });
  }

  async countedFailures(jail: string, before: number): Promise<readonly CountedFailures[]> {
    const rows = await this.#ask((sql) =>
      sql.all('SELECT ip, time, firsttime, retry, data FROM bailiff_failures WHERE jail = ? AND time > ?', [jail, before]),
    );
    return rows.map((row) => ({
      id: String(row['ip']),
      time: Number(row['time']),
      firstTime: Number(row['firsttime']),
      retry: Number(row['retry']),
      data: decodeTicketData(row['data'] ?? null),
    }));
  }

  async heldLines(jail: string): Promise<string | null> {
    const row = await this.#ask((sql) => sql.get('SELECT data FROM bailiff_sessions WHERE jail = ?', [jail]));
    return row === null ? null : String(row['data'] ?? '');
  }

  async forgetLog(jail: string, path: string): Promise<void> {
    await this.#ask((sql) => sql.run('DELETE FROM logs WHERE jail = ? AND path = ?', [jail, path]));
  }

  async purge(now: number): Promise<void> {
    const limit = now - this.purgeAge;
    await this.#together(async (sql) => {
      await sql.run('DELETE FROM bans WHERE timeofban < ?', [limit]);
      await sql.run('DELETE FROM bailiff_failures WHERE time < ?', [limit]);
      await sql.run('DELETE FROM bips WHERE timeofban < ? AND bantime <> -1 AND timeofban + 3 * bantime < ?', [limit, limit]);
      await sql.run(
        'DELETE FROM jails WHERE enabled = 0 AND NOT EXISTS(SELECT 1 FROM bans WHERE jail = name) ' +
          'AND NOT EXISTS(SELECT 1 FROM bips WHERE jail = name)',
      );
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#ask(() => this.#connection.close());
    this.#onClose();
  }

  async #ask<T>(work: (sql: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this.#connection);
    } catch (error) {
      throw asDatabaseError(this.file, error);
    }
  }

  /** What was written is there for whoever comes after this process from then on, and on the disk soon. */
  async #write<T>(work: (sql: Connection) => Promise<T>): Promise<T> {
    const result = await this.#ask((connection) => {
      this.#disk.check();
      return work(connection);
    });
    this.#disk.begin();
    return result;
  }

  #together<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    return this.#write((connection) => connection.transaction(work));
  }
}

function ticketOf(row: Row): BanTicket {
  const number = (value: SqlValue | undefined): number => Number(value ?? 0);
  return {
    id: String(row['ip']),
    time: number(row['timeofban']),
    bantime: number(row['bantime']),
    bancount: number(row['bancount']),
    restored: true,
    data: decodeTicketData(row['data'] ?? null),
  };
}
