/** Makes one picture of a connection from the lines that bear its id (`<F-MLFID>`): who came, as which users, and whether that failed (reference 2.6). */
import { BoundedMap } from '../../base/bounded-map';
import type { MatchedLine } from '../../model/ticket';
import { type Captured, isSet, SessionUsers, textOf } from './captured';

const MOST_SESSIONS = 100;
const KEPT_SECONDS = 300;
const MOST_LENGTHS = 8;
/** Of one session: who floods a log must not fill the memory. */
const MOST_USERS = 100;
const MOST_LINES = 100;

const NO_LINES: readonly MatchedLine[] = [];

/** What is known of a connection. The data of its last match is shared: later lines see what was written to it. */
export interface Session {
  data: Captured;
  /** Lines that led to the next failure. */
  matches: readonly MatchedLine[];
  /** Lines that are no failure yet, but count when one comes. */
  waiting: readonly MatchedLine[];
  users: SessionUsers;
  pending: boolean;
}

export interface Merged {
  readonly session: Session;
  /** True when the line is no failure (yet). */
  readonly nofail: boolean;
}

export interface Kept {
  readonly session: Session;
  time: number;
}

function freshSession(data: Captured): Session {
  return { data, matches: NO_LINES, waiting: NO_LINES, users: new SessionUsers(), pending: false };
}

function addUser(session: Session, user: string): void {
  const { names } = session.users;
  if (user === '' || names.length >= MOST_USERS) return;
  if (!names.includes(user)) session.users = new SessionUsers(names.concat([user]));
  session.data.set('users', session.users);
}

/** Lines behind earlier ones; the last of them when they are many. */
function joined(earlier: readonly MatchedLine[], lines: readonly MatchedLine[]): readonly MatchedLine[] {
  return earlier.length === 0 ? lines : [...earlier, ...lines].slice(-MOST_LINES);
}

/** Lays new values over a session's, but for those that are unset. */
function overlay(session: Session, data: Captured): void {
  data.forEach((name, value) => {
    if (value !== null) session.data.set(name, value);
  });
}

export class Sessions {
  private readonly kept = new BoundedMap<Kept>(MOST_SESSIONS);
  /** Lengths that the ids of kept sessions may have; null when they are too many. */
  private lengths: readonly number[] | null = [];
  /** Whether what is kept may have changed since that was last taken back. */
  changed = false;

  /**
   * Joins a match to its session.
   * @param data groups of the match, `mlfid` among them
   * @param lines the matched lines
   * @param now seconds since the epoch
   */
  merge(data: Captured, lines: readonly MatchedLine[], now: number): Merged {
    const id = textOf(data, 'mlfid') ?? '';
    let gained = isSet(data, 'mlfgained');
    if (gained && !isSet(data, 'nofail')) data.set('nofail', data.get('mlfgained') ?? null);
    let nofail = isSet(data, 'nofail');
    const forget = isSet(data, 'mlfforget');
    data.delete('mlfforget');
    const user = textOf(data, 'user') ?? '';
    let session = this.find(id, now);
    if (session !== null) {
      this.changed = true;
      addUser(session, user);
      const had = isSet(session.data, 'nofail') || isSet(session.data, 'mlfgained');
      session.data.delete('nofail');
      session.data.delete('mlfgained');
      if (gained) session.pending = false;
      if (!had && !session.pending) session.matches = NO_LINES;
      overlay(session, data);
      if (forget) this.kept.delete(id);
    } else {
      session = freshSession(data);
      if (!forget) {
        addUser(session, user);
        this.keep(id, session, now);
      }
    }
    if (session.pending || session.users.names.length > 1) {
      session.pending = false;
      session.data.delete('nofail');
      session.data.delete('mlfgained');
      nofail = gained = false;
    }
    if (!nofail) {
      const earlier = session.waiting.length === 0 ? session.matches : [...session.waiting, ...session.matches];
      session.matches = gained ? earlier : joined(earlier, lines);
      session.waiting = NO_LINES;
    } else if (!forget) session.waiting = joined(session.waiting, lines);
    return { session, nofail: isSet(session.data, 'nofail') };
  }

  /** Whether something is kept of a session. */
  isKept(id: string, now: number): boolean {
    return this.find(id, now) !== null;
  }

  get keepsAny(): boolean {
    return this.kept.size > 0;
  }

  /** Whether something may be kept of a session whose id a text has at `from`, and goes on no further than `to`. Never false when something is, expired or not. */
  mayKeepAt(text: string, from: number, to: number): boolean {
    if (this.kept.size === 0) return false;
    if (this.lengths === null) return true;
    for (const length of this.lengths) if (from + length <= to && this.kept.hasPart(text, from, from + length)) return true;
    return false;
  }

  /** What is kept, oldest first. */
  entries(): readonly (readonly [id: string, kept: Kept])[] {
    return this.kept.entries();
  }

  /** Goes on with what an earlier run kept; what is kept already stays as it is. */
  restore(entries: readonly (readonly [id: string, kept: Kept])[]): void {
    for (const [id, { session, time }] of entries) if (this.kept.get(id) === undefined) this.keep(id, session, time);
  }

  private find(id: string, now: number): Session | null {
    const kept = this.kept.get(id);
    if (kept === undefined) return null;
    if (now - kept.time > KEPT_SECONDS) {
      this.kept.delete(id);
      return null;
    }
    return kept.session;
  }

  private keep(id: string, session: Session, now: number): void {
    this.changed = true;
    if (this.kept.size === 0) this.lengths = [];
    if (this.lengths?.includes(id.length) === false)
      this.lengths = this.lengths.length < MOST_LENGTHS ? [...this.lengths, id.length] : null;
    this.kept.set(id, { session, time: now });
  }
}
