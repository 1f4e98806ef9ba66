/** The answer to `stats` of later servers becomes a table: a line for each jail with failures and bans, now and in all. */
import { PyTuple, pythonStr } from '../../../model/python-repr';
import type { PyValue } from '../../../model/python-repr';

type Row = readonly [jail: string, backend: string, failed: string, failedTotal: string, banned: string, bannedTotal: string];

const WIDTHS = [8, 8, 3, 3, 3, 3] as const;

function two(value: PyValue | undefined): readonly [string, string] | null {
  const items = value instanceof PyTuple ? value.items : Array.isArray(value) ? (value as readonly PyValue[]) : [];
  const [first, second] = items;
  return first === undefined || second === undefined ? null : [pythonStr(first), pythonStr(second)];
}

function rowOf([jail, value]: readonly [PyValue, PyValue]): Row | null {
  const [backend = '', failed, banned] = Array.isArray(value) ? (value as readonly PyValue[]) : [];
  const failures = two(failed);
  const bans = two(banned);
  return failures === null || bans === null ? null : [pythonStr(jail), pythonStr(backend), ...failures, ...bans];
}

/** The table; null when the answer has another shape. */
export function statisticsTable(value: PyValue): string | null {
  if (!(value instanceof Map)) return null;
  const rows: Row[] = [];
  for (const entry of value as ReadonlyMap<PyValue, PyValue>) {
    const row = rowOf(entry);
    if (row === null) return null;
    rows.push(row);
  }
  if (rows.length === 0) return 'No jails found.';
  const widths = WIDTHS.map((least, column) => Math.max(least, ...rows.map((row) => (row[column] ?? '').length)));
  const width = (column: number): number => widths[column] ?? 0;
  const line = (cells: Row): string => {
    const [jail, backend, ...numbers] = cells;
    const [failed = '', failedTotal = '', banned = '', bannedTotal = ''] = numbers.map((cell, index) => cell.padStart(width(index + 2)));
    return ` ${jail.padEnd(width(0))} ║ ${backend.padEnd(width(1))} ║ ${failed} │ ${failedTotal} ║ ${banned} │ ${bannedTotal}`;
  };
  const failures = width(2) + width(3) + 5;
  const bans = width(4) + width(5) + 5;
  const head = (text: string, size: number): string => ` ${text}`.padEnd(size);
  const empty = ' '.repeat(width(0) + 2);
  const rule = `${'═'.repeat(width(0) + 2)}X${'═'.repeat(width(1) + 2)}X${'═'.repeat(failures)}X${'═'.repeat(bans)}`;
  return [
    `${empty}║ ${' '.repeat(width(1))} ║${head('Filter', failures)}║${head('Actions', bans)}`,
    ` ${'Jail'.padEnd(width(0))} ║ ${'Backend'.padEnd(width(1))} ╟${'─'.repeat(failures)}╫${'─'.repeat(bans)}`,
    `${empty}║ ${' '.repeat(width(1))} ║ ${'cur'.padEnd(width(2))} │ ${'tot'.padEnd(width(3))} ║ ${'cur'.padEnd(width(4))} │ ${'tot'.padEnd(width(5))}`,
    rule.replaceAll('X', '╬'),
    ...rows.map(line),
    rule.replaceAll('X', '╩'),
  ].join('\n');
}
