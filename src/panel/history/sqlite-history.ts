/** The history in SQLite: events, and what is counted of them, written in one transaction with how far the log is read. */
import { summariesIn, summaryOf, timesBannedOf } from './addresses';
import { countRows, countsPerHour, topRows } from './counts';
import type { HistoryDatabase } from './database';
import { timeOfId } from './event-id';
import { findEvents, MAX_EVENTS } from './event-search';
import { writeEvents } from './event-writer';
import type { History, HistoryEvent, HourCount } from './history';
import { type ReadPosition, writePositions } from './read-positions';
import type { AddressSummary, CountQuery, CountRow, EventList, EventQuery, Extent, TimesBanned, TopQuery, TopRow } from './questions';

export class SqliteHistory implements History {
  constructor(readonly database: HistoryDatabase) {}

  /**
   * Keeps events, their counts, and how far the files of the log are read now: all or nothing, so that a crash neither loses nor doubles an event.
   * @param now tells how old an event is: hours are counted of the younger ones only
   */
  async add(events: readonly HistoryEvent[], positions: readonly ReadPosition[], now: number): Promise<void> {
    await this.database.write(async (sql) => {
      await writeEvents(sql, events, now);
      await writePositions(sql, positions, now);
    });
  }

  async recent(limit: number): Promise<readonly HistoryEvent[]> {
    return (await this.events({ limit })).events;
  }

  perHour(from: number, to: number): Promise<readonly HourCount[]> {
    return this.database.read((sql) => countsPerHour(sql, from, to));
  }

  events(query: EventQuery): Promise<EventList> {
    return this.database.read((sql) => findEvents(sql, query));
  }

  async *eachEvent(query: Omit<EventQuery, 'limit' | 'before'>): AsyncGenerator<HistoryEvent> {
    let before: string | null = null;
    do {
      const list: EventList = await this.events({ ...query, limit: MAX_EVENTS, ...(before === null ? {} : { before }) });
      yield* list.events;
      before = list.next;
    } while (before !== null);
  }

  counts(query: CountQuery): Promise<readonly CountRow[]> {
    return this.database.read((sql) => countRows(sql, query));
  }

  top(query: TopQuery): Promise<readonly TopRow[]> {
    return this.database.read((sql) => topRows(sql, query));
  }

  lastMatches(): Promise<ReadonlyMap<string, number>> {
    return this.database.read(async (sql) => {
      const rows = await sql.all('SELECT name, matched FROM jails WHERE matched IS NOT NULL');
      return new Map(rows.map((row) => [String(row['name']), timeOfId(Number(row['matched']))]));
    });
  }

  address(id: string): Promise<AddressSummary> {
    return this.database.read((sql) => summaryOf(sql, id));
  }

  neighbours(range: string, limit: number): Promise<readonly AddressSummary[]> {
    return this.database.read((sql) => summariesIn(sql, range, limit));
  }

  timesBanned(ids: readonly string[]): Promise<ReadonlyMap<string, TimesBanned>> {
    return timesBannedOf((work) => this.database.read(work), ids);
  }

  extent(): Promise<Extent> {
    return this.database.read(async (sql) => {
      const row = await sql.get(
        "SELECT (SELECT min(id) FROM events) AS oldest, (SELECT max(id) FROM events) AS newest, (SELECT value FROM totals WHERE name = 'events') " +
          'AS events, (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS bytes',
      );
      const time = (id: unknown): number | null => (typeof id === 'number' ? timeOfId(id) : null);
      return {
        oldest: time(row?.['oldest']),
        newest: time(row?.['newest']),
        events: Number(row?.['events']),
        bytes: Number(row?.['bytes']),
      };
    });
  }

  close(): Promise<void> {
    return this.database.close();
  }
}
