/** What a jail tells becomes a record in fail2ban's words: logger, level and the text that other tools read. */
import { formatDuration } from '../../base/duration';
import { formatLocalTime } from '../../base/local-time';
import type { LevelName, LogRecord } from '../../base/logger';
import type { JailEvent } from '../../model/event';
import { pythonRepr } from '../../model/python-repr';

/** Longest id that is written: a filter may capture any text as an id. */
const MAX_ID = 1000;
/** From so many seconds after the ban «already banned» is said louder. */
const SOON = 3;
const LATE = 60;

const LOGGERS = {
  filter: 'fail2ban.filter',
  observer: 'fail2ban.observer',
  actions: 'fail2ban.actions',
  jail: 'fail2ban.jail',
} as const;

/** The record of an event. */
export function wordsOf(event: JailEvent): LogRecord {
  if (event.kind === 'found') return record('filter', 'INFO', foundWords(event.jail, safe(event.id), event.time));
  const jail = `[${event.jail}] `;
  switch (event.kind) {
    case 'attempt':
      return record('filter', 'INFO', `${jail}Attempt ${safe(event.id)} - ${formatLocalTime(event.time)}`);
    case 'found-bad': {
      const bad = `${safe(event.id)}, bad - ${formatLocalTime(event.time)}, ${event.bans} # -> ${event.retry}`;
      return record('observer', 'INFO', `${jail}Found ${bad}${event.ban ? ', Ban' : ''}`);
    }
    case 'ignore':
      return record('filter', 'INFO', `${jail}Ignore ${safe(event.id)} by ${safe(event.by)}`);
    case 'expired':
      return record('actions', 'INFO', `${jail}Ignore ${safe(event.id)}, expired bantime`);
    case 'ban':
      return record('actions', 'NOTICE', `${jail}Ban ${safe(event.id)}`);
    case 'restore-ban':
      return record('actions', 'NOTICE', `${jail}Restore Ban ${safe(event.id)}`);
    case 'reban':
      return record(
        'actions',
        'NOTICE',
        `${jail}Reban ${safe(event.id)}${event.action === undefined ? '' : `, action ${pythonRepr(event.action)}`}`,
      );
    case 'unban':
      return record('actions', 'NOTICE', `${jail}Unban ${safe(event.id)}`);
    case 'already-banned':
      return record(
        'actions',
        event.age < SOON ? 'DEBUG' : event.age < LATE ? 'NOTICE' : 'WARNING',
        `${jail}${safe(event.id)} already banned`,
      );
    case 'is-bad': {
      const times = `last ${formatLocalTime(event.last)} - incr ${formatDuration(event.from)} to ${formatDuration(event.to)}`;
      return record('observer', 'INFO', `${jail}IP ${safe(event.id)} is bad: ${event.bans} # ${times}`);
    }
    case 'increase-ban': {
      const until = event.bantime === -1 ? 'permanent -> infinite' : `${formatDuration(event.bantime)} -> ${formatLocalTime(event.end)}`;
      return record('observer', 'NOTICE', `${jail}Increase Ban ${safe(event.id)} (${event.bancount} # ${until})`);
    }
    case 'flush':
      return record('actions', 'NOTICE', `${jail}Flush ticket(s) with ${event.action}`);
    case 'action-failed':
      return record('actions', 'ERROR', actionFailed(event));
    case 'started':
      return record('jail', 'INFO', `Jail ${pythonRepr(event.jail)} started`);
    case 'stopped':
      return record('jail', 'INFO', `Jail ${pythonRepr(event.jail)} stopped`);
  }
}

/** What stood before and behind the address in the last such words: in a burst it is mostly the same. */
let lastFound = { jail: '', time: NaN, before: '', behind: '' };

function foundWords(jail: string, id: string, time: number): string {
  if (lastFound.jail !== jail || lastFound.time !== time) {
    lastFound = { jail, time, before: `[${jail}] Found `, behind: ` - ${formatLocalTime(time)}` };
  }
  return lastFound.before + id + lastFound.behind;
}

/** Failed bans and unbans name their address, what concerns the whole action does not. */
function actionFailed(event: Extract<JailEvent, { kind: 'action-failed' }>): string {
  const place = `jail ${pythonRepr(event.jail)} action ${pythonRepr(event.action)}`;
  const message = oneLine(event.message);
  if (event.id === undefined) return `Failed to ${event.operation} ${place}: ${message}`;
  return `Failed to execute ${event.operation} ${place} info 'ActionInfo({'ip': ${pythonRepr(safe(event.id))}})': ${message}`;
}

function record(logger: keyof typeof LOGGERS, level: LevelName, message: string): LogRecord {
  return { name: LOGGERS[logger], level, message };
}

/** Longest text that is looked at letter by letter. */
const SHORT = 64;
const PLAIN_LETTERS = Uint8Array.from({ length: 128 }, (_none, code) => (/[\w.:/-]/.test(String.fromCharCode(code)) ? 1 : 0));

/** Whether it is an address or a short word: nothing to escape. */
function isPlain(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let at = 0; at < text.length; at++) if (PLAIN_LETTERS[text.charCodeAt(at)] !== 1) return false;
  return true;
}

/** What ends a line, steers a terminal, or turns the direction of writing. */
const CONTROLS = /[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function oneLine(text: string): string {
  return text.replace(CONTROLS, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** One line of bounded length: a captured text must not begin a line of its own, for other jails read this log. */
function safe(id: string): string {
  if (isPlain(id)) return id;
  const escaped = oneLine(id);
  return escaped.length > MAX_ID ? `${escaped.slice(0, MAX_ID)}…` : escaped;
}
