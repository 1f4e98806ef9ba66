/** The column `data` of a ban: JSON as Python writes it (spaces after `,` and `:`, non-ASCII kept), stored as a BLOB. */
import type { CapturedData, MatchedLine, TicketData } from '../../model/ticket';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** Text of what a ban was made from; of its matches only the last `maxMatches` are kept, none for 0. */
export function encodeTicketData(data: TicketData, maxMatches: number): Buffer {
  const fields: [string, Json][] = [];
  if (maxMatches > 0) fields.push(['matches', data.matches.slice(-maxMatches)]);
  fields.push(['failures', data.failures]);
  for (const [key, value] of Object.entries(data.captured)) {
    if (key !== 'matches' && key !== 'failures') fields.push([key, value]);
  }
  return Buffer.from(`{${fields.map(([key, value]) => `${JSON.stringify(key)}: ${pythonJson(value)}`).join(', ')}}`, 'utf8');
}

function pythonJson(value: Json): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map(pythonJson).join(', ')}]`;
  if (value !== null && typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${JSON.stringify(key)}: ${pythonJson(item)}`)
      .join(', ')}}`;
  }
  return JSON.stringify(value);
}

/** Reads the column, whoever wrote it; what cannot be understood is left out, for a ban without its lines is still a ban. */
export function decodeTicketData(column: string | number | Buffer | null): TicketData {
  const fields = parseObject(column);
  const captured: Record<string, string | readonly string[]> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (key === 'matches' || key === 'failures' || key === '__proto__') continue;
    const known = capturedValue(value);
    if (known !== null) captured[key] = known;
  }
  const failures = fields['failures'];
  return {
    failures: typeof failures === 'number' && Number.isFinite(failures) ? failures : 0,
    matches: matchedLines(fields['matches']),
    captured: captured satisfies CapturedData,
  };
}

function parseObject(column: string | number | Buffer | null): Readonly<Record<string, Json>> {
  if (column === null || typeof column === 'number') return {};
  try {
    const value = JSON.parse(column.toString()) as Json;
    return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Readonly<Record<string, Json>>) : {};
  } catch {
    return {};
  }
}

function capturedValue(value: Json): string | readonly string[] | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return (value as readonly Json[]).filter((item) => typeof item === 'string');
  return null;
}

function matchedLines(value: Json | undefined): readonly MatchedLine[] {
  if (!Array.isArray(value)) return [];
  const lines: MatchedLine[] = [];
  for (const item of value as readonly Json[]) {
    if (typeof item === 'string') lines.push(item);
    else if (Array.isArray(item)) {
      const parts = (item as readonly Json[]).map((part) => (typeof part === 'string' ? part : ''));
      lines.push(parts.length === 3 ? [parts[0] ?? '', parts[1] ?? '', parts[2] ?? ''] : parts.join(''));
    }
  }
  return lines;
}
