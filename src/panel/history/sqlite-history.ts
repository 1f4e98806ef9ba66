/** The history in SQLite: events and the counts made of them are written in one transaction with the position in the log. */
import type { Connection } from '../../contracts/database/connection';
import { type History, type HistoryEvent, type HourCount, isHistoryKind } from './history';

const HOUR = 3600;
/** More than a page ever shows. */
const MAX_RECENT = 1000;

/** How far a log has been read. */
export interface ReadPosition {
  /** Hash of the file's first line; '' while it has none. */
  readonly firstLineHash: string;
  /** Byte offset. */
  readonly offset: number;
}

function hourOf(time: number): number {
  return Math.floor(time / HOUR) * HOUR;
}

export class SqliteHistory implements History {
  constructor(private readonly connection: Connection) {}

  /**
   * Keeps events, their counts, and (unless null) how far the log is read now: all or nothing, so that a crash neither loses nor
   * doubles an event.
   */
  async add(events: readonly HistoryEvent[], path: string, position: ReadPosition | null): Promise<void> {
    await this.connection.transaction(async (sql) => {
      for (const event of events) {
        await sql.run('INSERT INTO events(time, jail, kind, address) VALUES(?, ?, ?, ?)', [event.time, event.jail, event.kind, event.id]);
        const failures = event.kind === 'found' ? 1 : 0;
        const bans = event.kind === 'ban' ? 1 : 0;
        if (failures + bans === 0) continue;
        await sql.run(
          'INSERT INTO hours(hour, jail, failures, bans) VALUES(?, ?, ?, ?) ' +
            'ON CONFLICT(hour, jail) DO UPDATE SET failures = failures + excluded.failures, bans = bans + excluded.bans',
          [hourOf(event.time), event.jail, failures, bans],
        );
      }
      if (position === null) return;
      await sql.run(
        'INSERT INTO positions(path, first_line, offset) VALUES(?, ?, ?) ' +
          'ON CONFLICT(path) DO UPDATE SET first_line = excluded.first_line, offset = excluded.offset',
        [path, position.firstLineHash, position.offset],
      );
    });
  }

  /** How far the log at `path` was read; null when it never was. */
  async position(path: string): Promise<ReadPosition | null> {
    const row = await this.connection.get('SELECT first_line, offset FROM positions WHERE path = ?', [path]);
    return row === null ? null : { firstLineHash: String(row['first_line']), offset: Number(row['offset']) };
  }

  async recent(limit: number): Promise<readonly HistoryEvent[]> {
    const rows = await this.connection.all('SELECT time, jail, kind, address FROM events ORDER BY time DESC, id DESC LIMIT ?', [
      Math.min(limit, MAX_RECENT),
    ]);
    return rows.flatMap((row) => {
      const kind = String(row['kind']);
      return isHistoryKind(kind) ? [{ time: Number(row['time']), jail: String(row['jail']), kind, id: String(row['address']) }] : [];
    });
  }

  async perHour(from: number, to: number): Promise<readonly HourCount[]> {
    const rows = await this.connection.all(
      'SELECT hour, sum(failures) AS failures, sum(bans) AS bans FROM hours WHERE hour >= ? AND hour < ? GROUP BY hour',
      [hourOf(from), to],
    );
    const known = new Map(rows.map((row) => [Number(row['hour']), row]));
    const counts: HourCount[] = [];
    for (let hour = hourOf(from); hour < to; hour += HOUR) {
      const row = known.get(hour);
      counts.push({ hour, failures: Number(row?.['failures'] ?? 0), bans: Number(row?.['bans'] ?? 0) });
    }
    return counts;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}
