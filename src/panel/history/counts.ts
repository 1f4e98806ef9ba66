/** Answers from the counts of hours and days: over time, and who comes first. No event is looked at. */
import type { Row, Sql, SqlValue } from '../../contracts/database/connection';
import { DAY, DIMENSION, HOUR } from './event-writer';
import type { HourCount } from './history';
import type { CountQuery, CountRow, TopQuery, TopRow } from './questions';
import { firstKeys, firstKeysIn, type Span } from './ranking';

/** More than a page ever shows. */
const MAX_TOP = 1000;
/** Days of a hundred years, or hours of four. */
const MAX_STARTS = 36_500;
/** Addresses and networks are many: over a longer time than this only their days are added up, seconds. */
const BY_HOURS = 2 * DAY;

function floorTo(step: number, time: number): number {
  return Math.floor(time / step) * step;
}

function ceilTo(step: number, time: number): number {
  return Math.ceil(time / step) * step;
}

/** One entry for every hour that touches [from, to), with zeros for quiet ones. */
export async function countsPerHour(sql: Sql, from: number, to: number): Promise<readonly HourCount[]> {
  const rows = await countRows(sql, { from, to, step: 'hour', by: null });
  const known = new Map(rows.map((row) => [row.start, row]));
  const counts: HourCount[] = [];
  for (let hour = floorTo(HOUR, from); hour < to; hour += HOUR) {
    const row = known.get(hour);
    counts.push({ hour, failures: row?.failures ?? 0, bans: row?.bans ?? 0 });
  }
  return counts;
}

/** Oldest first; within one hour or day by key. */
export async function countRows(sql: Sql, { from, to, step, by, only }: CountQuery): Promise<readonly CountRow[]> {
  const seconds = step === 'hour' ? HOUR : DAY;
  const values: SqlValue[] = [by === null ? DIMENSION.jail : DIMENSION[by], seconds, floorTo(seconds, from), to];
  const where = 'c.dimension = ? AND c.step = ? AND c.start >= ? AND c.start < ?';
  if (by === null) {
    const all = `SELECT c.start, '' AS key, sum(c.failures) AS failures, sum(c.bans) AS bans FROM counts c WHERE ${where} GROUP BY c.start`;
    return (await sql.all(all, values)).map(countRow);
  }
  const rows = await sql.all(only === undefined ? `SELECT ${COUNTED} FROM counts c WHERE ${where}` : PICKED, [
    ...(only === undefined ? [] : [JSON.stringify(await numbersOf(sql, by, only)), JSON.stringify(await startsOf(sql, values, seconds))]),
    ...values,
  ]);
  const names = by === 'jail' ? await jailNames(sql) : null;
  return rows
    .map((row) => ({ ...countRow(row), ...(names === null ? {} : { key: names.get(Number(row['key'])) ?? '' }) }))
    .sort((a, b) => a.start - b.start || (a.key < b.key ? -1 : 1));
}

const COUNTED = 'c.start, c.key, c.failures, c.bans';
/** Row by row by the primary key: of thousands of networks in an hour a few are wanted. */
const PICKED =
  `SELECT ${COUNTED} FROM json_each(?) k CROSS JOIN json_each(?) n CROSS JOIN counts c ON c.start = n.value AND c.key = k.value ` +
  'WHERE c.dimension = ? AND c.step = ? AND c.start >= ? AND c.start < ?';

/** Keys as `counts` has them; names that nobody knows are left out. */
async function numbersOf(sql: Sql, by: 'jail' | 'country' | 'network', keys: readonly string[]): Promise<readonly (string | number)[]> {
  if (by === 'country') return keys;
  if (by === 'network') return keys.map((key) => (key === '' ? 0 : Number(key))).filter(Number.isInteger);
  const wanted = new Set(keys);
  return [...(await jailNames(sql))].filter(([, name]) => wanted.has(name)).map(([id]) => id);
}

async function jailNames(sql: Sql): Promise<ReadonlyMap<number, string>> {
  const rows = await sql.all('SELECT id, name FROM jails');
  return new Map(rows.map((row) => [Number(row['id']), String(row['name'])]));
}

/** The beginnings of the hours or days in a time, as far as there are rows at all. */
async function startsOf(
  sql: Sql,
  [dimension = 0, step = 0, from = 0, to = 0]: readonly SqlValue[],
  seconds: number,
): Promise<readonly number[]> {
  const row = await sql.get('SELECT min(start) AS oldest, max(start) AS newest FROM counts WHERE dimension = ? AND step = ?', [
    dimension,
    step,
  ]);
  const first = Math.max(Number(from), Number(row?.['oldest'] ?? 0));
  const end = Math.min(Number(to), Number(row?.['newest'] ?? -1) + 1);
  return Array.from({ length: Math.min(MAX_STARTS, Math.max(0, Math.ceil((end - first) / seconds))) }, (_, at) => first + at * seconds);
}

function countRow(row: Row): CountRow {
  return { start: Number(row['start']), key: keyText(row['key']), ...countsOf(row) };
}

