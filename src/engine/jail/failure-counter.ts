/** Failures become tickets: counts them by id in a window that is estimated by rate, as fail2ban does, not kept as a list of times. */
import { ownText } from '../../base/own-text';
import { roundHalfEven } from '../../base/rounding';
import {
  type CapturedData,
  type CountChanges,
  type CountedFailures,
  type Failure,
  type FailTicket,
  type MatchedLine,
  matchedText,
} from '../../model/ticket';
import { KeptText, shortened } from './kept-text';

export interface CounterLimits {
  readonly maxRetry: number;
  /** Seconds. */
  readonly findTime: number;
  readonly maxMatches: number;
}

const NO_LINES: readonly MatchedLine[] = [];

interface Entry {
  readonly id: string;
  time: number;
  firstTime: number;
  retry: number;
  failures: number;
  /** Those of the first failure, as they came, until later ones push them out. */
  matches: readonly MatchedLine[];
  /** The same list while nobody else has it and it is full, and where its oldest line is: the next takes its place. */
  ring: MatchedLine[] | null;
  oldest: number;
  /** The round of changes in which it is known to have changed. */
  round: number;
  captured: CapturedData;
}

/** How many ids are counted at once; beyond that the one counted longest is forgotten. */
export const MAX_COUNTED = 100_000;

/** The failures of one jail, by id, in the order in which the ids were first seen. */
export class FailureCounter {
  /** Every failure that was ever added. */
  total = 0;
  readonly #entries = new Map<string, Entry>();
  /** Ids whose count changed since `takeChanges`; null when there are so many that all is written anew. */
  #changed: Set<string> | null = new Set();
  /** Grows whenever changes are taken. */
  #round = 0;
  #limits: CounterLimits;

  constructor(
    limits: CounterLimits,
    readonly capacity = MAX_COUNTED,
    private readonly kept = new KeptText(),
  ) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Counts on with other limits; what was counted stays. */
  setLimits(limits: CounterLimits): void {
    this.#limits = limits;
  }

  /**
   * Counts a failure; returns how many attempts of the id count now.
   * When the first one fell out of `findTime`, the count is scaled to what the same rate makes in `findTime` (rounded as Python rounds).
   * @param count attempts that this failure stands for
   */
  add({ id, time, data }: FailTicket, count = 1): number {
    const { failures, matches, captured } = data;
    return this.#again(id, time, failures, matches, count) ?? this.#first(id, time, failures, matches, captured, count);
  }

  /** As `add`, for one failure of an id: its data is asked for only when it is the first. */
  addOne(id: string, failure: Pick<Failure, 'time' | 'matches' | 'data'>): number {
    const { time, matches } = failure;
    return this.#again(id, time, 1, matches, 1) ?? this.#first(id, time, 1, matches, failure.data, 1);
  }

  /** Adds to an id that is counted already; null for another. */
  #again(id: string, time: number, failures: number, matches: readonly MatchedLine[], count: number): number | null {
    this.total++;
    this.#keep(matches);
    const entry = this.#entries.get(id);
    if (entry === undefined) return null;
    if (entry.round !== this.#round) this.#touch(id);
    entry.round = this.#round;
    return this.#more(entry, time, failures, matches, count);
  }

