/** How far each file of a log has been read. A file is known by the hash of its first line, which it keeps when it is rotated and compressed. */
import type { Sql } from '../../contracts/database/connection';

export interface ReadPosition {
  /** The log that the file belongs, or belonged, to. */
  readonly path: string;
  /** Hash of the file's first line; '' while it has none: such a position is not kept. */
  readonly firstLineHash: string;
  /** Byte offset, uncompressed. */
  readonly offset: number;
  /** Nothing will be added to the file any more, and all of it is read. */
  readonly done: boolean;
}

export interface KnownFile {
  readonly offset: number;
  readonly done: boolean;
  /** What was written before this file needs no reading. */
  readonly olderDone: boolean;
}

/** Files of one log that are remembered after they were last seen, seconds. */
const REMEMBERED = 90 * 86_400;

/** A position only ever grows: a late batch of an older file takes nothing back. */
export async function writePositions(sql: Sql, positions: readonly ReadPosition[], now: number): Promise<void> {
  for (const { path, firstLineHash, offset, done } of positions) {
    if (firstLineHash === '') continue;
    await sql.run(
      'INSERT INTO log_files(path, first_line, offset, done, seen) VALUES(?, ?, ?, ?, ?) ON CONFLICT(path, first_line) DO UPDATE SET ' +
        'offset = max(offset, excluded.offset), done = max(done, excluded.done), seen = excluded.seen',
      [path, firstLineHash, offset, done ? 1 : 0, Math.trunc(now)],
    );
  }
}

/** The files of a log that were read, by the hash of their first line. */
export async function readPositions(sql: Sql, path: string): Promise<ReadonlyMap<string, KnownFile>> {
  const rows = await sql.all('SELECT first_line, offset, done, older_done FROM log_files WHERE path = ?', [path]);
  return new Map(
    rows.map((row) => [
      String(row['first_line']),
      { offset: Number(row['offset']), done: Number(row['done']) === 1, olderDone: Number(row['older_done']) === 1 },
    ]),
  );
}

/** Notes which files are still there, and forgets those that are gone for long. */
export async function noteSeen(sql: Sql, path: string, hashes: readonly string[], now: number): Promise<void> {
  await sql.run('UPDATE log_files SET seen = ? WHERE path = ? AND first_line IN (SELECT value FROM json_each(?))', [
    Math.trunc(now),
    path,
    JSON.stringify(hashes),
  ]);
  await sql.run('DELETE FROM log_files WHERE path = ? AND seen > 0 AND seen < ?', [path, Math.trunc(now) - REMEMBERED]);
}
