/** Finds events, newest first: walks the index of the rarest thing asked for, and looks at a bounded number of events in one call. */
import type { Row, Sql, SqlValue } from '../../contracts/database/connection';
import { canonicalId } from '../../model/address';
import { keyRange, type KeyRange } from './address-key';
import { firstIdFrom, kindOfNumber, numberOfKind, RARE_ABOVE, timeOfId } from './event-id';
import type { HistoryEvent } from './history';
import type { EventList, EventQuery } from './questions';

/** More than a page ever shows. */
export const MAX_EVENTS = 1000;
/** Events looked at in one call: by their own columns, and with a look at each address. */
const WALK = 50_000;
const WALK_TO_ADDRESSES = 20_000;
/** A range with no more events than this is read whole. */
const WHOLE_RANGE = 10_000;
/** Longer texts are not searched for. */
const MAX_TEXT = 255;

const COLUMNS = 'e.id, j.name AS jail, e.kind, a.address, e.country, e.asn';
const NOTHING: EventList = { events: [], next: null };

interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

interface Walk {
  /** After `FROM events`. */
  readonly index: string;
  /** Held by every event of the walk. */
  readonly along: readonly Condition[];
  /** Asked of each event on the way. */
  readonly filters: readonly Condition[];
  readonly steps: number;
}

/** A name that is known nowhere gives nothing; so does a range or a cursor that is none. */
export async function findEvents(sql: Sql, query: EventQuery): Promise<EventList> {
  const limit = Math.max(1, Math.min(query.limit, MAX_EVENTS));
  const span = spanOf(query);
  const filters = await filtersOf(sql, query);
  if (span === null || filters === null) return NOTHING;
  const along = [span, ...filters.along];
  if (query.range === undefined) {
    const steps = query.text === undefined ? WALK : WALK_TO_ADDRESSES;
    return walk(sql, { index: filters.index, along, filters: filters.others, steps }, limit);
  }
  const keys = keyRange(query.range);
  if (keys === null) return NOTHING;
  if (query.id === undefined && (await isSmall(sql, keys))) {
    return listOf(await readRange(sql, keys, [...along, ...filters.others], limit + 1), limit);
  }
  const inRange: Condition = { sql: 'a.key BETWEEN ? AND ?', values: [keys.first, keys.last] };
  return walk(sql, { index: filters.index, along, filters: [...filters.others, inRange], steps: WALK_TO_ADDRESSES }, limit);
}

/** The part of the table that the times and the cursor leave; null when the cursor is none. */
function spanOf({ from, to, before }: EventQuery): Condition | null {
  if (before !== undefined && !/^\d{1,16}$/.test(before)) return null;
  const first = from === undefined ? 0 : firstIdFrom(from);
  const end = Math.min(to === undefined ? Number.MAX_SAFE_INTEGER : firstIdFrom(to), before === undefined ? Infinity : Number(before));
  return { sql: 'e.id >= ? AND e.id < ?', values: [first, end] };
}

interface Filters {
  readonly index: string;
  readonly along: readonly Condition[];
  readonly others: readonly Condition[];
}

/** The most telling condition leads the walk, the others are asked on the way. Null when one cannot be met. */
async function filtersOf(sql: Sql, query: EventQuery): Promise<Filters | null> {
  const found: { index: string; condition: Condition }[] = [];
  if (query.id !== undefined) {
    const row = await sql.get('SELECT id FROM addresses WHERE address = ?', [canonicalId(query.id)]);
    if (row === null) return null;
    found.push({ index: 'events_address', condition: { sql: 'e.address = ?', values: [Number(row['id'])] } });
  }
  if (query.asn !== undefined) found.push({ index: 'events_asn', condition: { sql: 'e.asn = ?', values: [query.asn] } });
  if (query.country !== undefined) found.push({ index: 'events_country', condition: { sql: 'e.country = ?', values: [query.country] } });
  const kinds = query.kinds === undefined ? null : [...new Set(query.kinds.map(numberOfKind))];
  if (kinds !== null && kinds.length === 0) return null;
  if (kinds !== null) {
    const rare = kinds.every((kind) => kind > RARE_ABOVE);
    const sqlText = `${rare ? `e.kind > ${RARE_ABOVE} AND ` : ''}e.kind IN (${kinds.map(() => '?').join(', ')})`;
    if (rare) found.push({ index: 'events_rare', condition: { sql: sqlText, values: kinds } });
    else found.push({ index: '', condition: { sql: sqlText, values: kinds } });
  }
  if (query.jail !== undefined) {
    const row = await sql.get('SELECT id FROM jails WHERE name = ?', [query.jail]);
    if (row === null) return null;
    found.push({ index: 'events_jail', condition: { sql: 'e.jail = ?', values: [Number(row['id'])] } });
  }
  if (query.text !== undefined) {
    if (query.text.length > MAX_TEXT) return null;
    const text = query.text.toLowerCase();
    found.push({ index: '', condition: { sql: '(instr(lower(a.address), ?) > 0 OR instr(lower(j.name), ?) > 0)', values: [text, text] } });
  }
  const leader = found.find(({ index }) => index !== '');
  const others = found.filter((one) => one !== leader).map(({ condition }) => condition);
  return leader === undefined
    ? { index: 'NOT INDEXED', along: [], others }
    : { index: `INDEXED BY ${leader.index}`, along: [leader.condition], others };
}