  #first(id: string, time: number, failures: number, matches: readonly MatchedLine[], captured: CapturedData, count: number): number {
    this.#touch(id);
    const least = Math.max(1, failures);
    const retry = count > failures ? count : least;
    if (this.#entries.size >= this.capacity) this.#forgetOldest();
    // Whoever is banned is known by this text long after his lines are gone.
    const own = ownText(id);
    this.#entries.set(own, {
      id: own,
      time,
      firstTime: time,
      retry,
      failures: least,
      matches,
      ring: null,
      oldest: 0,
      round: this.#round,
      captured,
    });
    return retry;
  }

  /** Adds `count` attempts to an id that is counted already; returns its attempts, 0 when it is not counted. */
  weigh(id: string, time: number, count: number): number {
    const entry = this.#entries.get(id);
    if (entry === undefined) return 0;
    this.total++;
    this.#touch(id);
    return this.#more(entry, time, 1, NO_LINES, count);
  }

  /** Takes out and returns the ticket of `id` when it has reached maxRetry; null when it has not. */
  take(id: string): FailTicket | null {
    const entry = this.#entries.get(id);
    if (entry === undefined || entry.retry < this.#limits.maxRetry) return null;
    this.#forget(id);
    return ticketOf(entry);
  }

  /** Takes out any ticket that has reached maxRetry (lower limits after a reload); null when there is none. */
  takeAny(): FailTicket | null {
    for (const id of this.#entries.keys()) {
      const ticket = this.take(id);
      if (ticket !== null) return ticket;
    }
    return null;
  }

  /** Forgets ids whose last failure is not younger than findTime. */
  cleanup(now: number): void {
    const limit = now - this.#limits.findTime;
    for (const [id, entry] of this.#entries) if (entry.time <= limit) this.#forget(id);
  }

  /** Goes on from what was counted before a restart; ids that are counted already stay as they are. */
  restore(counted: readonly CountedFailures[]): void {
    for (const { id, time, firstTime, retry, data } of counted) {
      if (this.#entries.has(id) || this.#entries.size >= this.capacity) continue;
      const { failures, matches, captured } = data;
      this.#keep(matches);
      this.#entries.set(id, { id, time, firstTime, retry, failures, matches, ring: null, oldest: 0, round: -1, captured });
    }
  }

  /** What changed since the last call, to be written; null when nothing did. */
  takeChanges(): CountChanges | null {
    const changed = this.#changed;
    this.#changed = new Set();
    this.#round++;
    if (changed === null) return { anew: true, counted: Array.from(this.#entries.values(), countedOf), gone: [] };
    if (changed.size === 0) return null;
    const counted: CountedFailures[] = [];
    const gone: string[] = [];
    for (const id of changed) {
      const entry = this.#entries.get(id);
      if (entry === undefined) gone.push(id);
      else counted.push(countedOf(entry));
    }
    return { anew: false, counted, gone };
  }

  /** These could not be written: they are among the next changes. */
  giveBack({ anew, counted, gone }: CountChanges): void {
    if (anew) this.#changed = null;
    for (const { id } of counted) this.#touch(id);
    for (const id of gone) this.#touch(id);
  }

  /** Makes room for lines: where all have too many, each id keeps a piece of its last one. The counts stay; what is written is written anew. */
  #keep(lines: readonly MatchedLine[]): void {
    if (!this.kept.add(lines)) return;
    const entries = [...this.#entries.values()];
    if (!this.kept.isTooMuch(entries.map(({ matches }) => matches))) return;
    for (const entry of entries) {
      const { captured, failures } = entry;
      const left = shortened({ failures, matches: linesOf(entry), captured });
      entry.matches = left.matches;
      entry.captured = left.captured;
    }
    this.#changed = null;
  }

  #touch(id: string): void {
    if (this.#changed === null) return;
    this.#changed.add(id);
    if (this.#changed.size > 2 * this.capacity) this.#changed = null;
  }

  #forget(id: string): void {
    this.#touch(id);
    this.#entries.delete(id);
  }

  #more(entry: Entry, time: number, failures: number, matches: readonly MatchedLine[], count: number): number {
    const { findTime, maxMatches } = this.#limits;
    if (time > entry.time) {
      const since = time - findTime;
      if (entry.firstTime < since) {
        entry.retry = roundHalfEven((entry.retry / (time - entry.firstTime)) * findTime);
        entry.firstTime = since;
      }
      entry.time = time;
    }
    entry.retry += count;
    entry.failures += Math.max(1, failures);
    keepLines(entry, matches, maxMatches);
    return entry.retry;
  }

  #forgetOldest(): void {
    const oldest = this.#entries.keys().next().value;
    if (oldest !== undefined) this.#forget(oldest);
  }
}

/** The last lines of an entry, with those of another failure, which are kept as text: so the original writes them into the database. (A list that lines are added to keeps room for more: these are as long as they are.) */
function keepLines(entry: Entry, lines: readonly MatchedLine[], most: number): void {
  const room = Math.max(0, most);
  const { ring } = entry;
  const [only] = lines;
  if (lines.length === 1 && only !== undefined && ring !== null && ring.length === room) {
    ring[entry.oldest] = matchedText(only);
    entry.oldest = entry.oldest + 1 === room ? 0 : entry.oldest + 1;
    return;
  }
  const kept = linesOf(entry);
  const added = room > 0 ? lines.slice(-room).map(matchedText) : [];
  if (added.length === 0 && kept.length <= room) return;
  const all = kept.slice(Math.max(0, kept.length + added.length - room)).concat(added);
  entry.matches = all;
  entry.ring = all.length === room && room > 0 ? all : null;
}

/** The lines of an entry in their order, for somebody who keeps the list. */
function linesOf(entry: Entry): readonly MatchedLine[] {
  const { ring, oldest } = entry;
  if (ring !== null && oldest > 0) entry.matches = ring.slice(oldest).concat(ring.slice(0, oldest));
  entry.ring = null;
  entry.oldest = 0;
  return entry.matches;
}

function countedOf(entry: Entry): CountedFailures {
  return { ...ticketOf(entry), firstTime: entry.firstTime, retry: entry.retry };
}

function ticketOf(entry: Entry): FailTicket {
  return { id: entry.id, time: entry.time, data: { failures: entry.failures, matches: linesOf(entry), captured: entry.captured } };
}
