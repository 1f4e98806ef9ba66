/** A record becomes a line of fail2ban.log: date, logger, process, level, message, padded as fail2ban pads them. */
import type { LevelName, LogRecord } from '../../base/logger';
import { LEVELS } from '../../base/logger';
import { formatLocalTime } from '../../base/local-time';

/** How the levels are spelled in the log. */
export const LEVEL_TEXT: Readonly<Record<LevelName, string>> = {
  CRITICAL: 'CRITICAL',
  ERROR: 'ERROR',
  WARNING: 'WARNING',
  NOTICE: 'NOTICE',
  INFO: 'INFO',
  MSG: 'MSG',
  DEBUG: 'DEBUG',
  TRACEDEBUG: 'TRACE',
  HEAVYDEBUG: 'HEAVY',
};

export interface LayoutOptions {
  readonly datetime: boolean;
  readonly padding: boolean;
  /** Python's `logging` format with `%(asctime)s`, `%(name)s`, `%(process)d`, `%(levelname)s`, `%(levelno)d`, `%(message)s`. */
  readonly format?: string;
}

let lastTime = { milliseconds: NaN, text: '' };

/** `YYYY-MM-DD HH:MM:SS,mmm` in local time. */
export function logTime(seconds: number): string {
  const milliseconds = Math.floor(seconds * 1000 + 1e-3);
  if (milliseconds !== lastTime.milliseconds) lastTime = { milliseconds, text: timeText(milliseconds) };
  return lastTime.text;
}

function timeText(milliseconds: number): string {
  const fraction = String(((milliseconds % 1000) + 1000) % 1000).padStart(3, '0');
  return `${formatLocalTime(Math.floor(milliseconds / 1000))},${fraction}`;
}

/**
 * The line (without newline) of a record, e.g. `2026-11-22 09:39:17,204 fail2ban.actions        [28976]: NOTICE  [j1] Ban 192.0.2.1`.
 * @param time seconds since the epoch
 */
export function formatRecord(record: LogRecord, time: number, pid: number, options: LayoutOptions): string {
  if (options.format !== undefined) return formatAsPython(options.format, record, time, pid);
  return headOf(options.datetime ? logTime(time) : '', sourceOf(record, pid, options.padding)) + record.message;
}

/** The last head that was written: in a burst many lines have the same. */
let lastHead = { date: '', source: '', text: '' };

function headOf(date: string, source: string): string {
  if (lastHead.date !== date || lastHead.source !== source) lastHead = { date, source, text: date === '' ? source : `${date} ${source}` };
  return lastHead.text;
}

/** The last source that was written: the same for many records. */
let last = { name: '', level: '', pid: 0, padding: false, text: '' };

/** `fail2ban.actions        [28976]: NOTICE  ` */
function sourceOf({ name, level }: LogRecord, pid: number, padding: boolean): string {
  if (last.name !== name || last.level !== level || last.pid !== pid || last.padding !== padding) {
    const words = LEVEL_TEXT[level];
    const text = padding ? `${name.padEnd(24)}[${pid}]: ${words.padEnd(7)} ` : `${name}[${pid}]: ${words} `;
    last = { name, level, pid, padding, text };
  }
  return last.text;
}

const FIELD = /%(?:%|\((\w+)\)([-0]?)(\d{0,3})(?:\.\d{1,3})?[sdf])/g;

/** Fields are filled in one pass: what a message contains is never looked at again. An unknown field stays as it is written. */
function formatAsPython(format: string, record: LogRecord, time: number, pid: number): string {
  const fields: ReadonlyMap<string, string> = new Map([
    ['asctime', logTime(time)],
    ['name', record.name],
    ['process', String(pid)],
    ['levelname', LEVEL_TEXT[record.level]],
    ['levelno', String(LEVELS[record.level])],
    ['message', record.message],
  ]);
  return format.replace(FIELD, (whole: string, name: string | undefined, flag: string, width: string) => {
    if (name === undefined) return '%';
    const value = fields.get(name);
    if (value === undefined) return whole;
    return flag === '-' ? value.padEnd(Number(width)) : value.padStart(Number(width), flag === '0' ? '0' : ' ');
  });
}
