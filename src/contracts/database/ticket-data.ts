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

/** The texts of a list, set or tuple as Python prints it, one after the other, each with what stands before it. */
const PYTHON_TEXT = /(?:(?:frozen)?(?:set)?\(?[[({]|,)\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/gsy;
const EMPTY = /^(?:\[\]|\(\)|(?:frozen)?set\(\))$/;
const PYTHON_ESCAPE = /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8})|(.))/gs;
const NAMED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** The users of a ban, by its groups `user` and `users`. The stock server writes a set of users as the text that Python prints for it. */
export function usersOf({ user, users }: CapturedData): readonly string[] {
  const named = typeof users === 'string' ? printedTexts(users) : users;
  return [...new Set([user ?? [], named ?? []].flat().filter((name) => name !== ''))];
}

/** A text that is no printed list is itself. */
function printedTexts(text: string): readonly string[] {
  const found = [...text.matchAll(PYTHON_TEXT)];
  return found.length > 0 ? found.map(unescaped) : EMPTY.test(text) ? [] : [text];
}

function unescaped([, single, double]: RegExpMatchArray): string {
  return (single ?? double ?? '').replace(PYTHON_ESCAPE, (_, ...groups: (string | undefined)[]) => {
    const [x, u, long, plain = ''] = groups;
    const code = x ?? u ?? long;
    if (code === undefined) return NAMED[plain] ?? plain;
    const point = parseInt(code, 16);
    return point > 0x10ffff ? '\ufffd' : String.fromCodePoint(point);
  });
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
