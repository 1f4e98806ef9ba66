/** Reads a line of fail2ban.log, ours or the stock server's: when, who, how loud, what, and the event that its words tell. */
import type { LevelName } from '../../base/logger';
import { parseLocalTime } from '../../base/local-time';
import type { JailEvent } from '../../model/event';
import { END_OF_TIME } from '../../model/ticket';
import { LEVEL_TEXT } from './layout';

export interface ParsedLogLine {
  /** Seconds since the epoch, with milliseconds. */
  readonly time: number;
  /** Without `fail2ban.`: `actions`, `filter`, … */
  readonly logger: string;
  readonly pid: number;
  readonly level: LevelName;
  readonly message: string;
  /** What a jail told with it; null for everything else. */
  readonly event: JailEvent | null;
}

const LINE = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)[,.](\d{3}) fail2ban\.([\w.]+) *\[(\d{1,10})\]: ([A-Z]+) (.*)$/s;
/** Levels are padded to this width: what stands behind it belongs to the message, spaces included. */
const LEVEL_WIDTH = 7;
/** Longest line that is looked at. */
const MAX_LINE = 65536;

const LEVEL_OF: ReadonlyMap<string, LevelName> = new Map(
  (Object.entries(LEVEL_TEXT) as [LevelName, string][]).map(([level, text]) => [text, level]),
);

/** The parts of a line in the layout of a log file; null for a line that is not one (a continuation, another program's). */
export function parseLogLine(line: string): ParsedLogLine | null {
  if (line.length > MAX_LINE) return null;
  const [, date = '', fraction = '', logger = '', pid = '', levelText = '', rest = ''] = LINE.exec(line) ?? [];
  const seconds = parseLocalTime(date);
  const level = LEVEL_OF.get(levelText);
  if (seconds === null || level === undefined) return null;
  const padding = ' '.repeat(Math.max(0, LEVEL_WIDTH - levelText.length));
  const message = rest.startsWith(padding) ? rest.slice(padding.length) : rest;
  // The parts are put together in whole milliseconds: no sum of fractions that differs in its last digit.
  const time = (seconds * 1000 + Number(fraction)) / 1000;
  return { time, logger, pid: Number(pid), level, message, event: eventOf(logger, level, message) };
}

const DATE = '(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d)';

interface Wording {
  readonly logger: string;
  readonly pattern: RegExp;
  readonly make: (jail: string, words: readonly string[], level: LevelName) => JailEvent | null;
}