async function walk(sql: Sql, { index, along, filters, steps }: Walk, limit: number): Promise<EventList> {
  const way = `FROM events e ${index} WHERE ${textOf(along)} ORDER BY e.id DESC`;
  const rows = await sql.all(
    `SELECT ${COLUMNS} FROM (SELECT e.* ${way} LIMIT ${steps}) e CROSS JOIN jails j ON j.id = e.jail CROSS JOIN addresses a ON a.id = e.address ` +
      `${filters.length === 0 ? '' : `WHERE ${textOf(filters)} `}LIMIT ?`,
    [...valuesOf(along), ...valuesOf(filters), limit + 1],
  );
  if (rows.length > limit) return listOf(rows, limit);
  const end = await sql.get(`SELECT e.id ${way} LIMIT 1 OFFSET ${steps - 1}`, valuesOf(along));
  return { events: rows.map(eventOf), next: end === null ? null : String(end['id']) };
}

async function isSmall(sql: Sql, { first, last }: KeyRange): Promise<boolean> {
  const row = await sql.get(
    `SELECT count(*) AS addresses, sum(events) AS events FROM (SELECT events FROM addresses WHERE key BETWEEN ? AND ? LIMIT ${WHOLE_RANGE})`,
    [first, last],
  );
  return Number(row?.['addresses']) < WHOLE_RANGE && Number(row?.['events'] ?? 0) <= WHOLE_RANGE;
}

/** The index by address holds the times, so rows are only read of those that are shown. */
function readRange(sql: Sql, { first, last }: KeyRange, conditions: readonly Condition[], limit: number): Promise<readonly Row[]> {
  const jails = conditions.some((condition) => condition.sql.includes('j.')) ? 'CROSS JOIN jails j ON j.id = e.jail ' : '';
  return sql.all(
    `SELECT ${COLUMNS} FROM (SELECT e.id FROM addresses a INDEXED BY addresses_key CROSS JOIN events e INDEXED BY events_address ` +
      `ON e.address = a.id ${jails}WHERE a.key BETWEEN ? AND ? AND ${textOf(conditions)} ` +
      'ORDER BY e.id DESC LIMIT ?) n CROSS JOIN events e ON e.id = n.id CROSS JOIN jails j ON j.id = e.jail CROSS JOIN addresses a ON a.id = e.address',
    [first, last, ...valuesOf(conditions), limit],
  );
}

function textOf(conditions: readonly Condition[]): string {
  return conditions.map(({ sql }) => sql).join(' AND ');
}

function valuesOf(conditions: readonly Condition[]): SqlValue[] {
  return conditions.flatMap(({ values }) => values);
}

/** One row more than the limit says that there are more. */
function listOf(rows: readonly Row[], limit: number): EventList {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { events: shown.map(eventOf), next: rows.length > limit && last !== undefined ? String(last['id']) : null };
}

/** Makes an event of a row. */
export function eventOf(row: Row): HistoryEvent {
  const country = row['country'] ?? null;
  const asn = row['asn'] ?? null;
  return {
    time: timeOfId(Number(row['id'])),
    jail: String(row['jail']),
    kind: kindOfNumber(Number(row['kind'])),
    id: String(row['address']),
    country: country === null ? null : String(country),
    asn: asn === null ? null : Number(asn),
  };
}
