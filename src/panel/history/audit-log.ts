/** The audit log: who changed what. It must never refuse an entry, so long texts are cut; and never grow without end, so the oldest go. */
import type { Row, Sql, SqlValue } from '../../contracts/database/connection';
import type { AuditEntry, AuditList, AuditQuery } from './notebook';
import { cutTo, MAX_NAME, MAX_TEXT, MAX_VALUE } from './text-bounds';

/** Entries that are kept. */
export const MAX_ENTRIES = 100_000;
/** More than a page ever shows. */
const MAX_LIST = 1000;
/** Entries looked at in one call when a text is searched for. */
const WALK = 5000;
/** Longer texts are not searched for. */
const MAX_SEARCH = 255;

const COLUMNS = 'id, time, who, client, action, subject, before, after, ok, message';

export async function addAudit(sql: Sql, entry: Omit<AuditEntry, 'id'>, most = MAX_ENTRIES): Promise<void> {
  const cut = (text: string | null, max: number): string | null => (text === null ? null : cutTo(text, max));
  const row = await sql.get(
    'INSERT INTO audit(time, who, client, action, subject, before, after, ok, message) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id',
    [
      entry.time,
      cutTo(entry.who, MAX_NAME),
      cutTo(entry.client, MAX_NAME),
      cutTo(entry.action, MAX_NAME),
      cutTo(entry.subject, MAX_TEXT),
      cut(entry.before, MAX_VALUE),
      cut(entry.after, MAX_VALUE),
      entry.ok ? 1 : 0,
      cut(entry.message, MAX_TEXT),
    ],
  );
  await sql.run('DELETE FROM audit WHERE id <= ?', [Number(row?.['id']) - most]);
}

/** Newest first. */
export async function listAudit(sql: Sql, { before, limit, action, who, text }: AuditQuery): Promise<AuditList> {
  const most = Math.max(1, Math.min(limit, MAX_LIST));
  const conditions: string[] = ['id < ?'];
  const values: SqlValue[] = [before ?? Number.MAX_SAFE_INTEGER];
  for (const [column, value] of [
    ['action', action],
    ['who', who],
  ] as const) {
    if (value === undefined) continue;
    conditions.push(`${column} = ?`);
    values.push(value);
  }
  const way = `FROM audit WHERE ${conditions.join(' AND ')} ORDER BY id DESC`;
  if (text === undefined || text === '') return listOf(await sql.all(`SELECT ${COLUMNS} ${way} LIMIT ?`, [...values, most + 1]), most);
  if (text.length > MAX_SEARCH) return { entries: [], next: null };
  const found = ['subject', 'message', 'before', 'after', 'client'].map((column) => `instr(lower(coalesce(${column}, '')), ?) > 0`);
  const rows = await sql.all(`SELECT * FROM (SELECT ${COLUMNS} ${way} LIMIT ${WALK}) WHERE ${found.join(' OR ')} LIMIT ?`, [
    ...values,
    ...found.map(() => text.toLowerCase()),
    most + 1,
  ]);
  if (rows.length > most) return listOf(rows, most);
  const end = await sql.get(`SELECT id ${way} LIMIT 1 OFFSET ${WALK - 1}`, values);
  return { entries: rows.map(entryOf), next: end === null ? null : Number(end['id']) };
}

/** What came after an entry, oldest first: for those who carry the log elsewhere. */
export async function auditAfter(sql: Sql, id: number, limit: number): Promise<readonly AuditEntry[]> {
  const rows = await sql.all(`SELECT ${COLUMNS} FROM audit WHERE id > ? ORDER BY id LIMIT ?`, [id, Math.max(1, Math.min(limit, MAX_LIST))]);
  return rows.map(entryOf);
}

/** One row more than the limit says that there are more. */
function listOf(rows: readonly Row[], limit: number): AuditList {
  const entries = rows.slice(0, limit).map(entryOf);
  return { entries, next: rows.length > limit ? (entries.at(-1)?.id ?? null) : null };
}

function entryOf(row: Row): AuditEntry {
  const text = (column: string): string => String(row[column]);
  const textOrNull = (column: string): string | null => (row[column] === null ? null : text(column));
  return {
    id: Number(row['id']),
    time: Number(row['time']),
    who: text('who'),
    client: text('client'),
    action: text('action'),
    subject: text('subject'),
    before: textOrNull('before'),
    after: textOrNull('after'),
    ok: Number(row['ok']) === 1,
    message: textOrNull('message'),
  };
}