/** In the order in which they are tried: what could be read as two things is read as the lesser (an id may be any text). */
const WORDINGS: readonly Wording[] = [
  {
    logger: 'observer',
    pattern: new RegExp(`^Found (.+), bad - ${DATE}, (\\d+) # -> (\\d+(?:\\.\\d+)?)(, Ban)?$`),
    make: (jail, [id = '', date = '', bans = '', retry = '', ban]) =>
      dated(date, (time) => ({ kind: 'found-bad', jail, id, time, bans: Number(bans), retry, ban: ban !== undefined })),
  },
  {
    logger: 'observer',
    pattern: new RegExp(`^IP (.+) is bad: (\\d+) # last ${DATE} - incr ([\\w ]+) to ([\\w ]+)$`),
    make: (jail, [id = '', bans = '', date = '', from = '', to = '']) =>
      dated(date, (last) => ({ kind: 'is-bad', jail, id, bans: Number(bans), last, from: secondsOf(from), to: secondsOf(to) })),
  },
  {
    logger: 'observer',
    pattern: /^Increase Ban (.+) \((\d+) # permanent -> infinite\)$/,
    make: (jail, [id = '', bancount = '']) => ({
      kind: 'increase-ban',
      jail,
      id,
      bancount: Number(bancount),
      bantime: -1,
      end: END_OF_TIME,
    }),
  },
  {
    logger: 'observer',
    pattern: new RegExp(`^Increase Ban (.+) \\((\\d+) # ([\\w ]+) -> ${DATE}\\)$`),
    make: (jail, [id = '', bancount = '', bantime = '', date = '']) =>
      dated(date, (end) => ({ kind: 'increase-ban', jail, id, bancount: Number(bancount), bantime: secondsOf(bantime), end })),
  },
  {
    logger: 'filter',
    pattern: new RegExp(`^(Found|Attempt) (.+) - ${DATE}$`),
    make: (jail, [word, id = '', date = '']) => dated(date, (time) => ({ kind: word === 'Found' ? 'found' : 'attempt', jail, id, time })),
  },
  { logger: 'filter', pattern: /^Ignore (.+) by (.+)$/, make: (jail, [id = '', by = '']) => ({ kind: 'ignore', jail, id, by }) },
  { logger: 'actions', pattern: /^Ignore (.+), expired bantime$/, make: (jail, [id = '']) => ({ kind: 'expired', jail, id }) },
  {
    logger: 'actions',
    pattern: /^(.+) already banned$/,
    make: (jail, [id = ''], level) => ({ kind: 'already-banned', jail, id, age: level === 'DEBUG' ? 0 : level === 'NOTICE' ? 3 : 60 }),
  },
  { logger: 'actions', pattern: /^Restore Ban (.+)$/, make: (jail, [id = '']) => ({ kind: 'restore-ban', jail, id }) },
  {
    logger: 'actions',
    pattern: /^Reban (.+?)(?:, action '(.*)')?$/,
    make: (jail, [id = '', action]) => ({ kind: 'reban', jail, id, ...(action === undefined ? {} : { action }) }),
  },
  { logger: 'actions', pattern: /^(?:Unban|Repeal Ban) (.+)$/, make: (jail, [id = '']) => ({ kind: 'unban', jail, id }) },
  { logger: 'actions', pattern: /^Flush ticket\(s\) with (.+)$/, make: (jail, [action = '']) => ({ kind: 'flush', jail, action }) },
  { logger: 'actions', pattern: /^Ban (.+)$/, make: (jail, [id = '']) => ({ kind: 'ban', jail, id }) },
];

const OF_JAIL = /^\[([^\]]+)\] (.*)$/s;
const STARTED = /^Jail '(.+)' (started|stopped)$/;
const FAILED = /^Failed to (?:execute )?(\w+) jail '([^']{1,200})' action '([^']{1,200})'/;
const INFO = " info 'ActionInfo({";
const INFO_END = "})': ";

function eventOf(logger: string, level: LevelName, message: string): JailEvent | null {
  const [, jail, words] = OF_JAIL.exec(message) ?? [];
  if (jail === undefined || words === undefined) return eventOfServer(logger, message);
  for (const wording of WORDINGS) {
    if (wording.logger !== logger) continue;
    const match = wording.pattern.exec(words);
    if (match !== null) return wording.make(jail, match.slice(1), level);
  }
  return null;
}

function eventOfServer(logger: string, message: string): JailEvent | null {
  const [, jail, change] = (logger === 'jail' && STARTED.exec(message)) || [];
  if (jail !== undefined) return { kind: change === 'started' ? 'started' : 'stopped', jail };
  const failed = logger === 'actions' ? FAILED.exec(message) : null;
  return failed === null ? null : eventOfFailure(failed, message.slice(failed[0].length));
}

/** The stock server writes all that an action may ask for between the action's name and the reason; only the address counts. */
function eventOfFailure([, operation = '', jail = '', action = '']: RegExpExecArray, rest: string): JailEvent | null {
  const failure = { kind: 'action-failed', jail, action, operation } as const;
  if (rest.startsWith(': ')) return { ...failure, message: rest.slice(2) };
  const end = rest.startsWith(INFO) ? rest.indexOf(INFO_END) : -1;
  if (end === -1) return null;
  const id = /'ip': '([^']{1,1000})'/.exec(rest.slice(0, end))?.[1];
  return { ...failure, ...(id === undefined ? {} : { id }), message: rest.slice(end + INFO_END.length) };
}

function dated(text: string, make: (seconds: number) => JailEvent): JailEvent | null {
  const seconds = parseLocalTime(text);
  return seconds === null ? null : make(seconds);
}

const UNITS: Readonly<Record<string, number>> = { y: 365 * 86400, w: 604800, d: 86400, h: 3600, m: 60, s: 1 };

/** The log's own rounded form back to seconds: `1w 1d 5h` (a year has 365 days there). */
function secondsOf(text: string): number {
  return text.split(' ').reduce((sum, part) => sum + Number.parseInt(part, 10) * (UNITS[part.at(-1) ?? ''] ?? 1), 0);
}
