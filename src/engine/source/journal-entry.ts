/** From an entry of `journalctl --output=json` the line that fail2ban makes of it, and its time. */

export interface JournalEntry {
  /** `HOSTNAME IDENT[PID]: MESSAGE`; parts that are missing are left out. */
  readonly line: string;
  /** Seconds since the epoch: when the program wrote it, or else when the journal had it. */
  readonly time: number;
  /** Microseconds since the epoch: when the journal had it; rises from entry to entry. */
  readonly written: number;
  readonly cursor: string;
  /** Whether a message came with it: journalctl leaves out what it could not read at that moment. */
  readonly hasMessage: boolean;
}

/** Characters of a line at most. */
const MAX_LINE = 65536;

/** Fields that are needed; journalctl adds cursor and times by itself. */
export const JOURNAL_FIELDS = [
  'MESSAGE',
  '_HOSTNAME',
  'SYSLOG_IDENTIFIER',
  '_COMM',
  'SYSLOG_PID',
  '_PID',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
];

/** The entry of one line of JSON; null when it is none. */
export function readJournalEntry(json: string): JournalEntry | null {
  let entry: unknown;
  try {
    entry = JSON.parse(json);
  } catch {
    return null;
  }
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return null;
  const fields = entry as Readonly<Record<string, unknown>>;
  const written = microseconds(fields['__REALTIME_TIMESTAMP']);
  const cursor = fields['__CURSOR'];
  if (written === null || typeof cursor !== 'string') return null;
  const time = (microseconds(fields['_SOURCE_REALTIME_TIMESTAMP']) ?? written) / 1e6;
  return { line: lineOf(fields).slice(0, MAX_LINE), time, written, cursor, hasMessage: fields['MESSAGE'] !== undefined };
}

function lineOf(fields: Readonly<Record<string, unknown>>): string {
  const identifier = text(fields['SYSLOG_IDENTIFIER']) || text(fields['_COMM']);
  const pid = text(fields['SYSLOG_PID']) || text(fields['_PID']);
  const program = identifier === '' || pid === '' ? identifier : `${identifier}[${asNumber(pid)}]`;
  const parts = [text(fields['_HOSTNAME']), program === '' ? '' : `${program}:`];
  if (program === 'kernel') {
    const monotonic = microseconds(fields['_SOURCE_MONOTONIC_TIMESTAMP']) ?? microseconds(fields['__MONOTONIC_TIMESTAMP']);
    if (monotonic !== null) parts.push(`[${(monotonic / 1e6).toFixed(6).padStart(12)}]`);
  }
  return [...parts.filter((part) => part !== ''), text(fields['MESSAGE'])].join(' ').replaceAll('\n', '\\n');
}

/** A process's number without signs and blanks around it; what is none stays as it is. */
function asNumber(pid: string): string {
  return /^\s*[+-]?(?:0+|[1-9]\d{0,15})\s*$/.test(pid) ? String(Number(pid)) : pid;
}

/** A field's text: as it is, bytes as UTF-8, several values joined by a blank. */
function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return '';
  if (value.every((byte) => typeof byte === 'number')) return Buffer.from(value).toString('utf8');
  return value.map(text).join(' ');
}

function microseconds(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : NaN;
  return Number.isSafeInteger(number) ? number : null;
}
