/** Bans written to the database; what cannot be written now is kept and written later, for a full disk must not stop a ban. */
import { messageOf } from '../../base/errors';
import type { BanStore } from '../../contracts/database/ban-store';
import type { BanTicket } from '../../model/ticket';

/** Seconds between two tries: a database that somebody holds would keep each ban waiting. */
const TRY_AGAIN = 10;
/** Bans that wait to be written; beyond that the oldest are only in force, not remembered over a restart. */
const MOST_WAITING = 100_000;

/** Writes the bans of one jail. Calls must not overlap. */
export class BanRecords {
  #unwritten: BanTicket[] = [];
  /** Other lengths of bans that were written. */
  readonly #unchanged = new Map<string, BanTicket>();
  /** Ids to be forgotten before all else is written; null: all of them. */
  #unforgotten: Set<string> | null = new Set();
  #tryAt = -Infinity;
  /** Why the last writing failed; '' when it did not. */
  #message = '';

  constructor(
    readonly jail: string,
    readonly store: BanStore,
    /** Told once when writing fails, and once when it works again. */
    readonly onTrouble: (level: 'ERROR' | 'INFO', message: string) => void,
  ) {}

  /** For the jail's health: what is not written yet, and why; null when all is. */
  get trouble(): { readonly bans: number; readonly message: string } | null {
    return this.#message === '' ? null : { bans: this.#unwritten.length + this.#unchanged.size, message: this.#message };
  }

  /** Writes bans in one transaction. Never rejects. */
  async record(tickets: readonly BanTicket[], now: number): Promise<void> {
    if (tickets.length === 0) return;
    for (const ticket of tickets) this.#unwritten.push(ticket);
    await this.#writeWhenDue(now);
    if (this.#unwritten.length > MOST_WAITING) this.#unwritten = this.#unwritten.slice(-MOST_WAITING);
  }

  /** Writes other lengths of bans that may be written already. Never rejects. */
  async change(tickets: readonly BanTicket[], now: number): Promise<void> {
    if (tickets.length === 0) return;
    const changed = new Map(tickets.map((ticket) => [ticket.id, ticket]));
    const waiting = new Set(this.#unwritten.map(({ id }) => id));
    this.#unwritten = this.#unwritten.map((ticket) => changed.get(ticket.id) ?? ticket);
    for (const [id, ticket] of changed) if (!waiting.has(id)) this.#unchanged.set(id, ticket);
    await this.#writeWhenDue(now);
  }

  /** Writes all bans in force into a database that may lack any of them. Never rejects. */
  async rewrite(tickets: readonly BanTicket[], now: number): Promise<void> {
    this.#unwritten = [];
    for (const ticket of tickets) this.#unchanged.set(ticket.id, ticket);
    this.#tryAt = -Infinity;
    await this.#writeWhenDue(now);
  }

  /** Tries again what could not be written, when it is time. @param atOnce whether it is in any case */
  async retry(now: number, atOnce = false): Promise<void> {
    if (atOnce) this.#tryAt = -Infinity;
    if (this.#message !== '') await this.#writeWhenDue(now);
  }

  /** Forgets bans of these ids, of all when null. Never rejects. */
  async forget(ids: readonly string[] | null, now: number): Promise<void> {
    if (ids === null) {
      this.#unwritten = [];
      this.#unchanged.clear();
      this.#unforgotten = null;
    } else {
      const gone = new Set(ids);
      this.#unwritten = this.#unwritten.filter(({ id }) => !gone.has(id));
      for (const id of ids) {
        this.#unchanged.delete(id);
        this.#unforgotten?.add(id);
      }
    }
    await this.#writeWhenDue(now);
  }

  async #writeWhenDue(now: number): Promise<void> {
    if (now < this.#tryAt) return;
    try {
      await this.#write();
      if (this.#message !== '') this.onTrouble('INFO', 'bans are written again');
      this.#message = '';
      this.#tryAt = -Infinity;
    } catch (error) {
      if (this.#message === '') this.onTrouble('ERROR', `ban(s) cannot be written, they are kept and written later: ${messageOf(error)}`);
      this.#message = messageOf(error);
      this.#tryAt = now + TRY_AGAIN;
    }
  }

  async #write(): Promise<void> {
    const forgotten = this.#unforgotten;
    if (forgotten === null || forgotten.size > 0) {
      await this.store.forgetBans(this.jail, forgotten === null ? null : [...forgotten]);
      this.#unforgotten = new Set();
    }
    if (this.#unwritten.length > 0) {
      await this.store.recordBans(this.jail, this.#unwritten);
      this.#unwritten = [];
    }
    if (this.#unchanged.size > 0) {
      await this.store.changeBans(this.jail, [...this.#unchanged.values()]);
      this.#unchanged.clear();
    }
  }
}
