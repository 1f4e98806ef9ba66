/** Moves the events that an earlier version kept in tables of another shape into those of today, batch by batch. */
import { sleep, type Clock } from '../../base/clock';
import { writeEvents } from './event-writer';
import { isHistoryKind } from './history';
import type { Locate } from './read-event';
import type { SqliteHistory } from './sqlite-history';

const BATCH = 1000;
/** Between two batches, seconds. */
const PAUSE = 0.02;

/** Goes on until none is left or `wanted` is false; what was moved is gone from the old table in the same transaction. */
export async function moveEarlier({ database }: SqliteHistory, locate: Locate, clock: Clock, wanted: () => boolean): Promise<void> {
  const there = await database.read((sql) => sql.get("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'earlier'"));
  if (there === null) return;
  for (let moved = 1; moved > 0 && wanted();) {
    moved = await database.write(async (sql) => {
      const rows = await sql.all(`SELECT id, time, jail, kind, address FROM earlier ORDER BY id LIMIT ${BATCH}`);
      const events = rows.flatMap((row) => {
        const kind = String(row['kind']);
        const id = String(row['address']);
        return isHistoryKind(kind) ? [{ time: Number(row['time']), jail: String(row['jail']), kind, id, ...locate(id) }] : [];
      });
      await writeEvents(sql, events, clock.now());
      await sql.run('DELETE FROM earlier WHERE id <= ?', [Number(rows.at(-1)?.['id'] ?? 0)]);
      if (rows.length === 0) await sql.exec('DROP TABLE earlier');
      return rows.length;
    });
    await sleep(clock, PAUSE);
  }
}