/** The first by bans or failures, see `TopQuery` for how exact the times are. */
export async function topRows(sql: Sql, query: TopQuery): Promise<readonly TopRow[]> {
  const dimension = DIMENSION[query.of];
  const limit = Math.max(1, Math.min(query.limit, MAX_TOP));
  const long = dimension > DIMENSION.country && query.to - query.from > BY_HOURS;
  const { from, to } = long ? { from: floorTo(DAY, query.from), to: ceilTo(DAY, query.to) } : query;
  const spans = await spansOf(sql, dimension, from, to);
  if (dimension <= DIMENSION.country || spans.length === 0) return rank(sql, query, spans, limit);
  const days = daysOf(spans);
  const ranking = { dimension, by: query.by, limit };
  const keys = long && days.length > 0 ? await firstKeys(sql, { ...ranking, days }) : await firstKeysIn(sql, ranking, spans);
  return rankOf(sql, query, spans, keys, limit);
}

/** Adds up everything in the spans. */
async function rank(sql: Sql, { of, by }: TopQuery, spans: readonly Span[], limit: number): Promise<readonly TopRow[]> {
  if (spans.length === 0) return [];
  const part = 'SELECT key, failures, bans FROM counts WHERE dimension = ? AND step = ? AND start >= ? AND start < ?';
  const ranked = rankedBy(by, spans.map(() => part).join(' UNION ALL '));
  const values = spans.flatMap(({ step, start, end }) => [DIMENSION[of], step, start, end]);
  return (await sql.all(named(of, ranked), [...values, limit])).map(topRow);
}

/** Adds up a few keys only. */
async function rankOf(
  sql: Sql,
  { of, by }: TopQuery,
  spans: readonly Span[],
  keys: readonly number[],
  limit: number,
): Promise<readonly TopRow[]> {
  const part =
    'SELECT c.key, c.failures, c.bans FROM json_each(?) d CROSS JOIN json_each(?) k CROSS JOIN counts c ' +
    'ON c.dimension = ? AND c.step = d.value->>0 AND c.start = d.value->>1 AND c.key = k.value';
  const starts = spans.flatMap((span) => startsIn(span).map((start) => [span.step, start]));
  const values = [JSON.stringify(starts), JSON.stringify(keys), DIMENSION[of], limit];
  return (await sql.all(named(of, rankedBy(by, part)), values)).map(topRow);
}

function rankedBy(by: 'bans' | 'failures', rows: string): string {
  const other = by === 'bans' ? 'failures' : 'bans';
  return (
    `SELECT key, sum(failures) AS failures, sum(bans) AS bans FROM (${rows}) ` +
    `GROUP BY key HAVING sum(${by}) > 0 ORDER BY sum(${by}) DESC, sum(${other}) DESC, key LIMIT ?`
  );
}

/** With names where keys are numbers of other tables; the order stays. */
function named(of: TopQuery['of'], ranked: string): string {
  if (of === 'jail') return `SELECT n.name AS key, r.failures, r.bans FROM (${ranked}) r CROSS JOIN jails n ON n.id = r.key`;
  if (of === 'address') return `SELECT n.address AS key, r.failures, r.bans FROM (${ranked}) r CROSS JOIN addresses n ON n.id = r.key`;
  return ranked;
}

function topRow(row: Row): TopRow {
  return { key: keyText(row['key']), ...countsOf(row) };
}

/** Whole days as days, what is over at both ends as hours; where hours were given up, the whole day. */
async function spansOf(sql: Sql, dimension: number, from: number, to: number): Promise<readonly Span[]> {
  const row = await sql.get('SELECT min(start) AS oldest FROM counts WHERE dimension = ? AND step = ?', [dimension, HOUR]);
  const oldestHour = row === null || row['oldest'] === null ? Infinity : Number(row['oldest']);
  const kept = (time: number): boolean => floorTo(DAY, time) >= floorTo(DAY, oldestHour);
  const firstDay = kept(from) ? ceilTo(DAY, from) : floorTo(DAY, from);
  const lastDay = kept(to) ? floorTo(DAY, to) : ceilTo(DAY, to);
  if (firstDay >= lastDay) return from < to ? [{ step: HOUR, start: floorTo(HOUR, from), end: to }] : [];
  return [
    { step: HOUR, start: floorTo(HOUR, from), end: firstDay },
    { step: DAY, start: firstDay, end: lastDay },
    { step: HOUR, start: lastDay, end: to },
  ].filter(({ start, end }) => start < end);
}

function daysOf(spans: readonly Span[]): readonly number[] {
  return spans.filter(({ step }) => step === DAY).flatMap(startsIn);
}

function startsIn({ step, start, end }: Span): readonly number[] {
  return Array.from({ length: Math.ceil((end - start) / step) }, (_, index) => start + index * step);
}

function countsOf(row: Row): { failures: number; bans: number } {
  return { failures: Number(row['failures']), bans: Number(row['bans']) };
}

/** Network 0 is the unknown one. */
function keyText(key: SqlValue | undefined): string {
  return key === 0 || key === null || key === undefined ? '' : String(key);
}
