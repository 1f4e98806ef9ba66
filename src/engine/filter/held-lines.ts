/** Writes what a filter holds of lines for later ones (open sessions, the last lines of `maxlines`) as a text, and reads it: a restart goes on with it. */
import type { MatchedLine } from '../../model/ticket';
import { Captured, type CapturedValue, SessionUsers } from './captured';
import type { LineBuffer, LineParts } from './line-buffer';
import type { Kept, Session, Sessions } from './sessions';

/** Characters of all sessions together: beyond that the oldest are left out, for who floods a log must not fill the database. */
const MOST_TEXT = 1_048_576;
/** Stands for the session's list of users among the captured values. */
const USERS = 0;

const NO_LINES: readonly LineParts[] = [];

/** What one filter holds. */
export class HeldLines {
  /** The lines that were told last. */
  private lines: readonly LineParts[] = NO_LINES;

  /** @param buffer null when no line is held for a match over several */
  constructor(
    private readonly sessions: Sessions,
    private readonly buffer: LineBuffer | null,
  ) {}

  /** A text to go on with after a restart; null when nothing of it may have changed since it was last taken. */
  take(): string | null {
    const lines = this.buffer?.all() ?? NO_LINES;
    if (!this.sessions.changed && lines === this.lines) return null;
    this.sessions.changed = false;
    this.lines = lines;
    return writeHeld({ sessions: this.sessions.entries(), lines });
  }

  /** What was taken could not be written, or something else stands written: it is taken again. */
  unwritten(): void {
    this.sessions.changed = true;
  }

  /** Goes on with what an earlier run held; what is held already stays. */
  restore(text: string): void {
    const { sessions, lines } = readHeld(text);
    this.sessions.restore(sessions);
    if (this.buffer?.all().length === 0) this.buffer.keep(lines);
  }
}

export interface Held {
  /** Oldest first. */
  readonly sessions: readonly (readonly [id: string, kept: Kept])[];
  readonly lines: readonly LineParts[];
}

export function writeHeld({ sessions, lines }: Held): string {
  const texts: string[] = [];
  let left = MOST_TEXT;
  for (const [id, kept] of [...sessions].reverse()) {
    const text = JSON.stringify([id, kept.time, ...sessionFields(kept.session)]);
    left -= text.length;
    if (left < 0) break;
    texts.push(text);
  }
  return `{"sessions":[${texts.reverse().join(',')}],"lines":${JSON.stringify(lines)}}`;
}

function sessionFields({ data, matches, waiting, users, pending }: Session): readonly unknown[] {
  const captured: [string, CapturedValue | typeof USERS][] = [];
  data.forEach((name, value) => captured.push([name, value instanceof SessionUsers ? USERS : value]));
  return [captured, matches, waiting, users.names, pending];
}

/** What such a text holds; nothing of one that is damaged, and a session that is no session is left out. */
export function readHeld(text: string): Held {
  try {
    const held = JSON.parse(text) as { readonly sessions?: unknown; readonly lines?: unknown };
    const sessions = listOf(held.sessions).map(readSession);
    return { sessions: sessions.filter((session) => session !== null), lines: listOf(held.lines).filter(isParts) };
  } catch {
    return { sessions: [], lines: [] };
  }
}

function readSession(value: unknown): readonly [string, Kept] | null {
  const [id, time, captured, matches, waiting, names, pending] = listOf(value);
  if (typeof id !== 'string' || typeof time !== 'number') return null;
  const users = new SessionUsers(listOf(names).filter(isText));
  const data = new Captured();
  for (const entry of listOf(captured)) {
    const [name, text] = listOf(entry);
    if (typeof name !== 'string') return null;
    if (text === USERS) data.set(name, users);
    else if (text === null || typeof text === 'string') data.set(name, text);
    else data.set(name, listOf(text).filter(isText));
  }
  const session = {
    data,
    matches: listOf(matches).filter(isLine),
    waiting: listOf(waiting).filter(isLine),
    users,
    pending: pending === true,
  };
  return [id, { session, time }];
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const isText = (value: unknown): value is string => typeof value === 'string';
const isLine = (value: unknown): value is MatchedLine => isText(value) || isParts(value);
const isParts = (value: unknown): value is LineParts => Array.isArray(value) && value.length === 3 && value.every(isText);
