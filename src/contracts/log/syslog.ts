/** A record becomes a line for syslog or the journal: its priority in front, as `logger` and `systemd-cat` read it, and what they leave to say. */
import { LEVELS } from '../../base/logger';
import type { LogRecord } from '../../base/logger';
import { LEVEL_TEXT, formatRecord } from './layout';
import type { TargetOptions } from './target-options';

/** Syslog's severity of a level: from 50 critical, 40 error, 30 warning, 25 notice, 18 info, below debug. */
export function severityOf(record: LogRecord): number {
  const level = LEVELS[record.level];
  if (level >= LEVELS.CRITICAL) return 2;
  if (level >= LEVELS.ERROR) return 3;
  if (level >= LEVELS.WARNING) return 4;
  if (level >= LEVELS.NOTICE) return 5;
  return level >= LEVELS.MSG ? 6 : 7;
}

/** `<29>NOTICE [j1] Ban …`: logger and process stand in the tag. */
export function syslogLine(record: LogRecord, options: TargetOptions): string {
  const level = LEVEL_TEXT[record.level];
  return `<${options.facility * 8 + severityOf(record)}>${options.padding ? level.padEnd(7) : level} ${oneLine(record.message)}`;
}

/** `<5>[j1] Ban …`: the journal has identifier, process and level in fields of their own. */
export function journalLine(record: LogRecord, format: string | undefined, world: { clock: { now(): number }; pid: number }): string {
  const layout = { datetime: false, padding: false, format: format ?? '%(message)s' };
  return `<${severityOf(record)}>${oneLine(formatRecord(record, world.clock.now(), world.pid, layout))}`;
}

/** Each line is a record to the program that reads it: a second line of a message must not look like one. */
function oneLine(text: string): string {
  return text.replace(/[\r\n]+/g, ' | ');
}
